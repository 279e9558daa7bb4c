/// The command line of an Odoo server (odoo/tools/config.py), as far as it says what its configuration file else would.
struct OdooArguments: Equatable {
  /// By the name that the option has in the configuration file.
  private(set) var options: [String: String] = [:]
  private(set) var configFile: String?

  /// Options that are wanted, by every name that they have on the command line.
  private static let names: [String: String] = [
    "-d": "db_name", "--database": "db_name", "-p": "http_port", "--http-port": "http_port", "--xmlrpc-port": "http_port",
    "--http-interface": "http_interface", "--xmlrpc-interface": "http_interface", "--logfile": "logfile", "--workers": "workers",
    "--gevent-port": "gevent_port", "--longpolling-port": "gevent_port", "--db_host": "db_host", "--db_port": "db_port",
    "-r": "db_user", "--db_user": "db_user", "-D": "data_dir", "--data-dir": "data_dir", "--addons-path": "addons_path",
    "--limit-time-real": "limit_time_real", "--db-filter": "dbfilter",
  ]
  private static let servers = ["odoo", "odoo-bin", "odoo-server", "odoo.py", "openerp-server", "odoo-gevent"]
  /// `odoo shell` and the like serve nobody.
  private static let otherCommands = ["shell", "scaffold", "db", "cloc", "populate", "deploy", "neutralize", "genproxytoken", "tsconfig"]

  /// Nil when the command is no Odoo server.
  init?(_ words: [String]) {
    guard let server = Self.server(in: words) else { return nil }
    var rest = words[(server + 1)...]
    if let command = rest.first, Self.otherCommands.contains(command) { return nil }
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      if name == "--proxy-mode" { options["proxy_mode"] = "True" }
      let isShort = word.hasPrefix("-") && !word.hasPrefix("--") && word.count > 2
      if isShort {
        take(String(word.prefix(2)), String(word.dropFirst(2)))
      } else if parts.count == 2 {
        take(name, parts[1])
      } else if Self.names[name] != nil || name == "-c" || name == "--config" {
        rest.popFirst().map { take(name, $0) }
      }
    }
  }

  private mutating func take(_ name: String, _ value: String) {
    if name == "-c" || name == "--config" { configFile = value } else if let option = Self.names[name] { options[option] = value }
  }

  /// Where the server's name stands: first, or after the interpreter and its options.
  private static func server(in words: [String]) -> Int? {
    guard let first = words.first else { return nil }
    if isServer(first) { return 0 }
    guard baseName(first).hasPrefix("python") || ["env", "sudo", "nice"].contains(baseName(first)) else { return nil }
    return words.indices.dropFirst().prefix(6).first { isServer(words[$0]) && words[$0 - 1] != "-u" }
  }

  private static func isServer(_ word: String) -> Bool { servers.contains(baseName(word)) }
  private static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
}
