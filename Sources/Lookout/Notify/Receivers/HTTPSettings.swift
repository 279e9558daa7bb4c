import Foundation

/// What `http_config` says of a webhook's requests.
struct HTTPSettings: Sendable {
  /// `Authorization`, from whatever it is made of; each time anew, for a token in a file may change.
  enum Credentials: Sendable {
    case basic(user: Secret, password: Secret?)
    case scheme(String, Secret)
  }

  var credentials: Credentials?
  /// Of `http_headers`; a name may stand there more than once.
  var headers: [(name: String, value: Secret)] = []
  var tls = TLSSettings()
  /// There may be a password in it.
  var proxy: Secret?
  var noProxy: String?
  /// Settings that were read and are not followed.
  var unsupported: [String] = []

  init() {}

  /// Of a node that has been checked.
  init(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) {
    guard !node.isNull else { return }
    let section = try node.mapping(known: SettingSection.http.keys.keys.sorted())
    credentials = try Self.credentials(section, directory)
    if let node = section["http_headers"], !node.isNull { headers = try Self.headers(node, directory) }
    if section.holds("proxy_url") { proxy = try section["proxy_url"].map { node throws(ConfigurationError) in .text(try node.string()) } }
    if section.holds("no_proxy") { noProxy = try section["no_proxy"]?.string() }
    unsupported = ["oauth2", "proxy_connect_header"].filter(section.holds)
    if let node = section["tls_config"], !node.isNull { try readTLS(node, directory) }
  }

  private mutating func readTLS(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) {
    let section = try node.mapping(known: SettingSection.tls.keys.keys.sorted())
    func path(_ key: String) throws(ConfigurationError) -> String? {
      guard section.holds(key) else { return nil }
      return try section[key].map { node throws(ConfigurationError) in directory.path(try node.string()) }
    }
    tls.trustFile = try path("ca_file")
    tls.certificateFile = try path("cert_file")
    tls.keyFile = try path("key_file")
    if section.holds("server_name") { tls.serverName = try section["server_name"]?.string() }
    tls.verifiesServer = try !(section["insecure_skip_verify"]?.flag() ?? false)
    tls.oldestVersion = try TLSSettings.Version(rawValue: section["min_version"]?.string() ?? "") ?? .usual
    let unknown = ["ca", "cert", "key", "ca_ref", "cert_ref", "key_ref", "max_version"]
    unsupported += unknown.filter(section.holds).map { "tls_config: \($0)" }
  }

  private static func credentials(_ section: YAMLMapping, _ directory: Directory) throws(ConfigurationError) -> Credentials? {
    if let node = section["basic_auth"], !node.isNull {
      let basic = try node.mapping(known: SettingSection.basicAuthentication.keys.keys.sorted())
      let user = try basic.secret("username", "username_file", directory) ?? .text("")
      return .basic(user: user, password: try basic.secret("password", "password_file", directory))
    }
    if let node = section["authorization"], !node.isNull {
      let given = try node.mapping(known: SettingSection.authorization.keys.keys.sorted())
      let scheme = given.holds("type") ? try given.required("type").string() : "Bearer"
      return try given.secret("credentials", "credentials_file", directory).map { .scheme(scheme, $0) }
    }
    return try section.secret("bearer_token", "bearer_token_file", directory).map { .scheme("Bearer", $0) }
  }

  private static func headers(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> [(name: String, value: Secret)] {
    var headers: [(name: String, value: Secret)] = []
    for (key, value) in try node.texts() {
      let name = try key.string()
      guard name.isHeaderName else { throw key.error("'\(name.prefix(60))' cannot be the name of a header") }
      let lists = try value.mapping(known: ["values", "secrets", "files"])
      for list in ["values", "secrets", "files"] {
        guard let items = lists[list], !items.isNull else { continue }
        for item in try items.list() {
          let text = try item.string()
          guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { throw item.error("a header is one line") }
          headers.append((name, list == "files" ? .file(directory.path(text)) : .text(text)))
        }
      }
    }
    return headers
  }

  /// What a request takes along of the secrets.
  struct Revealed: Sendable {
    var headers: [(name: String, value: String)]
    var proxy: String?
  }

  /// Throws where a secret's file cannot be read.
  func revealed() throws -> Revealed {
    var lines = try headers.map { ($0.name, try $0.value.reveal()) }
    switch credentials {
    case .basic(let user, let password)?:
      let pair = "\(try user.reveal()):\(try password?.reveal() ?? "")"
      lines.append(("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
    case .scheme(let scheme, let secret)?: lines.append(("Authorization", "\(scheme) \(try secret.reveal())"))
    case nil: break
    }
    return Revealed(headers: lines, proxy: try proxy?.reveal())
  }
}

extension YAMLMapping {
  /// A value that stands here itself, or in a file.
  fileprivate func secret(_ key: String, _ fileKey: String, _ directory: Directory) throws(ConfigurationError) -> Secret? {
    if holds(fileKey), let file = self[fileKey] { return .file(directory.path(try file.string())) }
    return holds(key) ? try self[key].map { node throws(ConfigurationError) in .text(try node.string()) } : nil
  }
}

extension String {
  /// RFC 9110, section 5.1: a token.
  fileprivate var isHeaderName: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
