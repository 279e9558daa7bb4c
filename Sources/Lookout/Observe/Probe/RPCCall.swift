import Foundation

/// A JSON-RPC call as Odoo's web client sends it.
struct RPCCall<Parameters: Encodable>: Encodable {
  let jsonrpc = "2.0"
  let id = 1
  let method = "call"
  let params: Parameters

  init(_ parameters: Parameters) {
    params = parameters
  }

  var bytes: [UInt8] {
    get throws { Array(try JSONEncoder().encode(self)) }
  }
}

struct LoginParameters: Encodable {
  let db: String
  let login: String
  let password: String
}

struct NoParameters: Encodable {}

/// What the dashboards' own JavaScript sends: a period, whose default is the month that runs, and the teams that are chosen; all when empty.
struct DashboardParameters: Encodable {
  var date_from: String?
  var date_to: String?
  var team_ids: [Int]? = []
  var limit: Int?

  /// From the first day of the month to today.
  static func month(of today: String, limit: Int? = nil) -> DashboardParameters {
    DashboardParameters(date_from: "\(today.prefix(8))01", date_to: today, team_ids: limit == nil ? [] : nil, limit: limit)
  }
}

extension HTTPRequest {
  static func rpc(to url: String, call parameters: some Encodable, timeout: Duration) -> HTTPRequest {
    guard let body = try? RPCCall(parameters).bytes else { preconditionFailure("the parameters of a call are always JSON") }
    return rpc(to: url, body: body, timeout: timeout)
  }

  static func rpc(to url: String, body: [UInt8], timeout: Duration) -> HTTPRequest {
    HTTPRequest(method: "POST", url: url, headers: [("Content-Type", "application/json")], body: body, timeout: timeout)
  }
}

/// Where Odoo sends a browser that it does not serve.
enum OdooRedirect: Equatable {
  case login, databaseSelector, elsewhere

  init(_ location: String) {
    let path = location.firstRange(of: "://").map { scheme in location[scheme.upperBound...].drop { $0 != "/" } } ?? location[...]
    if path.hasPrefix("/web/login") {
      self = .login
    } else if path.hasPrefix("/web/database/") {
      self = .databaseSelector
    } else {
      self = .elsewhere
    }
  }
}
