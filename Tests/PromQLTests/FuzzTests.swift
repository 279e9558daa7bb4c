import PromQL
import Testing

@testable import promqltest

@Suite("hostile expressions")
struct FuzzTests {
  private static let seeds = [
    "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) / on (job) group_left (team) avg without (instance) (up) > bool 0.5",
    "absent(up{job=\"odoo\", instance!~'a.*'}) or vector(1) unless on () clamp_max(x, 1e3) # end",
    "topk by (code) (2, sum_over_time(rate(a[2m] @ end())[5m:30s] offset 1m)) or info(label_replace(a, 'x', '$1', 'job', '(.).*'))",
    "histogram_quantile(0.9, b{le=~'.+'}) + fill_left(1) on (job) quantile_over_time(0.5, a[(1m + step()) * 2] smoothed) atan2 sort_desc(b)",
    "max_over_time(a[1h30m]) - -b ^ 2 % 0x1F and ignoring (l) changes({__name__=`x\\y`, \"a.b\"!=\"\\u00e9\\xff\"}[90])",
  ]

  private static let pieces = [
    "(", ")", "{", "}", "[", "]", ",", "\"", "'", "`", "\\", "=~", "!~", "==", "=", "^", "-", "offset 5m", "@ 1", "[5m:1m]", "by (", "on(",
    "bool ",
    "\0", "\r\n", "é", "\u{1F600}", "1e", "0x", "5mm", "Inf", "#", ":", ".", "rate(", "sum(", "fill(", "\u{FFFD}", "*+", "(a|b", "[[",
    "\\x", "\\u",
  ]

  /// Reads and, where that works, prints, reads again and evaluates.
  private func exercise(_ text: String, _ source: MemorySource) {
    do throws(PromQLError) {
      let expression = try Expression(parsing: text, features: .all)
      let again = try Expression(parsing: expression.description, features: .all)
      #expect(again.description == expression.description, "\(text)")
      _ = try? expression.evaluate(at: 600_000, over: source)
      _ = try? expression.evaluate(at: .min, over: source)
      _ = try? expression.evaluate(
        from: 0, through: 600_000, step: 70_000, over: source, options: EvaluationOptions(delaysNameRemoval: true))
      #expect((try? Expression(parsing: expression.pretty, features: .all))?.pretty == expression.pretty, "\(text)")
    } catch {
      let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
      #expect((0...text.utf8.count).contains(error.offset) && (1...lines).contains(error.line) && error.column >= 1, "\(text): \(error)")
      #expect(!error.message.isEmpty)
    }
  }

  @Test("random bytes are an error with a place in the text", arguments: [1, 2, 3] as [UInt64])
  func randomBytes(_ seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      exercise(String(decoding: bytes, as: UTF8.self), MemorySource())
    }
  }

  @Test("mutated expressions never crash, and what is accepted prints to something that reads the same", arguments: [4, 5, 6] as [UInt64])
  func mutations(_ seed: UInt64) throws {
    try withSeries("up{job=\"odoo\"} 1x10\na 1+1x10\nb 0 5 2 NaN _ stale 7\nhttp_requests_total{job=\"odoo\",code=\"500\"} 0+3x10") {
      source in
      var generator = SeededGenerator(state: seed)
      for round in 0..<2000 {
        var scalars = Array(Self.seeds[round % Self.seeds.count].unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&scalars, using: &generator) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        exercise(String(text), source)
      }
    }
  }

  private func mutate(_ scalars: inout [Unicode.Scalar], using generator: inout SeededGenerator) {
    let place = Int.random(in: 0...scalars.count, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...6, using: &generator)))
    case 1: scalars.removeSubrange(place...)
    case 2: scalars.insert(contentsOf: scalars[place..<min(scalars.count, place + 12)], at: place)
    default: scalars.insert(contentsOf: (Self.pieces.randomElement(using: &generator) ?? "").unicodeScalars, at: place)
    }
  }

  @Test(
    "depth is an error, not a stack overflow",
    arguments: [
      ("(", "1", ")"), ("-", "a", ""), ("1+", "1", ""), ("2^", "2", ""), ("sum(", "a", ")"), ("abs(-", "a", ")"), ("a or ", "b", ""),
    ])
  func depth(_ open: String, _ inside: String, _ close: String) {
    for count in [100, 126, 129, 100_000 / open.utf8.count] {
      exercise(String(repeating: open, count: count) + inside + String(repeating: close, count: count), MemorySource())
    }
    let deep = String(repeating: open, count: 100_000 / open.utf8.count) + inside
    #expect(throws: PromQLError.self) { try Expression(parsing: deep) }
  }

  @Test("an expression of more than a mebibyte is refused")
  func length() {
    #expect(throws: PromQLError.self) { try Expression(parsing: "a{b=\"" + String(repeating: "x", count: 1 << 20) + "\"}") }
  }

  @Test("a hostile regular expression is refused or costs little")
  func regularExpressions() throws {
    #expect(throws: PromQLError.self) { try Expression(parsing: "{a=~\"((a{1,100}){1,100}){1,100}\"}") }
    let matcher = try LabelMatcher("a", .matches, "(a*)*b")
    #expect(!matcher.matches(["a": String(repeating: "a", count: 100_000)]))
  }
}
