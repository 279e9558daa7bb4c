/// Reads JSON (RFC 8259) from bytes that are valid UTF-8. Of a name that an object has twice the last one counts.
struct JSONReader {
  /// Deeper than any answer of Odoo, and shallow enough for any stack.
  static let depthLimit = 128

  private let bytes: [UInt8]
  private var place = 0

  /// Nil for anything but one whole value.
  static func value(in bytes: [UInt8]) -> JSONValue? {
    var reader = JSONReader(bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    return reader.place == bytes.count ? value : nil
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
  }

  /// Whether that byte comes next, past blanks; it is passed over.
  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth < Self.depthLimit else { return nil }
    switch next {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return text().map(JSONValue.text)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[place...].starts(with: word.utf8) else { return nil }
    place += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) -> JSONValue? {
    place += 1
    var members: [String: JSONValue] = [:]
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\""), let name = text(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
      members[name] = value
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func list(depth: Int) -> JSONValue? {
    place += 1
    var values: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .list(values) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .list(values) : nil
  }

  /// A number that is larger than any Double is infinite.
  private mutating func number() -> JSONValue? {
    let digits = bytes[place...].prefix { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."), digits.count <= 512 else { return nil }
    guard let number = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
    place = digits.endIndex
    return .number(number)
  }

  private mutating func text() -> String? {
    place += 1
    var unescaped: [UInt8] = []
    var start = place
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        defer { place += 1 }
        return String(decoding: unescaped + bytes[start..<place], as: UTF8.self)
      }
      // RFC 8259, section 7: control characters must be escaped.
      guard byte >= 0x20 else { return nil }
      place += 1
      guard byte == UInt8(ascii: "\\") else { continue }
      unescaped += bytes[start..<(place - 1)]
      guard let character = escaped() else { return nil }
      unescaped += Array(String(character).utf8)
      start = place
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "u"): return unicode()
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    default: return nil
    }
  }

  /// Half of a surrogate pair becomes U+FFFD.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let high = hexadecimal() else { return nil }
    guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? "\u{fffd}" }
    let after = place
    guard word("\\u", .null) != nil, let low = hexadecimal(), (0xdc00..<0xe000).contains(low) else {
      place = after
      return "\u{fffd}"
    }
    return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
  }

  private mutating func hexadecimal() -> UInt32? {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4, let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    place += 4
    return number
  }
}
