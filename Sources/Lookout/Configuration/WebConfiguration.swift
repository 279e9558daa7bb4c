/// Who may come in and how: the file that `web_config_file` names, in Prometheus' format
/// (https://prometheus.io/docs/prometheus/latest/configuration/https/), as far as it has a meaning here.
struct WebConfiguration: Sendable, Equatable {
  let file: String
  /// Nil: the pages are served unencrypted.
  var tls: ServerTLS?
  /// By name; empty: everybody may come in.
  var users: [String: PasswordHash] = [:]

  var guards: Bool { tls != nil || !users.isEmpty }

  /// Parts of Prometheus' format that are left out here. Said apart from typing mistakes, for who writes them did not mistype.
  private static let unsupported = [
    "http_server_config", "rate_limit", "cert", "key", "client_ca", "cert_ref", "key_ref", "client_ca_ref", "client_allowed_sans",
    "cipher_suites", "prefer_server_cipher_suites", "curve_preferences",
  ]

  init(readingFrom path: String) throws {
    file = path
    guard let document = try YAMLNode.document(TextFile.read(path, limit: YAMLNode.sizeLimit), file: path) else { return }
    let top = try document.mapping(known: ["tls_server_config", "basic_auth_users"], unsupported: Self.unsupported)
    let directory = Directory(of: path)
    tls = try top["tls_server_config"].map { node throws(ConfigurationError) in
      try ServerTLS(node, directory, unsupported: Self.unsupported)
    }
    users = try top["basic_auth_users"].map { node throws(ConfigurationError) in try Self.users(node) } ?? [:]
  }

  init(file: String, tls: ServerTLS? = nil, users: [String: PasswordHash]) {
    (self.file, self.tls, self.users) = (file, tls, users)
  }

  private static func users(_ node: YAMLNode) throws(ConfigurationError) -> [String: PasswordHash] {
    var users: [String: PasswordHash] = [:]
    for (key, value) in try node.texts() {
      let name = try key.nonEmptyString()
      guard !name.contains(":") else { throw key.error("a user's name cannot hold a colon (RFC 7617)") }
      guard users[name] == nil else { throw key.error("the user stands here a second time") }
      // What stands there instead of a hash may be the password itself: it is not repeated.
      do throws(PasswordHash.Mistake) {
        users[name] = try PasswordHash(try value.scalar)
      } catch {
        throw value.error("the password of '\(name.prefix(60))': \(error.message)")
      }
    }
    return users
  }
}

extension YAMLNode {
  /// The text of a scalar, nothing for what is none.
  fileprivate var scalar: String {
    get throws(PasswordHash.Mistake) {
      guard let text = node.string else { throw PasswordHash.Mistake(message: "expected a bcrypt hash, found no text") }
      return text
    }
  }

  /// The mapping, after a look that it has no key but `known`; one of `unsupported` is named as such.
  func mapping(known: [String], unsupported: [String]) throws(ConfigurationError) -> YAMLMapping {
    if case .mapping(let pairs) = node {
      for (key, _) in pairs {
        guard let name = key.string, unsupported.contains(name), !known.contains(name) else { continue }
        throw YAMLNode(file: file, node: key).error("Lookout does not support '\(name)'; known here: \(known.joined(separator: ", "))")
      }
    }
    return try mapping(known: known)
  }
}
