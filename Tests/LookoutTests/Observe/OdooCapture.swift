import Foundation
import Testing

@testable import Lookout

/// What a real Odoo 17 answered, as it was recorded.
enum OdooCapture {
  static let folder = (RuleData.acceptance?.deletingLastPathComponent())?.appending(path: "odoo/captures")

  /// The answer as the client would have handed it over.
  static func exchange(_ name: String) throws -> HTTPExchange {
    let file = try #require(folder).appending(path: "\(name).txt")
    let bytes = [UInt8](try Data(contentsOf: file))
    let head = String(decoding: section("response headers", of: bytes), as: UTF8.self)
    let lines = head.split(whereSeparator: \.isNewline)
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      line.firstIndex(of: ":").map { (String(line[..<$0]), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces)) }
    }
    let body = section("response body", of: bytes)
    let failure = status == 0 ? TransportFailure(reason: .emptyReply, message: "nothing came") : nil
    let seconds = field("total", of: bytes).flatMap { Double($0) } ?? 0
    return HTTPExchange(
      method: "POST", url: "http://127.0.0.1:8069/", failure: failure, status: status, headers: headers, body: body,
      bodyBytes: field("size", of: bytes).flatMap { Int($0) } ?? body.count, phases: .init(total: seconds))
  }

  private static func section(_ title: String, of bytes: [UInt8]) -> [UInt8] {
    guard let start = bytes.firstRange(of: Array("\n--- \(title)".utf8)) else { return [] }
    let rest = bytes[start.upperBound...]
    guard let line = rest.firstIndex(of: 10) else { return [] }
    let content = rest[(line + 1)...]
    // Of a body the title says how many bytes it has; what follows is the recorder's.
    let title = String(decoding: rest[..<line], as: UTF8.self)
    if let count = Int(title.filter(\.isNumber)) { return Array(content.prefix(count)) }
    return Array(content[..<(content.firstRange(of: Array("\n--- ".utf8))?.lowerBound ?? content.endIndex)])
  }

  /// `size=190` in the second line.
  private static func field(_ name: String, of bytes: [UInt8]) -> String? {
    let line = String(decoding: bytes.split(separator: 10).dropFirst().first ?? [], as: UTF8.self)
    return line.split(separator: " ").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsCaptures: Self { .enabled(if: OdooCapture.folder != nil, Comment(rawValue: RuleData.absence)) }
}

extension HTTPExchange {
  /// An answer that a test makes up.
  static func made(
    _ status: Int = 200, _ body: String = "", type: String = "application/json; charset=utf-8", location: String? = nil,
    etag: String? = nil, cookie: String? = nil, seconds: Double = 0.1, url: String = "http://127.0.0.1:8069/"
  ) -> HTTPExchange {
    let pairs = [("Content-Type", type), ("Location", location), ("ETag", etag), ("Set-Cookie", cookie)] as [(String, String?)]
    let headers = pairs.compactMap { name, value in value.map { (name: name, value: $0) } }
    return HTTPExchange(
      method: "GET", url: url, status: status, headers: headers, body: Array(body.utf8), bodyBytes: body.utf8.count,
      phases: .init(processing: seconds, total: seconds))
  }
}
