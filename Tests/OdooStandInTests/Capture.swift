import Foundation

/// A recorded exchange with a real Odoo 17.
struct Capture: Sendable {
  static let directory =
    (ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"].map { URL(fileURLWithPath: $0) }
    ?? URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("../../../shared")
    .standardizedFileURL).appendingPathComponent("odoo/captures")

  static var arePresent: Bool { FileManager.default.fileExists(atPath: directory.path) }

  var name: String
  var request: String
  var requestBody: String
  var response: Client.Response

  init(_ name: String) throws {
    self.name = name
    let text = String(decoding: try Data(contentsOf: Self.directory.appendingPathComponent("\(name).txt")), as: UTF8.self)
      .replacingOccurrences(of: "\r\n", with: "\n")
    let sections = text.components(separatedBy: "\n--- ")
    func section(_ title: String) -> String {
      guard let section = sections.first(where: { $0.hasPrefix(title) }), let end = section.range(of: "\n") else { return "" }
      return String(section[end.upperBound...])
    }
    let parts = section("request").components(separatedBy: "\n\n")
    request = parts[0].trimmingCharacters(in: .newlines)
    requestBody = parts.dropFirst().joined(separator: "\n\n").trimmingCharacters(in: .newlines)
    let head = section("response headers").trimmingCharacters(in: .newlines).replacingOccurrences(of: "\n", with: "\r\n")
    response = Client.Response(bytes: Array("\(head)\r\n\r\n\(section("response body"))".utf8))
  }

  /// The same request again, with another session where it had one.
  func replay(to client: Client, session: String?) async -> Client.Response {
    let lines = request.components(separatedBy: "\n").filter { !$0.hasPrefix("Content-Length") && !$0.hasPrefix("Cookie") }
    let hadCookie = request.contains("Cookie: session_id")
    let cookie = hadCookie ? "Cookie: session_id=\(session ?? "0123456789012345678901234567890123456789")\r\n" : ""
    let head = lines.joined(separator: "\r\n") + "\r\n\(cookie)Content-Length: \(requestBody.utf8.count)\r\n\r\n"
    return await client.send(head + requestBody)
  }
}

/// What of a JSON value another has to share: the kinds of its values and the names of its members, the first element for all of an array.
enum Shape {
  /// Objects whose members are data.
  private static let open = ["reasons_breakdown", "monthly_revenue", "allowed_companies"]

  static func differences(_ captured: Any?, _ ours: Any?, at path: String = "") -> [String] {
    switch (captured, ours) {
    case (let captured as [String: Any], let ours as [String: Any]):
      if open.contains(where: path.hasSuffix) { return [] }
      let missing = Set(captured.keys).subtracting(ours.keys).sorted().map { "\(path).\($0) is missing" }
      let extra = Set(ours.keys).subtracting(captured.keys).sorted().map { "\(path).\($0) is not in the capture" }
      return missing + extra + captured.flatMap { name, value in ours[name].map { differences(value, $0, at: "\(path).\(name)") } ?? [] }
    case (let captured as [Any], let ours as [Any]):
      guard let first = captured.first, let own = ours.first else { return [] }
      return differences(first, own, at: "\(path)[0]")
    default:
      return kind(captured) == kind(ours) || isEmpty(captured) || isEmpty(ours) ? [] : ["\(path) is \(kind(ours)), not \(kind(captured))"]
    }
  }

  /// Odoo says `false` for what is not set.
  private static func isEmpty(_ value: Any?) -> Bool { value is NSNull || (value as? Bool) == false }

  private static func kind(_ value: Any?) -> String {
    switch value {
    case is String: "string"
    case is [Any]: "array"
    case is [String: Any]: "object"
    case is NSNumber: "number"
    default: "nothing"
    }
  }
}
