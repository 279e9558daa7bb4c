/// A JSON value whose objects keep the order of their members, printed as Python's `json.dumps` prints it.
indirect enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Sendable, Equatable {
    var name: String
    var value: JSON
  }

  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  var int: Int? { if case .int(let value) = self { value } else { nil } }
  var isObject: Bool { if case .object = self { true } else { false } }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
  init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map(Member.init)) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
  init(integerLiteral value: Int) { self = .int(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON {
  var text: String {
    var text = ""
    print(into: &text)
    return text
  }

  private func print(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "0.0"
    case .string(let value): Self.quote(value, into: &text)
    case .array(let values): Self.list(values, "[", "]", into: &text) { $0.print(into: &$1) }
    case .object(let members):
      Self.list(members, "{", "}", into: &text) { member, text in
        Self.quote(member.name, into: &text)
        text += ": "
        member.value.print(into: &text)
      }
    }
  }

  private static func list<T>(_ items: [T], _ open: String, _ close: String, into text: inout String, print: (T, inout String) -> Void) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += ", " }
      print(item, &text)
    }
    text += close
  }

  /// Only ASCII comes out (`ensure_ascii`): anything else as UTF-16 escapes.
  private static func quote(_ value: String, into text: inout String) {
    text += "\""
    for unit in value.utf16 {
      switch unit {
      case 0x22: text += "\\\""
      case 0x5C: text += "\\\\"
      case 0x0A: text += "\\n"
      case 0x0D: text += "\\r"
      case 0x09: text += "\\t"
      case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    text += "\""
  }
}
