internal import NIOCore

/// What goes back to the client, what it cost, and what it leaves in the log before its access line.
struct Answer: Sendable {
  enum Body: Sendable {
    case bytes(ByteBuffer)
    /// So many blanks, made while they are sent.
    case blanks(Int)
    case endlessHeaders
    /// The connection is closed without a byte, and no access line is written.
    case nothing
  }

  var status: Status
  var headers: [(name: String, value: String)] = []
  var body: Body
  var cost: Cost
  var records: [Record] = []
  /// As the access line names it: `nil` is `?`.
  var database: String?
}

/// What an answer takes on an Odoo of about 1,000 leads.
struct Cost: Sendable {
  var queries: Int
  var seconds: Double
  /// Share of the time that is spent in SQL.
  var sql = 0.5

  static let nothing = Cost(queries: 0, seconds: 0, sql: 0)
}

/// A status with its phrase as Werkzeug prints it.
struct Status: Sendable, Equatable {
  var code: Int
  var phrase: String

  static let ok = Status(code: 200, phrase: "OK")
  static let seeOther = Status(code: 303, phrase: "SEE OTHER")
  static let notModified = Status(code: 304, phrase: "NOT MODIFIED")
  static let badRequest = Status(code: 400, phrase: "BAD REQUEST")
  static let notFound = Status(code: 404, phrase: "NOT FOUND")
  static let methodNotAllowed = Status(code: 405, phrase: "METHOD NOT ALLOWED")
  static let tooLarge = Status(code: 413, phrase: "REQUEST ENTITY TOO LARGE")
  static let failed = Status(code: 500, phrase: "INTERNAL SERVER ERROR")
}

extension Answer {
  static let nosniff = (name: "X-Content-Type-Options", value: "nosniff")

  static func text(_ text: String, _ status: Status = .ok, type: String = "text/html; charset=utf-8", cost: Cost) -> Answer {
    bytes(ByteBuffer(string: text), status, type: type, cost: cost)
  }

  static func bytes(_ bytes: ByteBuffer, _ status: Status = .ok, type: String, cost: Cost) -> Answer {
    let headers = [("Content-Type", type), ("Content-Length", String(bytes.readableBytes))]
    return Answer(status: status, headers: headers, body: .bytes(bytes), cost: cost)
  }

  /// A JSON-RPC envelope: always under 200, whether it holds a result or an error.
  static func rpc(_ envelope: JSON, cost: Cost) -> Answer {
    let bytes = ByteBuffer(string: envelope.text)
    let headers = [("Content-Length", String(bytes.readableBytes)), ("Content-Type", "application/json; charset=utf-8")]
    return Answer(status: .ok, headers: headers, body: .bytes(bytes), cost: cost)
  }

  static func redirect(to location: String, cost: Cost) -> Answer {
    var answer = text(Page.redirect(to: location), .seeOther, cost: cost)
    answer.headers.append(("Location", location))
    return answer
  }

  func with(_ headers: (name: String, value: String)...) -> Answer {
    var answer = self
    answer.headers += headers
    return answer
  }

  func logging(_ records: Record...) -> Answer {
    var answer = self
    answer.records += records
    return answer
  }

  /// The session cookie as Odoo sets it: a week by Max-Age, a year by Expires.
  func settingSession(_ id: String, now: Stamp) -> Answer {
    let expires = now.adding(days: 365).http
    return with(("Set-Cookie", "session_id=\(id); Expires=\(expires); Max-Age=604800; HttpOnly; Path=/"), Self.nosniff)
  }

  /// Status line and headers, up to and including the blank line.
  func head(now: Stamp) -> ByteBuffer {
    var text = "HTTP/1.0 \(status.code) \(status.phrase)\r\nServer: Werkzeug/2.2.2 Python/3.11.2\r\nDate: \(now.http)\r\n"
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    return ByteBuffer(string: text + "Connection: close\r\n\r\n")
  }
}
