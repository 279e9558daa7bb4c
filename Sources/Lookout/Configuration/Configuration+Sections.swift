import Foundation

extension Configuration.Odoo {
  init(_ section: YAMLMapping, _ odooFile: OdooConfiguration?, _ directory: Directory) throws(ConfigurationError) {
    url = try section.required("url").webAddress()
    database = try section.required("database").nonEmptyString()
    login = try section.required("login").nonEmptyString()
    password = try Secret.readable(section.required("password_file"), directory)
    workers = try section["workers"]?.int(in: 1...1000) ?? odooFile?.positive("workers") ?? 2
    viewer = try section["viewer"].map { node throws(ConfigurationError) in
      let section = try node.mapping(known: ["login", "password_file"])
      return Configuration.Viewer(
        login: try section.required("login").nonEmptyString(), password: try Secret.readable(section.required("password_file"), directory))
    }
    websocketURL = try section["websocket_url"]?.webAddress() ?? odooFile?.websocketURL(beside: url)
    longestRequest = .seconds(odooFile?.positive("limit_time_real") ?? 120)
    logLevel = odooFile?["log_level"]
  }
}

extension Configuration.PostgreSQL {
  static func from(
    _ node: YAMLNode?, _ odooFile: OdooConfiguration?, _ odoo: Configuration.Odoo, _ directory: Directory
  ) throws(ConfigurationError) -> Self? {
    guard let node else { return odooFile.map { Self(odooFile: $0, database: odoo.database) } }
    let section = try node.mapping(known: ["host", "port", "user", "password_file", "database", "sslmode"])
    return Self(
      host: try section["host"]?.nonEmptyString() ?? "/var/run/postgresql",
      port: try section["port"]?.int(in: 1...65_535) ?? 5432,
      user: try section["user"]?.nonEmptyString() ?? "lookout",
      password: try section["password_file"].map { node throws(ConfigurationError) in try Secret.readable(node, directory) },
      database: try section["database"]?.nonEmptyString() ?? odoo.database,
      tlsMode: try section["sslmode"]?.oneOf(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]) ?? "prefer")
  }

  /// As Odoo itself connects: `db_host`, `db_port`, `db_user`, `db_password`.
  private init(odooFile: OdooConfiguration, database: String) {
    host = odooFile["db_host"] ?? "/var/run/postgresql"
    port = odooFile["db_port"].flatMap(Int.init) ?? 5432
    user = odooFile["db_user"] ?? "odoo"
    password = odooFile["db_password"].map { _ in .odooConfiguration(odooFile.path, key: "db_password") }
    self.database = database
  }
}

extension Configuration.Checks {
  /// - Parameter usual: what the file says for all targets.
  init(_ node: YAMLNode, _ usual: Configuration.Checks = .init()) throws(ConfigurationError) {
    self = usual
    let section = try node.mapping(known: [
      "interval", "costly_interval", "export_interval", "access_interval", "page_load_interval", "timeout", "costly_timeout",
      "worker_share", "budgets", "expect",
      "menus", "page_code", "accept_exposed",
    ])
    let intervals = Duration.seconds(1)...Duration.seconds(3600)
    let timeouts = Duration.milliseconds(100)...Duration.seconds(600)
    interval = try section["interval"]?.duration(in: intervals) ?? interval
    costlyInterval = try section["costly_interval"]?.duration(in: intervals) ?? costlyInterval
    exportInterval = try section["export_interval"]?.duration(in: intervals) ?? exportInterval
    accessInterval = try section["access_interval"]?.duration(in: intervals) ?? accessInterval
    pageLoadInterval = try section["page_load_interval"]?.duration(in: intervals) ?? pageLoadInterval
    menus = try section["menus"]?.nonEmptyStrings() ?? menus
    pageCode = try section["page_code"]?.nonEmptyStrings() ?? pageCode
    acceptedExposures =
      try section["accept_exposed"].map { node throws(ConfigurationError) in try Self.exposures(node) } ?? acceptedExposures
    timeout = try section["timeout"]?.duration(in: timeouts) ?? timeout
    costlyTimeout = try section["costly_timeout"]?.duration(in: timeouts) ?? costlyTimeout
    workerShare = try section["worker_share"]?.double(in: 0.001...1) ?? workerShare
    demands = try section["expect"].map { node throws(ConfigurationError) in try Self.demands(node) } ?? demands
    guard let budgets = try section["budgets"]?.mapping(known: ["page", "dashboard", "export", "statement", "running"]) else { return }
    pageBudget = try budgets["page"]?.duration(in: timeouts) ?? pageBudget
    dashboardBudget = try budgets["dashboard"]?.duration(in: timeouts) ?? dashboardBudget
    exportBudget = try budgets["export"]?.duration(in: timeouts) ?? exportBudget
    statementBudget = try budgets["statement"]?.duration(in: timeouts) ?? statementBudget
    runningBudget = try budgets["running"]?.duration(in: intervals) ?? runningBudget
  }

