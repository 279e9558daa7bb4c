/// An Odoo that was found, and where what is known of it comes from.
struct FoundOdoo: Sendable {
  struct Value: Sendable, Equatable {
    let text: String
    /// `db_name in /etc/odoo/odoo.conf`
    let from: String
  }

  /// How it became known: `unit odoo.service`, `process 4711`, `/etc/odoo/odoo.conf`.
  var sources: [String]
  var configFile: String?
  /// Whether that could be read, and then is a file of Odoo's.
  var isConfigRead = false
  var options: [String: Value] = [:]
  var front: FrontServer?
  var postgres = PostgresPlace()
  /// Where the module lies, with its version.
  var module: String?

  /// The value of the first of these options that is set.
  func value(_ names: String...) -> Value? { names.lazy.compactMap { options[$0] }.first }
  func number(_ names: String...) -> Int? { names.lazy.compactMap { options[$0].flatMap { Int($0.text) } }.first }

  var httpPort: Int { number("http_port", "xmlrpc_port").flatMap { (1...65_535).contains($0) ? $0 : nil } ?? 8069 }
  var eventPort: Int { number("gevent_port", "longpolling_port") ?? 8072 }

  /// Odoo itself, without what stands in front.
  var ownURL: String {
    let interface = value("http_interface", "xmlrpc_interface")?.text ?? ""
    let isEverywhere = ["", "0.0.0.0", "::", "localhost"].contains(interface)
    let host = isEverywhere ? "127.0.0.1" : interface.contains(":") ? "[\(interface)]" : interface
    return "http://\(host):\(httpPort)"
  }

  /// As its users reach it, where that is known.
  var url: String { front?.url ?? ownURL }

  /// The databases that it is told to serve; none where it serves all that there are.
  var databases: [String] {
    (value("db_name")?.text ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
  }

  var isBehindProxyUnaware: Bool { front != nil && value("proxy_mode").map { !["true", "1"].contains($0.text.lowercased()) } ?? true }
}
