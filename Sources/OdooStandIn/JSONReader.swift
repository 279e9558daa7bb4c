/// Reads JSON (RFC 8259) from bytes; `nil` for anything that is not JSON, and for what is nested deeper than a request ever is.
struct JSONReader {
  private static let deepest = 64

  private let bytes: [UInt8]
  private var at = 0

  static func read(_ bytes: [UInt8]) -> JSON? {
    var reader = JSONReader(bytes: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipSpace()
    return reader.next == nil ? value : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ byte: Character) -> Bool {
    guard let next, next == byte.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { at += 1 }
  }

  private mutating func value(depth: Int) -> JSON? {
    guard depth < Self.deepest else { return nil }
    skipSpace()
    switch next.map({ Character(Unicode.Scalar($0)) }) {
    case "{": return object(depth: depth)
    case "[": return array(depth: depth)
    case "\"": return string().map(JSON.string)
    case "t": return word("true", .bool(true))
    case "f": return word("false", .bool(false))
    case "n": return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ word: String, _ value: JSON) -> JSON? {
    guard bytes[at...].starts(with: word.utf8) else { return nil }
    at += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) -> JSON? {
    var members: [JSON.Member] = []
    at += 1
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\""), let name = string() else { return nil }
      skipSpace()
      guard take(":"), let value = value(depth: depth + 1) else { return nil }
      members.append(JSON.Member(name: name, value: value))
      skipSpace()
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSON? {
    var values: [JSON] = []
    at += 1
    skipSpace()
    if take("]") { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      skipSpace()
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  private mutating func number() -> JSON? {
    let start = at
    while let next, "+-.eE0123456789".utf8.contains(next) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let value = Int(text) { return .int(value) }
    guard let value = Double(text), value.isFinite else { return nil }
    return .number(value)
  }

  private mutating func string() -> String? {
    at += 1
    var units: [UInt16] = []
    var start = at
    func run(to end: Int) -> String.UTF16View { String(decoding: bytes[start..<end], as: UTF8.self).utf16 }
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        units += run(to: at)
        at += 1
        return String(decoding: units, as: UTF16.self)
      case UInt8(ascii: "\\"):
        units += run(to: at)
        guard let unit = escape() else { return nil }
        units.append(unit)
        start = at
      case 0..<0x20: return nil
      default: at += 1
      }
    }
    return nil
  }

  private mutating func escape() -> UInt16? {
    at += 1
    guard let byte = next else { return nil }
    at += 1
    switch Character(Unicode.Scalar(byte)) {
    case "n": return 0x0A
    case "r": return 0x0D
    case "t": return 0x09
    case "b": return 0x08
    case "f": return 0x0C
    case "\"", "\\", "/": return UInt16(byte)
    case "u":
      guard at + 4 <= bytes.count else { return nil }
      defer { at += 4 }
      return UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    default: return nil
    }
  }
}
