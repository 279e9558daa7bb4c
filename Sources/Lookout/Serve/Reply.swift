/// What a page needs to know of a request.
struct PageRequest: Sendable {
  var method = "GET"
  let path: String
  var accept: String?
  var acceptEncoding: String?
  /// What stands behind the `?`, as it was sent.
  var query = ""
  /// Prometheus' header `X-Prometheus-Scrape-Timeout-Seconds`.
  var scrapeTimeout: String?
  var body: [UInt8] = []
}

/// An answer, before HTTP writes it.
struct Reply: Sendable, Equatable {
  static let plainText = "text/plain; charset=utf-8"

  var status = 200
  let contentType: String
  let body: [UInt8]
  var headers: [String: String] = [:]

  static func line(_ text: String, status: Int, headers: [String: String] = [:]) -> Reply {
    Reply(status: status, contentType: plainText, body: Array("\(text)\n".utf8), headers: headers)
  }
}
