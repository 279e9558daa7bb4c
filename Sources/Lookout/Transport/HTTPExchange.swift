/// What became of a request: never an error to throw, always something seen.
struct HTTPExchange: Sendable {
  let method: String
  let url: String
  /// By the machine's clock, as logs have it; nil where nothing was sent.
  var beganAt: Timestamp?
  /// Nil when a whole answer came, whatever its status.
  var failure: TransportFailure?
  /// 0 while there was no status line.
  var status = 0
  var headers: [(name: String, value: String)] = []
  /// The first bytes of the decompressed body, up to the request's `keptBytes`.
  var body: [UInt8] = []
  /// Length of the whole decompressed body.
  var bodyBytes = 0
  /// What of the body came over the network: compressed, where it was.
  var wireBytes = 0
  /// `1.1`, `2`; empty while there was no status line.
  var version = ""
  var redirects = 0
  /// Whether the last address was one of HTTPS.
  var isEncrypted = false
  /// The address that answered.
  var peer = ""
  /// When the first of the peer's certificates ends, in seconds since 1970; nil where none was looked into.
  var certificatesEnd: Double?
  var phases = Phases()

  /// The first header of that name, in whatever case it was sent.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Seconds spent in each part, as blackbox_exporter names them; 0 for a part that was not reached.
  struct Phases: Sendable, Equatable {
    var resolve = 0.0
    var connect = 0.0
    var tls = 0.0
    /// From the request sent to the first byte of the answer.
    var processing = 0.0
    var transfer = 0.0
    var total = 0.0
  }
}

/// Why no whole answer came.
struct TransportFailure: Error, Sendable, Equatable {
  let reason: Reason
  /// For a person: `connection refused by 127.0.0.1 port 8069`.
  let message: String
}
