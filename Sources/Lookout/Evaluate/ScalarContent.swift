/// Walks over those characters of a YAML scalar, as written, that are not blank in its value.
struct ScalarContent {
  private enum Style {
    case plain, singleQuoted, doubleQuoted
  }

  private let characters: [Unicode.Scalar]
  private let style: Style
  private(set) var position: Int

  /// Skips an anchor and a tag, the opening quote, or the header line of a block scalar.
  init(_ characters: [Unicode.Scalar], from start: Int) {
    self.characters = characters
    position = start
    var style = Style.plain
    while let first = characters.character(at: position), first == "&" || first == "!" {
      position = characters.index(from: position) { $0.isBlank }
      position = characters.index(from: position) { !$0.isBlank }
    }
    switch characters.character(at: position) {
    case "'": style = .singleQuoted
    case "\"": style = .doubleQuoted
    case "|", ">": position = characters.index(from: position) { $0.breaksLine }
    default: break
    }
    if style != .plain { position += 1 }
    self.style = style
  }

  /// The next character that is not blank, with all that it is written with; nil at the end of the text.
  mutating func next() -> Range<Int>? {
    while let character = characters.character(at: position) {
      let (length, value) = written(character)
      position += length
      if let value, !value.isBlank { return position - length..<position }
    }
    return nil
  }

  /// How many characters stand for the one at `position`, and what it is; nil for an escaped line break, which is nothing.
  private func written(_ character: Unicode.Scalar) -> (Int, Unicode.Scalar?) {
    switch (style, character) {
    case (.singleQuoted, "'"): (2, "'")
    case (.doubleQuoted, "\\"): escaped()
    default: (1, character)
    }
  }

  /// YAML 1.1, section 5.6.
  private func escaped() -> (Int, Unicode.Scalar?) {
    guard let kind = characters.character(at: position + 1) else { return (1, "\\") }
    switch kind {
    case "x": return (4, numbered(2))
    case "u": return (6, numbered(4))
    case "U": return (10, numbered(8))
    case "n", "t", "r", "N", "L", "P", " ", "\t": return (2, " ")
    default: return (2, kind.breaksLine ? nil : kind)
    }
  }

  private func numbered(_ digits: Int) -> Unicode.Scalar? {
    let start = min(position + 2, characters.count)
    let text = characters[start..<min(start + digits, characters.count)]
    return UInt32(String(String.UnicodeScalarView(text)), radix: 16).flatMap(Unicode.Scalar.init)
  }
}

extension [Unicode.Scalar] {
  fileprivate func character(at index: Int) -> Unicode.Scalar? {
    indices.contains(index) ? self[index] : nil
  }

  fileprivate func index(from start: Int, where isWanted: (Unicode.Scalar) -> Bool) -> Int {
    self[Swift.min(start, count)...].firstIndex(where: isWanted) ?? count
  }
}
