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
  /// A proxy's URL.
  var proxy: String?
  var tls = TLSSettings()
  /// Whether a connection is all that is wanted, with its TLS.
  var connectsOnly = false
}

/// Which addresses of a name are used.
enum IPVersion: Sendable, Equatable {
  case any, v4, v6
}

/// What is asked of a TLS connection beyond what is usual.
struct TLSSettings: Sendable, Equatable {
  /// Whether the peer's certificate must be right.
  var isVerified = true
  /// Certificates of the authorities that are believed, PEM; those of the system when nil.
  var authorities: String?
  /// The agent's own certificate and key, PEM.
  var certificate: String?
  var key: String?
  /// The name that the peer must have, in place of the URL's.
  var serverName: String?
  /// `TLS10` … `TLS13`.
  var oldestVersion: String?
  /// Whether the peer's certificates are looked into.
  var readsCertificates = false
}
