/// Keeps the words of a message and leaves out the values in it; an ellipsis stands for each.
struct Redaction {
  static let longestInput = 2_048
  /// Bytes.
  static let longestOutput = 300

  private let input: [UInt8]
  private var output: [UInt8] = []
  private var offset = 0
  private var lastWord: ArraySlice<UInt8> = []

  /// Pairs that enclose a literal. Only the first is also an apostrophe.
  private static let quotes = [("'", "'"), ("\"", "\""), ("`", "`"), ("“", "”"), ("«", "»"), ("‘", "’")].map { open, close in
    (open: Array(open.utf8), close: Array(close.utf8))
  }
  /// What PostgreSQL adds with values of the row in it.
  private static let details = ["DETAIL", "Failing row", "LINE 1", "CONTEXT:", "STATEMENT:"].map { Array($0.utf8) }
  private static let secrets = ["password", "passwd", "pwd", "token", "secret", "key", "login", "user"].map { Array($0.utf8) }
  private static let ellipsis = Array("…".utf8)
  /// RFC 5321 4.5.3.1.3.
  private static let longestAddress = 256

  static func redact(_ message: [UInt8]) -> String {
    var redaction = Redaction(message)
    while let end = redaction.nextEnd() {
      redaction.step(to: end)
    }
    return redaction.text
  }

  private init(_ message: [UInt8]) {
    input = String(decoding: message.prefix(Self.longestInput), as: UTF8.self).utf8.map { $0.isControl ? .space : $0 }
  }

  /// Where the value ends that starts here; the offset itself if none does; nil at the end of what may be kept.
  private func nextEnd() -> Int? {
    guard offset < input.count, output.count <= Self.longestOutput, !startsDetail else { return nil }
    return literalEnd ?? assignedEnd ?? addressEnd ?? numberEnd ?? offset
  }

  private mutating func step(to end: Int) {
    if end > offset {
      if output.suffix(Self.ellipsis.count) != Self.ellipsis[...] { output += Self.ellipsis }
      (offset, lastWord) = (end, [])
    } else {
      let end = max(wordEnd, offset + 1)
      if wordEnd > offset { lastWord = input[offset..<end] }
      output += input[offset..<end]
      offset = end
    }
  }

  private var text: String {
    var kept = output[...]
    if kept.count > Self.longestOutput {
      kept = kept.prefix(Self.longestOutput - Self.ellipsis.count)
      while let last = kept.last, last >= 0x80, String(validating: kept, as: UTF8.self) == nil { kept.removeLast() }
      kept += Self.ellipsis
    }
    while kept.last == .space { kept.removeLast() }
    return String(decoding: kept, as: UTF8.self)
  }
}

// MARK: What starts at the offset

extension Redaction {
  private func isWord(_ index: Int) -> Bool { input.indices.contains(index) && (input[index].isLetter || input[index].isDigit) }

  private func starts(_ text: [UInt8], at index: Int) -> Bool { input[index...].starts(with: text) }

  private func end(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
    input[start...].firstIndex { !isPart($0) } ?? input.count
  }

  /// The end of the letters and digits that start here.
  private var wordEnd: Int { end(from: offset) { $0.isLetter || $0.isDigit } }

  private var startsDetail: Bool { !isWord(offset - 1) && Self.details.contains { starts($0, at: offset) } }

  private var literalEnd: Int? {
    guard let quote = Self.quotes.first(where: { starts($0.open, at: offset) }), !isApostrophe else { return nil }
    var index = offset + quote.open.count
    while index < input.count {
      if input[index] == UInt8(ascii: "\\") {
        index += 1
      } else if starts(quote.close, at: index), !isWord(index + quote.close.count) {
        return index + quote.close.count
      }
      index += 1
    }
    return input.count
  }

  /// Within a word, unless all that stands before is a prefix of Python's literals, as in `b'…'`.
  private var isApostrophe: Bool {
    guard input[offset] == UInt8(ascii: "'"), isWord(offset - 1) else { return false }
    return isWord(offset - 2) || !"bBrRuUfF".utf8.contains(input[offset - 1])
  }

  /// The value in `name=value`, and in `password: value`.
  private var assignedEnd: Int? {
    guard offset > 0, input[offset] != .space, input[offset] != UInt8(ascii: "=") else { return nil }
    if input[offset - 1] == UInt8(ascii: "=") {
      guard input[offset] != UInt8(ascii: "(") else { return input[offset...].firstIndex(of: UInt8(ascii: ")")) ?? input.count }
      return end(from: offset) { !$0.isSeparator }
    }
    return followsSecretName ? end(from: offset) { !$0.isSeparator } : nil
  }

  private var followsSecretName: Bool {
    guard lastWord.endIndex < offset, Self.secrets.contains(where: { $0.elementsEqual(lastWord.map { $0 | 0x20 }) }) else { return false }
    let between = input[lastWord.endIndex..<offset]
    return between.contains { $0 == UInt8(ascii: ":") } && between.allSatisfy { $0 == UInt8(ascii: ":") || $0 == .space }
      && input[offset] != UInt8(ascii: ":")
  }

  private var addressEnd: Int? {
    guard offset == 0 || input[offset - 1].isSeparator || "<([:".utf8.contains(input[offset - 1]) else { return nil }
    let end = min(end(from: offset) { $0 != .space && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }, offset + Self.longestAddress)
    return input[offset..<end].contains(UInt8(ascii: "@")) ? end : nil
  }

  /// Numbers of more than three digits, also with points and commas between them, and what machines made up.
  private var numberEnd: Int? {
    guard !isWord(offset - 1), isWord(offset) else { return nil }
    let opaqueEnd = end(from: offset) { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
    if Opaque.isToken(input[offset..<opaqueEnd]) { return opaqueEnd }
    if input[offset..<wordEnd].split(whereSeparator: { !$0.isDigit }).contains(where: { $0.count > 3 }) { return wordEnd }
    let numberEnd = end(from: offset) { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    return input[offset..<numberEnd].count(where: \.isDigit) > 3 ? numberEnd : nil
  }
}

extension UInt8 {
  fileprivate var isSeparator: Bool { self == .space || ",;)]}&".utf8.contains(self) }
}
