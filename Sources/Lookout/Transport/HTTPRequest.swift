/// A request of the agent: what to ask, and how much of time and memory the answer may cost.
struct HTTPRequest: Sendable {
  var method = "GET"
  var url: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// From the first look at the name server to the last byte.
  var timeout: Duration = .seconds(10)
  /// Bytes of the decompressed body after which the transfer is given up (`too_large`).
  var bodyLimit = 8 << 20
  /// Bytes of the body that are handed on; what lies beyond is counted only.
  var keptBytes = 8 << 20
  /// Whether a kept connection may be used. Off where connecting is part of what is measured.
  var reusesConnection = false
  /// How many redirects are followed; the answer is that of the last one.
  var redirectLimit = 0
  var ipVersion = IPVersion.any
  /// HTTP/2, where the server takes it and this libcurl can.
  var prefersHTTP2 = false
  /// As in `Accept-Encoding`; everything that libcurl can unpack when nil.
  var acceptEncoding: String?
  var tls = TLSSettings()
  /// The URL of a proxy; nil leaves it to the environment, as libcurl reads it.
  var proxy: String?
  /// Hosts that need no proxy, with commas between.
  var noProxy: String?
  /// Whether a connection is all that is wanted, with its TLS.
  var connectsOnly = false
}

/// Which addresses of a name are used.
enum IPVersion: Sendable, Equatable {
  case any, v4, v6
}

/// How the server of a request is known, and how it knows us.
struct TLSSettings: Sendable, Equatable {
  /// Certificates that are trusted, PEM; nil for the machine's.
  var trustFile: String?
  /// The agent's own certificate, PEM.
  var certificateFile: String?
  /// Its key, PEM; nil where it lies beside the certificate.
  var keyFile: String?
  /// Whether the server's certificate must be right.
  var verifiesServer = true
  /// The name that the server's certificate must have, in place of the URL's host.
  var serverName: String?
  var oldestVersion = Version.usual
  /// Whether it is noted when the server's certificates end.
  var readsCertificates = false

  enum Version: String, Sendable, CaseIterable {
    case usual = ""
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"

    /// As Prometheus' and Alertmanager's files write them.
    static let names = allCases.filter { $0 != .usual }.map(\.rawValue)
  }
}
