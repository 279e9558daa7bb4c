import PromQL

/// A script of `load`, `clear` and `eval` commands in the grammar of Prometheus' promqltest, as far as floats go.
struct Script {
  struct Evaluation {
    let line: Int
    let text: String
    var times: [Int64]
    var isRange: Bool
    var mustFail = false
    /// Has expectations beyond values.
    var isBeyond = false
    var expected: [ScriptSeries] = []
  }

  enum Command {
    case load(step: Int64, [ScriptSeries], withHistograms: Bool)
    case clear
    case evaluate(Evaluation)
  }

  struct Malformed: Error {
    let line: Int
    let text: String
  }

  private(set) var commands: [Command] = []

  init(_ text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let trimmed = String(line).trimmingWhitespace()
      return trimmed.hasPrefix("#") ? "" : trimmed
    }
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard !line.isEmpty else { continue }
      let start = index
      if line != "clear" { while index < lines.count, !lines[index].isEmpty { index += 1 } }
      try add(line, Array(lines[start..<index]), number: start)
    }
  }

  private mutating func add(_ line: String, _ block: [String], number: Int) throws {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    switch words[0] {
    case "clear": commands.append(.clear)
    case "load", "load_with_nhcb":
      guard words.count > 1, let step = Script.milliseconds(words[1]) else { throw Malformed(line: number, text: line) }
      commands.append(.load(step: step, try block.map(ScriptSeries.init), withHistograms: words[0] != "load"))
    case _ where words[0].hasPrefix("eval"): commands.append(.evaluate(try evaluation(line, block, number: number)))
    default: throw Malformed(line: number, text: line)
    }
  }

  private func evaluation(_ line: String, _ block: [String], number: Int) throws -> Evaluation {
    var evaluation: Evaluation
    if let match = line.wholeMatch(of: /eval\w* instant at (\S+)\s+(.+)/), let time = Script.milliseconds(String(match.1)) {
      evaluation = Evaluation(line: number, text: String(match.2), times: [time], isRange: false)
    } else if let match = line.wholeMatch(of: /eval\w* range from (\S+) to (\S+) step (\S+)\s+(.+)/),
      let from = Script.milliseconds(String(match.1)), let to = Script.milliseconds(String(match.2)),
      let step = Script.milliseconds(String(match.3)), step > 0
    {
      evaluation = Evaluation(
        line: number, text: String(match.4), times: Array(stride(from: from, through: to, by: Int64.Stride(step))), isRange: true)
    } else {
      throw Malformed(line: number, text: line)
    }
    evaluation.mustFail = line.hasPrefix("eval_fail")
    for line in block {
      if line.hasPrefix("expect fail") || line.hasPrefix("expected_fail") {
        evaluation.mustFail = true
      } else if line.hasPrefix("expect string") || line.hasPrefix("expect range vector") || line.hasPrefix("expect ordered") {
        evaluation.isBeyond = true
      } else if !line.hasPrefix("expect ") {
        evaluation.expected.append(try ScriptSeries(line))
      }
    }
    return evaluation
  }

  private static func milliseconds(_ text: String) -> Int64? {
    if text.hasPrefix("-") { return milliseconds(String(text.dropFirst())).map { -$0 } }
    return parsePrometheusDuration(text) ?? Double(text).map { Int64(($0 * 1000).rounded()) }
  }
}
