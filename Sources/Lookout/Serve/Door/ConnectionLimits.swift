/// How long a client may take, and how much it may send.
struct ConnectionLimits: Sendable {
  /// From the connection's begin to the end of its first head, a TLS handshake included; and from a head to the end of its body.
  var request = Duration.seconds(10)
  /// From the request's end until the client has taken the whole answer.
  var answer = Duration.seconds(60)
  /// From an answer to the end of the next head.
  var idle = Duration.seconds(60)
  var body = Door.largestBody
}
