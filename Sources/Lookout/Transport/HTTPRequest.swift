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
  var tls = TLSSettings()
  /// The URL of a proxy; nil leaves it to the environment, as libcurl reads it.
  var proxy: String?
  /// Hosts that need no proxy, with commas between.
  var noProxy: String?
}

/// How the server of a request is known, and how it knows us.
struct TLSSettings: Sendable, Equatable {
  /// Certificates that are trusted; nil for the machine's.
  var trustFile: String?
  var certificateFile: String?
  var keyFile: String?
  var verifiesServer = true
  var oldestVersion = Version.usual

  enum Version: String, Sendable {
    case usual = ""
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
  }
}
