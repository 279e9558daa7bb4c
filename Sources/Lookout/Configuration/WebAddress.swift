import Foundation

/// An absolute `http` or `https` URL without a user in it (secrets have files of their own).
struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  let scheme: String
  let host: String
  /// Path without a slash at its end, and query where there is one.
  let rest: String
  let port: Int?

  struct Mistake: Error {
    let message: String
  }

  init(_ text: String) throws(Mistake) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw Mistake(message: "it holds spaces or control characters") }
    guard let colon = text.firstRange(of: "://") else { throw Mistake(message: "it must begin with http:// or https://") }
    scheme = text[..<colon.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else { throw Mistake(message: "it must begin with http:// or https://") }
    let afterScheme = text[colon.upperBound...]
    let end = afterScheme.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? afterScheme.endIndex
    guard !afterScheme[..<end].contains("@") else { throw Mistake(message: "a user or password does not belong into a URL") }
    (host, port) = try Self.split(authority: afterScheme[..<end])
    guard !afterScheme[end...].contains("#") else { throw Mistake(message: "a fragment (#…) has no meaning here") }
    rest = String(afterScheme[end...].contains("?") ? afterScheme[end...] : afterScheme[end...].trimmingTrailingSlashes)
  }

  /// `https://crm.example.com` + `/web/health`.
  func appending(_ path: String) -> String { description + path }

  var description: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(rest)" }

  /// `scheme://host:port` without path and query, which may hold a token.
  var origin: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }

  /// Whether the host is this machine.
  var isLocal: Bool { host == "localhost" || host.hasPrefix("127.") || host == "[::1]" }

  /// The port, where the host is this machine.
  var localPort: Int? { isLocal ? port ?? (scheme == "https" ? 443 : 80) : nil }

  /// A mistaken URL as an error may show it: scheme and host. What stands before an `@`, in the path and in the query may be a secret.
  static func redacted(_ text: String) -> String {
    let at = text.lastIndex(of: "@")
    let start = at ?? text.firstRange(of: "://")?.upperBound ?? text.startIndex
    let end = text[start...].firstIndex { "/?#".contains($0) } ?? text.endIndex
    return String(((at == nil ? "" : "…") + text[(at ?? text.startIndex)..<end]).prefix(100))
  }

  private static func split(authority: Substring) throws(Mistake) -> (String, Int?) {
    let bracket = authority.lastIndex(of: "]")
    let colon = authority.lastIndex(of: ":").flatMap { colon in bracket.map { colon > $0 } ?? true ? colon : nil }
    let host = authority[..<(colon ?? authority.endIndex)]
    guard !host.isEmpty else { throw Mistake(message: "it names no host") }
    guard isHost(host) else { throw Mistake(message: "its host must be a name or an address, one of IPv6 in brackets") }
    guard let colon else { return (String(host), nil) }
    let digits = authority[authority.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits), (1...65_535).contains(port) else {
      throw Mistake(message: "the port must be a number from 1 to 65535")
    }
    return (String(host), port)
  }

  private static func isHost(_ host: Substring) -> Bool {
    guard host.hasPrefix("[") else { return host.allSatisfy { $0.isLetter || $0.isNumber || ".-_".contains($0) } }
    var address = in6_addr()
    return host.hasSuffix("]") && inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1
  }
}

extension Substring {
  fileprivate var trimmingTrailingSlashes: Substring {
    var text = self
    while text.last == "/" { text.removeLast() }
    return text
  }
}
