import Glibc

/// Types of records that can be asked for (RFC 1035, section 3.2; IANA's DNS parameters).
enum DNSType {
  static let all: [String: UInt16] = [
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "DS": 43, "DNSKEY": 48, "CAA": 257,
    "ANY": 255,
  ]

  static func name(_ type: UInt16) -> String { all.first { $0.value == type }?.key ?? "TYPE\(type)" }
}

/// A message of DNS as far as a probe needs it (RFC 1035, section 4): the question, and what came as its answer.
struct DNSMessage {
  struct Malformed: Error {
    let message: String
  }

  /// By number.
  static let codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]

  let id: UInt16
  let code: Int
  let isTruncated: Bool
  let authorityCount: Int
  let additionalCount: Int
  /// As blackbox_exporter shows them: `example.com.	300	IN	A	192.0.2.1`.
  let answers: [String]
  /// Empty behind a section of more than `recordLimit` records, of which no more are read.
  let authorities: [String]
  let additionals: [String]
  let answerCount: Int

  static let recordLimit = 256

  /// The question for a name; nil where that cannot be one.
  static func query(_ name: String, _ type: UInt16, id: UInt16, asksRecursion: Bool) -> [UInt8]? {
    let labels = name.split(separator: ".")
    guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else { return nil }
    let head = [id, asksRecursion ? 0x0100 : 0, 1, 0, 0, 0].flatMap(\.bytes)
    return head + labels.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0] + type.bytes + UInt16(1).bytes
  }

  init(_ bytes: [UInt8]) throws(Malformed) {
    var reader = DNSReader(bytes)
    id = try reader.number16()
    let flags = try reader.number16()
    guard flags & 0x8000 != 0 else { throw Malformed(message: "it is a question") }
    (code, isTruncated) = (Int(flags & 0xf), flags & 0x0200 != 0)
    let questions = try reader.number16()
    answerCount = Int(try reader.number16())
    authorityCount = Int(try reader.number16())
    additionalCount = Int(try reader.number16())
    guard questions <= 4 else { throw Malformed(message: "it has \(questions) questions") }
    for _ in 0..<questions {
      _ = try reader.name()
      _ = try reader.number16()
      _ = try reader.number16()
    }
    answers = try reader.records(answerCount)
    let isWhole = answers.count == answerCount
    authorities = isWhole ? try reader.records(authorityCount) : []
    additionals = isWhole && authorities.count == authorityCount ? try reader.records(additionalCount) : []
  }
}

/// Reads the fields of a message in their order.
private struct DNSReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func number16() throws(DNSMessage.Malformed) -> UInt16 {
    guard place + 2 <= bytes.count else { throw DNSMessage.Malformed(message: "it breaks off") }
    defer { place += 2 }
    return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
  }

  private mutating func number32() throws(DNSMessage.Malformed) -> UInt32 { UInt32(try number16()) << 16 | UInt32(try number16()) }

  /// A name, whose end may stand elsewhere in the message (section 4.1.4); each jump leads further back, so that it ends.
  mutating func name() throws(DNSMessage.Malformed) -> String {
    var labels: [String] = []
    var at = place
    var end: Int?
    while true {
      guard at < bytes.count, labels.count < 128 else { throw DNSMessage.Malformed(message: "a name in it has no end") }
      let length = Int(bytes[at])
      if length == 0 { break }
      if length & 0xc0 == 0xc0 {
        guard at + 1 < bytes.count else { throw DNSMessage.Malformed(message: "it breaks off") }
        let target = (length & 0x3f) << 8 | Int(bytes[at + 1])
        guard target < at else { throw DNSMessage.Malformed(message: "a name in it leads nowhere") }
        end = end ?? at + 2
        at = target
        continue
      }
      guard length < 64, at + 1 + length <= bytes.count else { throw DNSMessage.Malformed(message: "a name in it is damaged") }
      labels.append(String(decoding: bytes[(at + 1)..<(at + 1 + length)], as: UTF8.self))
      at += 1 + length
    }
    place = end ?? at + 1
    return labels.joined(separator: ".") + "."
  }

  /// A section of so many records, up to the limit.
  mutating func records(_ count: Int) throws(DNSMessage.Malformed) -> [String] {
    var records: [String] = []
    for _ in 0..<min(count, DNSMessage.recordLimit) { records.append(try record()) }
    return records
  }

  private mutating func record() throws(DNSMessage.Malformed) -> String {
    let owner = try name()
    let type = try number16()
    _ = try number16()
    let life = try number32()
    let length = Int(try number16())
    guard place + length <= bytes.count else { throw DNSMessage.Malformed(message: "it breaks off") }
    let end = place + length
    let data = try data(type, end)
    place = end
    return "\(owner)\t\(life)\tIN\t\(DNSType.name(type))\t\(data)"
  }

  private mutating func data(_ type: UInt16, _ end: Int) throws(DNSMessage.Malformed) -> String {
    let raw = Array(bytes[place..<end])
    switch DNSType.name(type) {
    case "A" where raw.count == 4: return raw.map(String.init).joined(separator: ".")
    case "AAAA" where raw.count == 16: return Self.address(raw)
    case "NS", "CNAME", "PTR": return try name()
    case "MX": return "\(try number16()) \(try name())"
    case "SRV": return "\(try number16()) \(try number16()) \(try number16()) \(try name())"
    case "SOA":
      return "\(try name()) \(try name()) \(try number32()) \(try number32()) \(try number32()) \(try number32()) \(try number32())"
    case "TXT": return Self.texts(raw)
    default: return raw.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
  }

  private static func address(_ raw: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard raw.withUnsafeBytes({ inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count)) }) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func texts(_ raw: [UInt8]) -> String {
    var rest = raw[...]
    var texts: [String] = []
    while let length = rest.first {
      texts.append("\"\(String(decoding: rest.dropFirst().prefix(Int(length)), as: UTF8.self))\"")
      rest = rest.dropFirst(1 + Int(length))
    }
    return texts.joined(separator: " ")
  }
}

extension UInt16 {
  fileprivate var bytes: [UInt8] { [UInt8(self >> 8), UInt8(self & 0xff)] }
}
