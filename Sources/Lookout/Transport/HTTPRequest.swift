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
}
