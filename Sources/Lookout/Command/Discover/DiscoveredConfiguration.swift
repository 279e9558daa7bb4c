/// What was found, as a configuration file to be filled in. Pure.
struct DiscoveredConfiguration {
  let discovery: Discovery

  var text: String {
    let first = discovery.odoos.first.map(Self.lines) ?? []
    let others = discovery.odoos.dropFirst().flatMap { odoo in
      ["", "# Another Odoo of this machine. Each needs a Lookout with a file, a state_directory and a port to listen on of its own:"]
        + Self.lines(odoo).map { $0.isEmpty ? "#" : "# \($0)" }
    }
    return (Self.heading + notes + [""] + first + Self.ending + others).map { $0 + "\n" }.joined()
  }

  private static let heading = [
    "# Written by 'lookout config discover'. Fill in what says FILL IN; then try it:",
    "#   lookout config check FILE && lookout check --config FILE",
  ]

  private var notes: [String] {
    guard !discovery.notes.isEmpty else { return [] }
    return ["#", "# To be looked after:"] + discovery.notes.flatMap { comment("- \($0)", indentation: 0) }
  }

  private static let ending = [
    "", "notify:",
    "  # FILL IN where messages go, as Alertmanager's webhooks have them; or leave 'notify' out: alerts show on the pages only",
    "  webhook:",
    "  # Or, instead, routes and receivers in Alertmanager's format:",
    "  # file: alertmanager.yml",
  ]

  // MARK: - An Odoo

  private static func lines(_ odoo: FoundOdoo) -> [String] {
    comment("Found through \(odoo.sources.joined(separator: "; ")).", indentation: 0) + module(odoo) + section(odoo) + postgresql(odoo)
      + log(odoo)
  }

  private static func module(_ odoo: FoundOdoo) -> [String] {
    let text = odoo.module.map { "The dashboards' module lies in \($0)." }
    return comment(
      text ?? "The module \(Discovery.moduleName) was not found in addons_path; without it the dashboards' checks fail.", indentation: 0)
  }

  private static func section(_ odoo: FoundOdoo) -> [String] {
    var lines = ["odoo:"] + comment(urlOrigin(odoo), indentation: 2) + ["  url: \(quoted(odoo.url))"]
    lines += database(odoo)
    lines += comment("FILL IN a user for the agent alone: a sales manager, not an administrator of Odoo", indentation: 2) + ["  login:"]
    lines += comment("FILL IN a file with its password on the first line, mode 600", indentation: 2) + ["  password_file:"]
    if odoo.isConfigRead, let file = odoo.configFile { lines.append("  config_file: \(quoted(file))") }
    if let workers = odoo.value("workers"), let number = Int(workers.text), (1...1000).contains(number) {
      lines += comment(workers.from, indentation: 2) + ["  workers: \(number)"]
    } else if odoo.value("workers")?.text == "0" {
      lines +=
        comment("\(odoo.value("workers")?.from ?? "workers"): 0, so one process serves all; counted as one worker", indentation: 2)
        + ["  workers: 1"]
    }
    return lines
  }

  private static func urlOrigin(_ odoo: FoundOdoo) -> String {
    let port = odoo.value("http_port", "xmlrpc_port")?.from ?? "Odoo's default port"
    guard let front = odoo.front else { return "\(port); nothing was found in front of it" }
    let unaware =
      odoo.isBehindProxyUnaware
      ? "; proxy_mode is not set, so all users share one address: ten wrong passwords lock them all out for a minute" : ""
    return "\(front.from); Odoo itself: \(odoo.ownURL) (\(port)), its event port \(odoo.eventPort)\(unaware)"
  }

  private static func database(_ odoo: FoundOdoo) -> [String] {
    guard let first = odoo.databases.first else {
      let filter = odoo.value("dbfilter").map { "; \($0.from): \($0.text)" } ?? ""
      return comment("FILL IN the database: db_name is not set, so Odoo serves every one\(filter)", indentation: 2) + ["  database:"]
    }
    let others = odoo.databases.dropFirst()
    let more = others.isEmpty ? "" : "; there are also \(others.joined(separator: ", ")): each needs a Lookout of its own"
    return comment((odoo.value("db_name")?.from ?? "") + more, indentation: 2) + ["  database: \(quoted(first))"]
  }

  private static func postgresql(_ odoo: FoundOdoo) -> [String] {
    let host = odoo.value("db_host")
    let port = odoo.number("db_port") ?? 5432
    let server = host == nil ? odoo.postgres.server(port: port) : nil
    let place = host?.text ?? server?.directory ?? "/var/run/postgresql"
    let origin = host?.from ?? server?.from ?? "the usual socket, for nothing else was found"
    var lines = [""] + comment("PostgreSQL: \(origin), port \(port) (\(odoo.value("db_port")?.from ?? "its default")).", indentation: 0)
    if host == nil, server == nil, let other = odoo.postgres.servers.first {
      lines += comment("But there is \(other.from), port \(other.port).", indentation: 0)
    }
    let isImplied = odoo.isConfigRead
    if isImplied { lines += comment("It is reached as Odoo reaches it (user \(odoo.value("db_user")?.text ?? "odoo")).", indentation: 0) }
    lines += comment(
      "\(isImplied ? "Better is a" : "It needs a") role of its own: CREATE ROLE lookout LOGIN; GRANT pg_monitor TO lookout;", indentation: 0
    )
    let section = ["postgresql:", "  host: \(quoted(place))", "  port: \(port)", "  user: lookout"]
    return lines + section.map { isImplied ? "# " + $0 : $0 } + ["#   password_file: /etc/lookout/postgresql.password"]
  }

  private static func log(_ odoo: FoundOdoo) -> [String] {
    guard let log = odoo.value("logfile") else {
      return [""]
        + comment("No log: 'logfile' is not set, so Odoo writes to its standard error. Set it, and name the file here:", indentation: 0)
        + ["# log:", "#   file: /var/log/odoo/odoo.log"]
    }
    guard log.text.hasPrefix("/") else {
      return [""] + comment("\(log.from): \(log.text), seen from Odoo's working directory; FILL IN the whole path", indentation: 0) + [
        "# log:", "#   file:",
      ]
    }
    return ["", "log:"] + comment("\(log.from); the agent's user must be able to read it", indentation: 2) + ["  file: \(quoted(log.text))"]
  }

  // MARK: - Text

  private func comment(_ text: String, indentation: Int) -> [String] { Self.comment(text, indentation: indentation) }

  private static func comment(_ text: String, indentation: Int) -> [String] {
    text.oneLine.wrapped(110).map { String(repeating: " ", count: indentation) + "# " + $0 }
  }

  /// A scalar that YAML reads as that text, whatever is in it.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "/._-:".utf8.contains(byte)
    }
    let isSafe = isPlain && !text.contains(": ") && !text.hasSuffix(":") && text.first.map { $0 == "/" || $0.isLetter } == true
    if isSafe, !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased()) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}", "\u{feff}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
