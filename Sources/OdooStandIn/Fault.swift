/// Everything that can be made to go wrong.
struct Fault: Sendable {
  enum Name: String, Sendable, CaseIterable {
    case stopped, hanging
    case emptyReply = "empty_reply"
    case slow
    case rpcError = "rpc_error"
    case dataError = "data_error"
    case notSuccess = "not_success"
    case emptyKPIs = "empty_kpis"
    case sessionExpired = "session_expired"
    case http500 = "http_500"
    case accessDenied = "access_denied"
    case assetMissing = "asset_missing"
    case loginPageInstead = "login_page_instead"
    case logErrors = "log_errors"
    case huge
    case zeroBytes = "zero_bytes"
    case invalidUTF8 = "invalid_utf8"
    case endlessHeaders = "endless_headers"
    case html200 = "html_200"
    case notJSON = "not_json"
    case publicDashboards = "public_dashboards"
    case openDatabases = "open_databases"
    case menusMissing = "menus_missing"
    case filtersIgnored = "filters_ignored"
    case websocketDown = "websocket_down"
  }

  /// What a fault befalls unless `route=` names the beginning of other paths.
  enum Scope: Sendable {
    case everything
    /// The four JSON routes.
    case data
    /// All six routes.
    case dashboards
  }

  var name: Name
  var scope: Scope
  var meaning: String

  static let all: [Fault] = [
    Fault(name: .stopped, scope: .everything, meaning: "the port refuses connections"),
    Fault(name: .hanging, scope: .everything, meaning: "requests hold their workers and are not answered while it is on"),
    Fault(name: .emptyReply, scope: .everything, meaning: "connections are closed without a byte, nothing is logged"),
    Fault(name: .slow, scope: .dashboards, meaning: "answers come `seconds` later (3), the time goes to SQL"),
    Fault(name: .rpcError, scope: .data, meaning: "200 with a JSON-RPC error and its traceback, ERROR in the log"),
    Fault(name: .dataError, scope: .data, meaning: "200, success true, data.error set and no figures"),
    Fault(name: .notSuccess, scope: .data, meaning: "200, success false with an error"),
    Fault(name: .emptyKPIs, scope: .data, meaning: "200, success true, no figures and no error"),
    Fault(
      name: .sessionExpired, scope: .everything, meaning: "every session is forgotten, new ones at once; with seconds=0 only those of now"),
    Fault(name: .http500, scope: .data, meaning: "500 with the bare error page, ERROR in the log"),
    Fault(name: .accessDenied, scope: .dashboards, meaning: "the user may not see the dashboards: success false, exports 500"),
    Fault(name: .assetMissing, scope: .everything, meaning: "the JavaScript bundle of the web client is 404"),
    Fault(name: .loginPageInstead, scope: .everything, meaning: "303 to the login page, except for the login itself"),
    Fault(name: .logErrors, scope: .everything, meaning: "one ERROR with a traceback a second in the log"),
    Fault(name: .huge, scope: .data, meaning: "200 with 100 MB of blanks"),
    Fault(name: .zeroBytes, scope: .data, meaning: "200 with Content-Length 0"),
    Fault(name: .invalidUTF8, scope: .data, meaning: "200 application/json that is not UTF-8"),
    Fault(name: .endlessHeaders, scope: .data, meaning: "200 with headers that never end"),
    Fault(name: .html200, scope: .data, meaning: "200 with an HTML maintenance page"),
    Fault(name: .notJSON, scope: .data, meaning: "200 application/json that breaks off in the middle"),
    Fault(name: .publicDashboards, scope: .dashboards, meaning: "nobody needs a session"),
    Fault(name: .openDatabases, scope: .everything, meaning: "the database manager and the list of databases are open"),
    Fault(name: .menusMissing, scope: .everything, meaning: "the user has none of the dashboards' menus"),
    Fault(name: .filtersIgnored, scope: .data, meaning: "the period and the teams that are asked for change nothing"),
    Fault(name: .websocketDown, scope: .everything, meaning: "the second process does not reach the database: 404"),
  ]
}
