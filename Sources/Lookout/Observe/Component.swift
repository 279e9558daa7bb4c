/// The parts of an Odoo installation that can be sick. A closed list: dashboards, routes and inhibitions are written against it.
enum Component: String, CaseIterable, Codable, Sendable {
  case network, proxy, process, workers, postgresql, database, registry, module, session, page, dashboard, export
  case access, log, cron, mail, host, backup, agent
}
