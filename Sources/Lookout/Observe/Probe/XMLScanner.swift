/// Goes through XML tag by tag, as far as reading a sheet needs it: elements without their namespace's prefix, attributes, and text. It keeps
/// nothing, knows no entities but the five of XML itself and numbers, and so costs no more than the bytes that it is given.
struct XMLScanner {
  enum Piece {
    case open(name: ArraySlice<UInt8>, attributes: ArraySlice<UInt8>, isEmpty: Bool)
    case close(name: ArraySlice<UInt8>)
    case text(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// Nil at the end, also where the XML breaks off.
  mutating func next() -> Piece? {
    while let first = rest.first {
      guard first == UInt8(ascii: "<") else {
        let text = rest.prefix { $0 != UInt8(ascii: "<") }
        rest = rest[text.endIndex...]
        return .text(text)
      }
      if rest.starts(with: "<![CDATA[".utf8) { return characterData() }
      let isComment = rest.starts(with: "<!--".utf8)
      let isMarkup = isComment || rest.starts(with: "<?".utf8) || rest.starts(with: "<!".utf8)
      guard isMarkup else { return tag() }
      guard skip(past: isComment ? "-->" : ">") else { return nil }
    }
    return nil
  }

  private mutating func characterData() -> Piece? {
    let inside = rest.dropFirst(9)
    guard let end = inside.firstRange(of: Array("]]>".utf8)) else {
      rest = []
      return nil
    }
    rest = rest[end.upperBound...]
    return .text(inside[..<end.lowerBound])
  }

  private mutating func skip(past end: String) -> Bool {
    guard let found = rest.firstRange(of: Array(end.utf8)) else {
      rest = []
      return false
    }
    rest = rest[found.upperBound...]
    return true
  }

  private mutating func tag() -> Piece? {
    var quote: UInt8?
    var end = rest.startIndex + 1
    while end < rest.endIndex, quote != nil || rest[end] != UInt8(ascii: ">") {
      let byte = rest[end]
      if byte == quote { quote = nil } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
      end += 1
    }
    guard end < rest.endIndex else {
      rest = []
      return nil
    }
    var inside = rest[(rest.startIndex + 1)..<end]
    rest = rest[(end + 1)...]
    if inside.first == UInt8(ascii: "/") { return .close(name: Self.name(inside.dropFirst())) }
    let isEmpty = inside.last == UInt8(ascii: "/")
    if isEmpty { inside = inside.dropLast() }
    let whole = inside.prefix { $0 > 0x20 }
    return .open(name: Self.name(whole), attributes: inside[whole.endIndex...], isEmpty: isEmpty)
  }

  private static func name(_ whole: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let name = whole.prefix { $0 > 0x20 }
    return name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
  }

  /// The value of an attribute.
  static func attribute(_ name: String, in attributes: ArraySlice<UInt8>) -> String? {
    var rest = attributes
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
      let found = rest[..<equals].split(whereSeparator: { $0 <= 0x20 }).last ?? []
      let opened = rest[(equals + 1)...].drop { $0 <= 0x20 }
      guard let quote = opened.first, let end = opened.dropFirst().firstIndex(of: quote) else { return nil }
      if found.elementsEqual(name.utf8) { return String(decoding: opened[(opened.startIndex + 1)..<end], as: UTF8.self) }
      rest = rest[(end + 1)...]
    }
    return nil
  }
}
