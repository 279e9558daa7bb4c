/// In short what a configuration has watched, for a person to see whether it is what was meant.
struct ConfigurationSummary {
  private let configuration: Configuration

  init(_ configuration: Configuration) {
    self.configuration = configuration
  }

  var lines: [String] { configuration.targets.flatMap(target) + [rules, receivers] + doors }

  private func target(_ target: Configuration.Target) -> [String] {
    let odoo = target.odoo
    let database = target.postgresql.map { "\($0.host), port \($0.port), database \($0.database), user \($0.user)" }
    return [
      "target \(target.name): \(odoo.url), database \(odoo.database), login \(odoo.login), \(odoo.workers) workers",
      "postgresql: \(database ?? "not watched")", "log: \(target.log?.name ?? "not followed")",
    ] + checks(target.checks, of: target)
  }

  private func checks(_ checks: Configuration.Checks, of target: Configuration.Target) -> [String] {
    let rows: [(String, Duration, Duration?)] =
      [
        ("odoo_health", checks.interval, nil), ("login_page", checks.interval, checks.pageBudget), ("session", checks.interval, nil),
        ("page", checks.interval, checks.pageBudget), ("dashboards", checks.costlyInterval, checks.dashboardBudget),
        ("exports", checks.exportInterval, checks.exportBudget),
      ]
      + (target.postgresql == nil
        ? []
        : [
          ("postgresql", checks.interval, checks.runningBudget), ("statements", checks.costlyInterval, checks.statementBudget),
          ("mail, cron", checks.costlyInterval, nil),
        ]) + (target.log == nil ? [] : [("log", checks.interval, nil)])
    return rows.map { name, interval, budget in
      "  \(name.padded(12))every \(interval.written)" + (budget.map { ", budget \($0.written)" } ?? "")
    }
  }

  private var rules: String {
    guard let set = try? RuleSet.configured(configuration) else { return "rules: none that can be used" }
    let origin = configuration.ruleFiles.isEmpty ? "those that ship" : configuration.ruleFiles.joined(separator: ", ")
    return "rules: \(set.rules.count) in \(set.groups.count) groups, \(origin)"
  }

  private var receivers: String {
    let names = configuration.routing?.receivers.map(\.name) ?? configuration.webhooks.map(\.name)
    return "receivers: \(names.isEmpty ? "none" : names.joined(separator: ", "))"
  }

  private var doors: [String] {
    let own = "pages: \(configuration.pages(port: configuration.listen.port))/, \(guards)"
    let everybodys = configuration.publicListen.map { "public: \($0.origin(encrypted: false))/health and /livez, without details" }
    let hosts = configuration.allowedHosts
    return [own] + (hosts.isEmpty ? [] : ["  also by the names \(hosts.joined(separator: ", "))"]) + [everybodys].compactMap { $0 }
  }

  private var guards: String {
    let reach = configuration.listen.isLoopback ? "this machine only" : "from everywhere"
    guard let web = configuration.web else { return "\(reach), without TLS and users" }
    let clients = web.tls?.clientAuthentication == .required ? " with client certificates" : ""
    let users = web.users.isEmpty ? "no users" : "users \(web.users.keys.sorted().joined(separator: ", "))"
    return "\(reach), \(web.tls == nil ? "without TLS" : "TLS\(clients)"), \(users)"
  }
}
