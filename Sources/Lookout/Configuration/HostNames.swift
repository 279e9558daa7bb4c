/// The names that the agent answers to. A page of another site can have its own name point to this machine after the browser has loaded it
/// (DNS rebinding), and could then read everything that the browser reaches; but the browser still says that name in `Host`.
struct HostNames: Sendable, Equatable {
  private let names: Set<String>

  init(_ configuration: Configuration) {
    let own = [configuration.listen.host, (try? WebAddress(configuration.externalURL))?.host].compactMap { $0 }
    names = Set((own + configuration.allowedHosts).map { Self.plain($0[...]) })
  }

  /// - Parameter authority: what `Host` says, with or without a port.
  func include(_ authority: String) -> Bool {
    let host = Self.host(of: authority)
    // Nobody can have an address point elsewhere. Names below localhost are this machine's (RFC 6761).
    if IPAddress(host) != nil || host == "localhost" || host.hasSuffix(".localhost") { return true }
    return names.contains(host)
  }

  /// `Example.com.:9069` → `example.com`, `[::1]:9069` → `::1`
  static func host(of authority: String) -> String {
    if authority.hasPrefix("[") {
      let end = authority.firstIndex(of: "]") ?? authority.endIndex
      let rest = end < authority.endIndex ? authority[authority.index(after: end)...] : ":?"
      return isPort(rest) ? plain(authority[..<end].dropFirst()) : ""
    }
    guard let colon = authority.firstIndex(of: ":") else { return plain(authority[...]) }
    return isPort(authority[colon...]) ? plain(authority[..<colon]) : ""
  }

  /// Letters, digits, hyphens and points, as a browser would send it; or an address.
  static func isName(_ text: String) -> Bool {
    IPAddress(text) != nil
      || !text.isEmpty && text.utf8.count <= 253
        && text.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
          default: false
          }
        }
  }

  /// Nothing, or `:` and digits.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || text.hasPrefix(":") && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func plain(_ name: Substring) -> String {
    let lowercased = name.lowercased()
    return lowercased.hasSuffix(".") ? String(lowercased.dropLast()) : lowercased
  }
}