  private static func exposures(_ node: YAMLNode) throws(ConfigurationError) -> Set<ExposureSight.Thing> {
    let things = try node.list().map { item throws(ConfigurationError) in
      ExposureSight.Thing(rawValue: try item.oneOf(ExposureSight.Thing.allCases.map(\.rawValue)))
    }
    return Set(things.compactMap(\.self))
  }

  /// A list is for the executive dashboard, a mapping names the checks.
  private static func demands(_ node: YAMLNode) throws(ConfigurationError) -> [String: [JSONDemand]] {
    if case .sequence = node.node { return ["dashboard_data": try node.demands()] }
    let names = ["dashboard_data", "dashboard_overdue", "dashboard_performers", "strategic_data"]
    let section = try node.mapping(known: names)
    var demands: [String: [JSONDemand]] = [:]
    for name in names { demands[name] = try section[name].map { node throws(ConfigurationError) in try node.demands() } }
    return demands
  }
}

extension Configuration.Webhook {
  static func list(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> [Self] {
    let section = try node.mapping(known: Configuration.notifyKeys)
    let timeout = try section["timeout"]?.duration(in: .milliseconds(100)...Duration.seconds(120)) ?? .seconds(10)
    switch (section["webhook"], section["webhook_file"]) {
    case (let address?, nil):
      // As it was written: a slash at its end may matter.
      _ = try address.webAddress(allowsQuery: true)
      return [Self(name: "webhook", url: .text(try address.string()), timeout: timeout)]
    case (nil, let file?):
      return [Self(name: "webhook", url: try .readable(file, directory), timeout: timeout)]
    case (_?, let file?): throw file.error("'webhook' and 'webhook_file' exclude each other")
    case (nil, nil): throw node.error("'webhook' (a URL) or 'webhook_file' (a file that holds it) is missing")
    }
  }
}

extension Configuration {
  static let notifyKeys = ["webhook", "webhook_file", "timeout", "file"]

  /// Alertmanager's configuration file, where 'notify' names one.
  static func routing(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) -> RoutingConfiguration? {
    guard let section = try node?.mapping(known: notifyKeys), let file = section["file"] else { return nil }
    for key in notifyKeys where key != "file" && section[key] != nil {
      throw section[key]?.error("'\(key)' and 'file' exclude each other: the file names its receivers") ?? file.error("'file' stands alone")
    }
    let path = directory.path(try file.nonEmptyString())
    guard access(path, R_OK) == 0 else { throw file.error("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    return try RoutingConfiguration.read(path)
  }
}

extension Secret {
  /// A secret in a file that must be readable now, so that a wrong path is told at start and not at three in the morning.
  static func readable(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> Secret {
    let path = try directory.path(of: node)
    guard access(path, R_OK) == 0 else { throw node.error("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    return .file(path)
  }
}

extension YAMLNode {
  func oneOf(_ words: [String]) throws(ConfigurationError) -> String {
    let word = try string()
    guard words.contains(word) else { throw error("expected one of \(words.joined(separator: ", ")), found '\(word.prefix(60))'") }
    return word
  }
}
