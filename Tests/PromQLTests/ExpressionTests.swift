import Foundation
import PromQL
import Testing

@Suite("reading expressions")
struct ExpressionTests {
  private func refusal(of text: String) -> PromQLError? {
    do throws(PromQLError) {
      _ = try Expression(parsing: text)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "the canonical form is Prometheus'",
    arguments: [
      ("sum  by(b , a)( rate( x { c = 'd' , a!=\"\" } [ 90s ] ) )", #"sum by (b, a) (rate(x{a!="",c="d"}[1m30s]))"#),
      ("a+b*-c^2", "a + b * -c ^ 2"), ("(a)and on()b", "(a) and on () b"), ("- 1 + +x", "-1 + +x"),
      ("1e6 + 0x10 + 5m", "1000000 + 16 + 5m"),
      ("SUM(x) WITHOUT(l)", "sum without (l) (x)"), ("a > Bool ignoring(x) group_left b", "a > bool ignoring (x) group_left () b"),
      ("inf or vector(nan)", ""), (#"{"a.b",c=~`\d`}"#, #"{__name__="a.b",c=~"\\d"}"#), ("'it''s'", ""), (#"'a\'b'"#, #""a'b""#),
    ])
  func canonical(_ text: String, _ printed: String) {
    let expression = try? Expression(parsing: text)
    #expect(expression?.description ?? "" == printed)
  }

  @Test(
    "what is not supported is refused by name, at its place",
    arguments: [
      ("sum(x offset 5m)", "offset modifier is not supported", 7), ("x @ 5", "@ modifier is not supported", 3),
      ("max_over_time(x[1h:5m])", "subquery is not supported", 16),
      ("1 +\n histogram_quantile(0.9, x)", "function \"histogram_quantile\" is not supported", 2),
      ("topk(3, x)", "aggregation \"topk\" is not supported", 1), ("a atan2 b", "operator \"atan2\" is not supported", 3),
      ("x[5m+1m]", "duration expression is not supported", 3), ("a + fill(0) b", "fill modifier is not supported", 5),
      ("x[5m] smoothed", "smoothed modifier is not supported", 7), ("a </ 1", "operator \"</\" is not supported", 3),
    ])
  func unsupported(_ text: String, _ message: String, _ column: Int) {
    let error = refusal(of: text)
    #expect(error?.kind == .unsupported)
    #expect(error?.message == message)
    #expect(error?.column == column)
  }

  @Test(
    "errors say what was expected, where",
    arguments: [
      ("", "no expression found in input", 1, 1), ("a +\n  * b", "unexpected <op:*>", 2, 3),
      ("rate(x)", "expected type range vector in call to function \"rate\", got instant vector", 1, 6),
      ("a{b=c}", "unexpected identifier \"c\" in label matching, expected string", 1, 5), ("(a", "unclosed left parenthesis", 1, 3),
      ("sum by (", "unclosed left parenthesis", 1, 9), ("a{b=~\"(\"}", "error parsing regexp: missing ): (", 1, 3),
      ("nope(x)", "unknown function with name \"nope\"", 1, 1),
      ("x[5q]", "bad number or duration syntax: \"5q\"", 1, 3),
      ("{a=\"\"}", "vector selector must contain at least one non-empty matcher", 1, 1),
      ("abs()", "expected 1 argument(s) in call to \"abs\", got 0", 1, 1), ("$", "unexpected character: '$'", 1, 1),
      ("\"é\" é", "unexpected character: 'é'", 1, 6),
    ])
  func errors(_ text: String, _ message: String, _ line: Int, _ column: Int) {
    let error = refusal(of: text)
    #expect(error?.kind != .unsupported)
    #expect(error?.message == message)
    #expect(error.map { [$0.line, $0.column] } == [line, column])
  }

  @Test("an expression tells its selectors, names as matchers")
  func selectors() throws {
    let expression = try Expression(parsing: "sum(rate(a{x=~\"y\"}[5m])) / on () {__name__=\"b\"} > 1")
    #expect(expression.selectors.map { $0.map(\.description) } == [[#"x=~"y""#, #"__name__="a""#], [#"__name__="b""#]])
    #expect(expression.type == .vector)
    #expect(try Expression(parsing: "1 + time()").type == .scalar)
    #expect(try Expression(parsing: "x[5m]").type == .matrix)
    #expect(try Expression(parsing: "'x'").type == .string)
  }

  @Test("the deepest expression fits a quarter of the usual stack, even without optimisation")
  func stack() {
    let finished = DispatchSemaphore(value: 0)
    let thread = Thread {
      for (open, close) in [("(", ")"), ("-", ""), ("abs(", ")"), ("1+", "")] {
        let text = String(repeating: open, count: 126) + "vector(1)" + String(repeating: close, count: 126)
        let expression = try? Expression(parsing: text)
        _ = expression?.description
        _ = try? expression?.evaluate(at: 0, over: MemorySource())
      }
      finished.signal()
    }
    thread.stackSize = 2 << 20
    thread.start()
    finished.wait()
  }
}

@Suite("limits of an evaluation")
struct LimitTests {
  private struct Broken: SeriesSource {
    struct Failure: Error {}
    func series(matching matchers: [LabelMatcher], after: Int64, through: Int64) throws -> [Series] { throw Failure() }
  }

  private func failure(of text: String, over source: some SeriesSource, _ limits: EvaluationLimits = .standard) throws -> String {
    let expression = try Expression(parsing: text)
    do throws(EvaluationError) {
      _ = try expression.evaluate(at: 600_000, over: source, limits: limits)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("samples are counted over the whole expression")
  func samples() throws {
    try withSeries("a 1x9") { source throws in
      #expect(try failure(of: "count_over_time(a[10m])", over: source, EvaluationLimits(samples: 10)) == "")
      let text = "count_over_time(a[10m]) + count_over_time(a[10m])"
      #expect(try failure(of: text, over: source, EvaluationLimits(samples: 15)) == "query touches more than 15 samples")
    }
  }

  @Test("a cancelled evaluation ends")
  func cancellation() throws {
    #expect(try failure(of: "a", over: MemorySource(), EvaluationLimits(isCancelled: { true })) == "query was cancelled")
  }

  @Test("a source that cannot be read is an error, not an empty answer")
  func source() throws {
    #expect(try failure(of: "absent(a)", over: Broken()).hasPrefix("series could not be read"))
  }

  @Test("the lookback can be set")
  func lookback() throws {
    try withSeries("a 1x9") { source throws in
      let limits = EvaluationLimits(lookback: 60_001)
      guard case .vector(let elements) = try Expression(parsing: "a").evaluate(at: 600_000, over: source, limits: limits) else {
        throw CancellationError()
      }
      #expect(elements.count == 1)
      guard case .vector(let none) = try Expression(parsing: "a").evaluate(at: 600_001, over: source, limits: limits) else {
        throw CancellationError()
      }
      #expect(none.isEmpty)
    }
  }

  @Test("series that end up with the same labels are an error that says so")
  func duplicates() throws {
    try withSeries("a 1x9\nb 1x9") { source throws in
      #expect(try failure(of: "-{__name__=~\"a|b\"}", over: source) == "vector cannot contain metrics with the same labelset")
    }
  }

  @Test("a range selector gives the samples of the window, markers left out")
  func ranges() throws {
    try withSeries("a 1 2 stale 4") { source throws in
      guard case .matrix(let series) = try Expression(parsing: "a[3m]").evaluate(at: 180_000, over: source) else {
        throw CancellationError()
      }
      #expect(series.map(\.samples) == [[Sample(time: 60_000, value: 2), Sample(time: 180_000, value: 4)]])
    }
  }
}
