/// Which component needs which: an edge leads from the one that suffers to the one that it needs.
enum ComponentGraph {
  static let needs: [Component: Set<Component>] = [
    // Odoo seen through its proxy: what Odoo itself does not answer, the proxy cannot.
    .proxy: [.network, .workers],
    // Odoo seen through /web/health: that takes a worker and two queries, so that a frozen PostgreSQL stops it too.
    .process: [.network, .host, .postgresql],
    .workers: [.process, .postgresql],
    .postgresql: [.host],
    .database: [.postgresql],
    .registry: [.database, .workers],
    .module: [.registry],
    .session: [.registry, .proxy],
    .page: [.module, .session],
    .dashboard: [.module, .session],
    // An export is written from the figures that the dashboard shows.
    .export: [.dashboard],
    .access: [.module, .session],
    .cron: [.module],
    .mail: [.registry],
    // An error in the log is the trace of something else's failure, whichever that is.
    .log: [.page, .dashboard, .export, .access, .cron, .mail],
    .backup: [.database],
  ]

  /// Everything below a component: what it needs, what that needs, and so on; not itself.
  static func reaches(_ component: Component) -> Set<Component> { closure[component] ?? [] }

  private static let closure: [Component: Set<Component>] = Dictionary(
    uniqueKeysWithValues: Component.allCases.map { ($0, below($0)) })

  private static func below(_ component: Component) -> Set<Component> {
    var found: Set<Component> = []
    var open = Array(needs[component] ?? [])
    while let next = open.popLast() {
      if found.insert(next).inserted { open.append(contentsOf: needs[next] ?? []) }
    }
    return found
  }

  /// The deepest of `failing` that `component` reaches; itself where none is deeper. Of several equally deep ones the first of the list of
  /// components, so that the answer does not change from look to look.
  static func cause(of component: Component, failing: Set<Component>) -> Component {
    let candidates = reaches(component).intersection(failing)
    let deepest = candidates.filter { reaches($0).isDisjoint(with: failing) }
    return Component.allCases.first { deepest.contains($0) } ?? component
  }
}
