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

extension HTTPRequest {
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
