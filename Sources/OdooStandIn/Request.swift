internal import NIOCore
internal import NIOHTTP1

/// A request as it was read, and what is asked of it over and over.
struct Request: Sendable {
  enum Flaw: Sendable { case syntax, tooLarge }

  var method: String
  /// Path and query, as sent.
  var target: String
  var path: String
  var query: [String: String]
  private var headers: HTTPHeaders
  var body: [UInt8] = []
  var address: String
  var flaw: Flaw?

  init(_ head: HTTPRequestHead, from address: String) {
    method = head.method.rawValue
    target = head.uri
    headers = head.headers
    self.address = address
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = Form.decode(parts.first ?? "/")
    query = Form.fields(parts.count > 1 ? parts[1] : "")
  }

  static func unreadable(from address: String) -> Request {
    Request(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), from: address)
  }

  func header(_ name: String) -> String? { headers.first(name: name) }

  var contentType: String {
    let value = header("content-type") ?? ""
    return value.split(separator: ";").first.map { $0.trimming().lowercased() } ?? ""
  }

  var sessionID: String? {
    for header in headers["cookie"] {
      for pair in header.split(separator: ";") {
        let parts = pair.trimming().split(separator: "=", maxSplits: 1)
        if parts.count == 2, parts[0] == "session_id" { return String(parts[1]) }
      }
    }
    return nil
  }
}

/// Percent-encoding, as in a query and in an HTML form.
enum Form {
  static func fields(_ text: some StringProtocol) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first else { continue }
      fields[decode(name)] = parts.count > 1 ? decode(parts[1]) : ""
    }
    return fields
  }

  static func decode(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = [rest.next(), rest.next()].compactMap(\.self)
        if let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), digits.count == 2 {
          bytes.append(value)
        } else {
          bytes += [byte] + digits
        }
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// RFC 3986, section 2.3: everything but the unreserved characters is escaped.
  static func encode(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}

extension StringProtocol {
  func trimming() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
