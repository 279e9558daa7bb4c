/// What the door looks at in a request before it is let in.
struct Visit: Sendable {
  var method = "GET"
  var path = "/"
  /// All that the request names in `Host`; a request that is right has one, of HTTP/1.0 maybe none.
  var hosts: [String] = []
  var authorization: String?
  var origin: String?
  /// `Sec-Fetch-Site`
  var fetchSite: String?
  /// `Content-Length`
  var bodyLength: String?
  /// Where it comes from; nil for what is no IP address.
  var address: IPAddress?

  /// Whether it may change something (RFC 9110, 9.2.1), or has the agent go and ask another machine.
  var isChange: Bool { path == ProbePage.path || !["GET", "HEAD", "OPTIONS", "TRACE"].contains(method) }
}
