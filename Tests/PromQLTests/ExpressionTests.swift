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
    "what needs native histograms is refused by name, at its place",
    arguments: [
      ("1 +\n histogram_count(x)", "function \"histogram_count\" needs native histograms, which are not supported", 2),
      ("a </ 1", "operator \"</\" needs native histograms, which are not supported", 3),
    ])
  func unsupported(_ text: String, _ message: String, _ column: Int) {
    let error = refusal(of: text)
    #expect(error?.kind == .unsupported)
    #expect(error?.message == message)
    #expect(error?.column == column)
  }

  @Test(
    "what Prometheus has behind flags is refused unless it is asked for",
    arguments: [
      ("mad_over_time(x[5m])", "function \"mad_over_time\" is not enabled", 1),
      ("limitk(1, x)", "limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions", 1),
      ("x[5m] smoothed", "smoothed modifier is experimental and not enabled", 1),
      ("1 + a + fill(0) b", "binop fill modifiers are experimental and not enabled", 1),
    ])
  func features(_ text: String, _ message: String, _ column: Int) throws {
    let error = refusal(of: text)
    #expect(error?.message == message)
    #expect(error?.column == column)
    _ = try Expression(parsing: text, features: .all)
    #expect(throws: PromQLError.self) { try Expression(parsing: "x[5m+1m]", features: []) }
  }

  @Test(
    "errors say what was expected, where",
    arguments: [
      ("", "no expression found in input", 1, 1), ("a +\n  * b", "unexpected <op:*>", 2, 3),
      ("rate(x)", "expected type range vector in call to function \"rate\", got instant vector", 1, 6),
      ("a{b=c}", "unexpected identifier \"c\" in label matching, expected string", 1, 5), ("(a", "unclosed left parenthesis", 1, 3),
      ("sum by (", "unclosed left parenthesis", 1, 9), ("a{b=~\"(\"}", "error parsing regexp: missing ): (", 1, 3),
      ("nope(x)", "unknown function with name \"nope\"", 1, 1),
      ("x[5q]", "bad number or duration syntax: \"5\"", 1, 3),
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
    func select(_ request: SeriesRequest) throws -> any SeriesSelection { throw Failure() }
  }

  private func failure(of text: String, over source: some SeriesSource, _ limits: EvaluationLimits = .standard) throws -> String {
    let expression = try Expression(parsing: text)
    do throws(EvaluationError) {
      _ = try expression.evaluate(at: 600_000, over: source, options: EvaluationOptions(limits: limits))
      return ""
    } catch {
      return error.description
    }
  }

  @Test("samples are counted over the whole expression")
  func samples() throws {
    try withSeries("a 1x9") { source throws in
      #expect(try failure(of: "count_over_time(a[10m])", over: source, EvaluationLimits(samples: 12)) == "")
      let text = "count_over_time(a[10m]) + count_over_time(a[10m])"
      #expect(try failure(of: text, over: source, EvaluationLimits(samples: 15)).hasSuffix("into memory: more than 15"))
    }
  }

  @Test("a cancelled evaluation ends, and one whose time is over")
  func interruption() throws {
    let source = MemorySource()
    #expect(
      try failure(of: "a", over: source, EvaluationLimits(interruption: { .cancelled })) == "query was canceled in expression evaluation")
    #expect(try failure(of: "a", over: source, EvaluationLimits(interruption: { .timedOut })) == "query timed out in expression evaluation")
  }

  @Test("a source that cannot be read is an error, not an empty answer")
  func source() throws {
    #expect(try failure(of: "absent(a)", over: Broken()).hasPrefix("expanding series"))
  }

  @Test(
    "a hostile query costs its limit",
    arguments: [
      "count_over_time(vector(1)[100y:1ms])", "sum_over_time(sum_over_time(a[100y:1ms])[100y:1ms])",
      "label_join(label_join(label_join(label_join(a,'b','','c','c','c','c','c','c','c','c','c','c'),'c','','b','b','b','b','b','b','b'),"
        + "'b','','c','c','c','c','c','c','c','c','c','c','c'),'c','','b','b','b','b','b','b','b','b','b','b','b')",
    ])
  func hostile(_ text: String) throws {
    let long = String(repeating: "z", count: 5000)
    try withSeries("a{c=\"\(long)\"} 1x9") { source throws in
      #expect(try failure(of: text, over: source, EvaluationLimits(samples: 100_000)).contains("too many samples"))
    }
  }

  @Test("a long label from a short expression is refused before it is made")
  func longLabels() throws {
    try withSeries("a{c=\"\(String(repeating: "z", count: 100_000))\"} 1x9") { source throws in
      let replacement = "label_replace(a, 'b', '\(String(repeating: "$1", count: 50_000))', 'c', '(.*)')"
      let join = "label_join(a, 'b', ''\(String(repeating: ", 'c'", count: 50_000)))"
      for text in [replacement, join] {
        #expect(try failure(of: text, over: source, EvaluationLimits(samples: 1_000_000)).contains("too many samples"))
      }
    }
  }

  @Test(
    "times and lengths at the edge of what fits are no trap",
    arguments: [
      "a", "a[292y]", "a offset 292y", "a @ 9e15", "a @ -9e15 offset -292y", "max_over_time(a[292y:292y])", "a offset -292y", "time()",
      "year()",
    ])
  func edges(_ text: String) throws {
    try withSeries("a 1x9") { source throws in
      let expression = try Expression(parsing: text)
      for time in [Int64.min, .min + 1, -1, 0, .max - 1, .max] {
        _ = try? expression.evaluate(at: time, over: source)
        _ = try? expression.evaluate(from: time, through: .max, step: .max, over: source)
        _ = try? expression.evaluate(from: .min, through: time, step: 1, over: source)
      }
    }
  }

  @Test("the lookback can be set")
  func lookback() throws {
    try withSeries("a 1x9") { source throws in
      let options = EvaluationOptions(lookback: 60_001)
      func count(at time: Int64) throws -> Int {
        guard case .vector(let elements) = try Expression(parsing: "a").evaluate(at: time, over: source, options: options).value else {
          return -1
        }
        return elements.count
      }
      #expect(try count(at: 600_000) == 1)
      #expect(try count(at: 600_001) == 0)
    }
  }

  @Test("a range selector gives the samples of the window, markers left out")
  func ranges() throws {
    try withSeries("a 1 2 stale 4") { source throws in
      guard case .matrix(let series) = try Expression(parsing: "a[3m]").evaluate(at: 180_000, over: source).value else {
        throw CancellationError()
      }
      #expect(series.map(\.samples) == [[Sample(time: 60_000, value: 2), Sample(time: 180_000, value: 4)]])
    }
  }

  @Test("a range query takes no ranges and no strings")
  func rangeTypes() throws {
    for text in ["a[5m]", "\"a\""] {
      let expression = try Expression(parsing: text)
      #expect(throws: EvaluationError.self) { try expression.evaluate(from: 0, through: 60_000, step: 60_000, over: MemorySource()) }
    }
  }
}

/// A source with series in script notation, one a line, a sample every `step` milliseconds from time 0 on.
func withSeries<Result>(_ text: String, step: Int64 = 60_000, _ body: (MemorySource) throws -> Result) throws -> Result {
  var source = MemorySource()
  for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
    let notation = try SeriesNotation(parsing: String(line))
    let samples = notation.values.enumerated().compactMap { index, value -> Sample? in
      if case .number(let number) = value { Sample(time: Int64(index) * step, value: number) } else { nil }
    }
    source.add(Series(labels: notation.labels, samples: samples))
  }
  return try body(source)
}
