/// A Python exception that left a controller.
struct Raised: Error {
  /// With its module, as in `data.name`.
  var name: String
  var message: String
  var traceback: String
  var code = 200
  var title = "Odoo Server Error"
  /// What `odoo.http` says of it; users' mistakes are warnings without a traceback.
  var level = Record.Level.error
  /// Logged before that.
  var records: [Record] = []
  var cost = Cost(queries: 2, seconds: 0.005)

  static let sessionExpired = Raised(
    name: "odoo.http.SessionExpiredException", message: "Session expired",
    traceback: Traceback.authentication(raising: "odoo.http.SessionExpiredException: Session expired"), code: 100,
    title: "Odoo Session Expired", level: .info, cost: Cost(queries: 2, seconds: 0.012))

  static let accessDenied = Raised(
    name: "odoo.exceptions.AccessDenied", message: "Access Denied",
    traceback: Traceback.authentication(raising: "odoo.exceptions.AccessDenied: Access Denied"), level: .warning)

  func answer(id: JSON, database: String) -> Answer {
    let error: JSON = [
      "code": .int(code), "message": .string(title),
      "data": [
        "name": .string(name), "debug": .string(traceback), "message": .string(message), "arguments": [.string(message)], "context": [:],
      ],
    ]
    var answer = Answer.rpc(["jsonrpc": "2.0", "id": id, "error": error], cost: cost)
    answer.records = records + [record(database: database)]
    return answer
  }

  private func record(database: String) -> Record {
    guard level == .error else { return Record(level: level, logger: "odoo.http", message: message, database: database) }
    return .unhandled(traceback, database: database)
  }
}

extension Record {
  static func unhandled(_ traceback: String, database: String) -> Record {
    Record(
      level: .error, logger: "odoo.http", message: "Exception during request handling.", traceback: traceback, database: database)
  }
}
