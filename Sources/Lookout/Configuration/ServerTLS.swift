import NIOSSL

/// How the pages are encrypted: Prometheus' `tls_server_config`.
struct ServerTLS: Sendable, Equatable {
  /// Go's `tls.ClientAuthType`, but for those that ask for a certificate and do not look at it.
  enum ClientAuthentication: String, Sendable, CaseIterable {
    case none = "NoClientCert"
    case ifGiven = "VerifyClientCertIfGiven"
    case required = "RequireAndVerifyClientCert"
  }

  var certificateFile: String
  var keyFile: String
  var minimum = TLSVersion.tlsv12
  var maximum = TLSVersion.tlsv13
  var clientAuthentication = ClientAuthentication.none
  /// The certificates of those who may vouch for clients.
  var clientAuthorities: String?

  static let versions: [String: TLSVersion] = ["TLS10": .tlsv1, "TLS11": .tlsv11, "TLS12": .tlsv12, "TLS13": .tlsv13]

  init(certificateFile: String, keyFile: String) {
    (self.certificateFile, self.keyFile) = (certificateFile, keyFile)
  }

  init(_ node: YAMLNode, _ directory: Directory, unsupported: [String]) throws(ConfigurationError) {
    let section = try node.mapping(
      known: ["cert_file", "key_file", "min_version", "max_version", "client_auth_type", "client_ca_file"], unsupported: unsupported)
    certificateFile = directory.path(try section.required("cert_file").nonEmptyString())
    keyFile = directory.path(try section.required("key_file").nonEmptyString())
    minimum = try section["min_version"]?.tlsVersion() ?? minimum
    maximum = try section["max_version"]?.tlsVersion() ?? maximum
    if let node = section["max_version"] ?? section["min_version"], minimum.order > maximum.order {
      throw node.error("'min_version' is above 'max_version': no client could connect")
    }
    try readClients(section, directory)
    do throws(ServerTLS.Mistake) {
      _ = try context()
    } catch {
      throw (section[error.key] ?? node).error(error.message)
    }
  }

  private mutating func readClients(_ section: YAMLMapping, _ directory: Directory) throws(ConfigurationError) {
    clientAuthorities = try section["client_ca_file"].map { node throws(ConfigurationError) in directory.path(try node.nonEmptyString()) }
    if let node = section["client_auth_type"] {
      let word = try node.oneOf(ClientAuthentication.allCases.map(\.rawValue))
      clientAuthentication = ClientAuthentication(rawValue: word) ?? .none
    }
    if clientAuthentication != .none, clientAuthorities == nil {
      throw (section["client_auth_type"] ?? section.node).error("'client_ca_file' is missing: nobody could vouch for a client")
    }
    if clientAuthentication == .none, let node = section["client_ca_file"] {
      let wanted = ClientAuthentication.required.rawValue
      throw node.error("without 'client_auth_type: \(wanted)' no client is asked for a certificate")
    }
  }
}

extension YAMLNode {
  fileprivate func tlsVersion() throws(ConfigurationError) -> TLSVersion {
    let word = try oneOf(ServerTLS.versions.keys.sorted())
    return ServerTLS.versions[word] ?? .tlsv12
  }
}

extension TLSVersion {
  fileprivate var order: Int {
    switch self {
    case .tlsv1: 10
    case .tlsv11: 11
    case .tlsv12: 12
    case .tlsv13: 13
    }
  }
}
