/// Writes JSON whose bytes depend on nothing but the value: keys in the order given, or of their bytes.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  mutating func object(_ members: [(name: String, write: (inout JSONText) -> Void)]) {
    list(members, "{", "}") { text, member in
      text.string(member.name)
      text.append(":")
      member.write(&text)
    }
  }

  mutating func object(_ members: [String: String]) {
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    list(sorted, "{", "}") { text, member in
      text.string(member.key)
      text.append(":")
      text.string(member.value)
    }
  }

  mutating func array<Element>(_ elements: [Element], _ write: (inout JSONText, Element) -> Void) {
    list(elements, "[", "]", write)
  }

  mutating func number(_ value: Int) {
    append(String(value))
  }

  /// Without a fraction where there is none.
  mutating func seconds(_ milliseconds: Int64) {
    let (whole, rest) = (milliseconds.magnitude / 1000, milliseconds.magnitude % 1000)
    append(milliseconds < 0 ? "-" : "", String(whole))
    guard rest > 0 else { return }
    append(rest < 10 ? ".00" : rest < 100 ? ".0" : ".", String(rest))
  }

  /// What is JSON already.
  mutating func raw(_ json: String) { append(json) }

  mutating func flag(_ value: Bool) {
    append(value ? "true" : "false")
  }

  /// Escapes what RFC 8259, section 7 demands, and nothing else.
  mutating func string(_ value: String) {
    append("\"")
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0a: append("\\n")
      case 0x0d: append("\\r")
      case 0x09: append("\\t")
      case ..<0x20: append(byte < 0x10 ? "\\u000" : "\\u00", String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    append("\"")
  }

  static func quoted(_ value: String) -> String {
    var text = JSONText()
    text.string(value)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  private mutating func append(_ parts: String...) {
    for part in parts { bytes.append(contentsOf: part.utf8) }
  }

  private mutating func list<Element>(
    _ elements: [Element], _ start: String, _ end: String, _ write: (inout JSONText, Element) -> Void
  ) {
    append(start)
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      write(&self, element)
    }
    append(end)
  }
}
