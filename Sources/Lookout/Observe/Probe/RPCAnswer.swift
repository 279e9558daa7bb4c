/// An answer of one of Odoo's JSON-RPC routes, as far as judging it needs: Odoo sends it with HTTP 200 whatever happened.
struct RPCAnswer: Sendable {
  var error: RPCError?
  /// What the dashboard's routes answer; nil where there is nothing of it.
  var result: DashboardResult?
  /// The result as it came.
  var value: JSONValue?

  /// Nil when the bytes are no JSON object.
  init?(_ body: [UInt8]) {
    guard let answer = JSONValue(body), answer.object != nil else { return nil }
    if let error = answer["error"], error != .null { self.error = RPCError(error) }
    value = answer["result"]
    if let value, value != .null { result = DashboardResult(value) }
  }
}

/// The `error` object of Odoo's `JsonRPCDispatcher`: code 100 for an expired session, 200 for everything else.
struct RPCError: Sendable {
  struct Details: Sendable {
    /// The exception's class with its module, `psycopg2.OperationalError`.
    var name: String?
    var message: String?
    /// The whole traceback.
    var debug: String?
  }

  var code: Int?
  var message: String?
  var data: Details?

  var isExpiredSession: Bool { code == 100 || data?.name == "odoo.http.SessionExpiredException" }

  /// Odoo knows the user, and does not let it.
  var isRefusal: Bool { data?.name == "odoo.exceptions.AccessError" || data?.name == "odoo.exceptions.AccessDenied" }

  /// The last frame of the traceback, `controllers/main.py:11 in r2`: where to look, without the server's paths and without values.
  var lastFrame: String? {
    guard let frame = data?.debug?.split(separator: "\n").last(where: { $0.hasPrefix("  File \"") }) else { return nil }
    let parts = frame.split(separator: "\"")
    guard parts.count >= 3 else { return nil }
    let path = parts[1].split(separator: "/").suffix(3).joined(separator: "/")
    let place = parts[2].split(separator: ",").map { $0.drop { $0 == " " } }
    let line = place.first { $0.hasPrefix("line ") }?.dropFirst(5) ?? "?"
    let function = place.first { $0.hasPrefix("in ") }?.dropFirst(3) ?? "?"
    return "\(path):\(line) in \(function)"
  }
}

extension RPCError {
  /// Of an error in another form than Odoo's what can be read is taken: it is an error all the same.
  init(_ error: JSONValue) {
    message = error.text ?? error["message"]?.text
    code = error["code"]?.number.flatMap { Int(exactly: $0) }
    guard let data = error["data"], data.object != nil else { return }
    self.data = Details(name: data["name"]?.text, message: data["message"]?.text, debug: data["debug"]?.text)
  }
}

/// What the dashboard's routes answer within `result`. A route that is not the dashboard's may answer a number or a list: then there is
/// nothing of all this in it.
struct DashboardResult: Sendable {
  let success: Bool?
  let error: String?
  let data: DashboardData?
  let dataIsList: Bool

  init(_ result: JSONValue) {
    success = result["success"]?.bool
    error = result["error"]?.text
    data = result["data"].flatMap(DashboardData.init)
    dataIsList = result["data"]?.list != nil
  }
}

/// `result.data` where it is an object.
struct DashboardData: Sendable {
  let json: JSONValue
  let names: Set<String>
  /// Names of members that are an object or a list with something in it.
  let filled: Set<String>

  var error: String? { json["error"]?.text }

  init?(_ data: JSONValue) {
    guard let members = data.object else { return nil }
    json = data
    names = Set(members.keys)
    filled = Set(members.filter { ($0.value.count ?? 0) > 0 }.keys)
  }
}
