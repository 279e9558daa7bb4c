import Foundation

extension Configuration.Listen {
  init(_ node: YAMLNode) throws(ConfigurationError) {
    let text = try node.nonEmptyString()
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
      throw node.error("expected ADDRESS:PORT such as 127.0.0.1:9069, found '\(text.prefix(60))'")
    }
    host = text[..<colon].filter { $0 != "[" && $0 != "]" }
    self.port = port
    guard !host.isEmpty else {
      throw node.error("expected ADDRESS:PORT, with 0.0.0.0 or [::] for all addresses, found '\(text.prefix(60))'")
    }
  }

  /// Nobody but this machine reaches it.
  var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") && IPAddress(host) != nil }

  /// How a browser reaches it: by the machine's own name where it listens on all addresses, for that is no address to go to.
  func origin(encrypted: Bool) -> String {
    let name = ["0.0.0.0", "::"].contains(host) ? Self.ownName : host
    return "\(encrypted ? "https" : "http")://\(name.contains(":") ? "[\(name)]" : name):\(port)"
  }

  /// gethostname(2)
  private static var ownName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The keys that say where the agent listens and to whom it opens.
extension Configuration {
  mutating func readListeners(_ top: YAMLMapping, _ directory: Directory) throws(ConfigurationError) {
    listen = try top["listen"].map { node throws(ConfigurationError) in try Listen(node) } ?? Listen()
    publicListen = try top["public_listen"].map { node throws(ConfigurationError) in try Listen(node) }
    if let node = top["public_listen"], let publicListen, publicListen == listen, listen.port != 0 {
      throw node.error("'listen' has that address already")
    }
    allowedHosts = try top["allowed_hosts"].map { node throws(ConfigurationError) in try Self.hostNames(node) } ?? []
    web = try top["web_config_file"].map { node throws(ConfigurationError) in try WebConfiguration.named(node, in: directory) }
    if externalURL.isEmpty { externalURL = pages(port: listen.port) }
    try refuseUnguarded(top["listen"])
  }

  /// Beyond this machine nobody comes in unasked.
  private func refuseUnguarded(_ node: YAMLNode?) throws(ConfigurationError) {
    guard let node, !listen.isLoopback, web?.guards != true else { return }
    var error = node.error(
      "'\(listen.host.prefix(60))' is not loopback, and nothing guards it: name a 'web_config_file' with TLS or users, "
        + "or let 'public_listen' show /health and /livez alone, or put a proxy in front of 127.0.0.1:\(listen.port)")
    error.missingKey = "web_config_file"
    throw error
  }

  /// Where the pages are, once the port is known.
  func pages(port: Int) -> String {
    Listen(host: listen.host, port: port).origin(encrypted: web?.tls != nil)
  }

  private static func hostNames(_ node: YAMLNode) throws(ConfigurationError) -> [String] {
    try node.list().map { item throws(ConfigurationError) in
      let name = try item.nonEmptyString()
      guard HostNames.isName(name) else { throw item.error("expected a host name without scheme and port, found '\(name.prefix(60))'") }
      return name.lowercased()
    }
  }
}

extension WebConfiguration {
  fileprivate static func named(_ node: YAMLNode, in directory: Directory) throws(ConfigurationError) -> WebConfiguration {
    do {
      return try WebConfiguration(readingFrom: directory.path(try node.nonEmptyString()))
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw node.error("\(error)")
    }
  }
}
