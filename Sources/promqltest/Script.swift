import PromQL

/// A script of `load`, `clear` and `eval` commands (Prometheus' promql/promqltest/README.md).
struct Script {
  enum Command {
    case load(Load)
    case clear
    case evaluate(Evaluation)
  }

  struct Load {
    let step: Int64
    /// Whether the buckets of classic histograms are loaded as native histograms as well.
    let withHistograms: Bool
    var series: [LoadedSeries] = []
  }

  struct LoadedSeries {
    let notation: SeriesNotation
    /// When the counting behind each value began, from the value's own time on, in milliseconds; empty where nothing is said.
    var startOffsets: [Int64?] = []
  }

  struct Malformed: Error, CustomStringConvertible {
    let line: Int
    let message: String

    var description: String { "line \(line): \(message)" }
  }

  let commands: [Command]

  /// Throws `Malformed`.
  init(_ text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let trimmed = String(line).trimmingBlanks
      return trimmed.hasPrefix("#") ? "" : trimmed
    }
    var reader = ScriptReader(lines: lines)
    commands = try reader.commands()
  }
}

/// What an expression is to give at some time, or at some times.
struct Evaluation {
  enum Kind {
    case fail, ordered
    case warning(isWanted: Bool)
    case info(isWanted: Bool)
  }

  struct Expectation {
    let kind: Kind
    /// Nil: whatever it says.
    let message: Message?
  }

  enum Message {
    case text(String)
    case pattern(Pattern)

    func matches(_ text: String) -> Bool {
      switch self {
      case .text(let wanted): wanted == text
      case .pattern(let pattern): pattern.matches(text)
      }
    }

    var description: String {
      switch self {
      case .text(let text): text
      case .pattern(let pattern): pattern.text
      }
    }
  }

  /// From 1.
  let line: Int
  let text: String
  let isRange: Bool
  var start: Int64
  var end: Int64
  var step: Int64
  var expectations: [Expectation] = []
  var series: [(labels: Labels, values: [SeriesNotation.Value])] = []
  var scalar: Double?
  var string: String?
  /// Whether an instant query is to give a range vector.
  var givesMatrix = false

  var mustFail: Bool { expectations.contains { if case .fail = $0.kind { true } else { false } } }
  var isOrdered: Bool { expectations.contains { if case .ordered = $0.kind { true } else { false } } }
}

extension String {
  var trimmingBlanks: String {
    var bytes = Substring(self).utf8
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return String(Substring(bytes))
  }

  /// The text up to the first blank, and the rest without the blanks in front.
  var firstWord: (word: String, rest: String) {
    let end = firstIndex { $0 == " " || $0 == "\t" } ?? endIndex
    return (String(self[..<end]), String(self[end...]).trimmingBlanks)
  }
}
