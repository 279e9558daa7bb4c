/// Why an expression was not accepted, and where.
public struct PromQLError: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The text is no PromQL.
    case syntax
    /// The parts do not fit each other.
    case type
    /// Valid PromQL, or the start of it, that this engine does not evaluate; the message names the construct.
    case unsupported
  }

  public let kind: Kind
  public let message: String
  /// UTF-8 bytes before the place, from 0 to the length of the text.
  public let offset: Int
  /// From 1.
  public let line: Int
  /// From 1, in UTF-8 bytes, as Prometheus counts.
  public let column: Int

  init(_ kind: Kind, _ message: String, at offset: Int, in text: [UInt8]) {
    self.kind = kind
    self.message = message
    self.offset = min(max(0, offset), text.count)
    let before = text[..<self.offset]
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    column = self.offset - lineStart + 1
  }
}

extension PromQLError: CustomStringConvertible {
  public var description: String { "\(line):\(column): parse error: \(message)" }
}

/// Why a part of the text is refused, before the text is at hand to count lines in.
struct Refusal: Error {
  let kind: PromQLError.Kind
  let message: String
  let offset: Int
  /// Whether it is about a token that came where another was wanted.
  var isUnexpected = false

  static func syntax(_ message: String, at offset: Int) -> Refusal {
    Refusal(kind: .syntax, message: message, offset: offset)
  }

  static func type(_ message: String, at offset: Int) -> Refusal {
    Refusal(kind: .type, message: message, offset: offset)
  }

  static func unsupported(_ construct: String, at offset: Int) -> Refusal {
    Refusal(kind: .unsupported, message: "\(construct) not supported", offset: offset)
  }
}
