/// All checks folded into one verdict with its root.
struct Standing: Sendable {
  /// Those in scope.
  let checks: [CheckStanding]
  /// The component in scope; nil means all of Odoo.
  let component: Component?
  let level: Level
  /// The finding to read first; nil while all pass and where there is nothing to look at. May lie outside the scope.
  let root: CheckStanding?

  init(_ all: [CheckStanding], of component: Component? = nil) {
    let scope = component.map { Self.checks(of: $0, among: all) } ?? all
    checks = scope
    self.component = component
    // Nobody looking is not health.
    let level = scope.map(\.weight).max() ?? .warn
    self.level = level
    root = level == .pass ? nil : Self.root(of: scope.filter { $0.weight == level }, in: all)
  }

  /// A component without a check of its own is told by those that blame it.
  private static func checks(of component: Component, among all: [CheckStanding]) -> [CheckStanding] {
    let own = all.filter { $0.component == component }
    return own.isEmpty ? all.filter { $0.cause == component } : own
  }

  /// The cause that explains most of the worst checks (the deeper one where two explain as many), told by that component's own worst
  /// finding where it has one.
  private static func root(of worst: [CheckStanding], in all: [CheckStanding]) -> CheckStanding? {
    let byCause = Dictionary(grouping: worst) { $0.cause ?? $0.component }
    let leading = byCause.max { ($0.value.count, -$0.key.position) < ($1.value.count, -$1.key.position) }
    guard let leading else { return nil }
    let own = all.filter { $0.component == leading.key && $0.level > .pass }
    return (own.isEmpty ? leading.value : own).min { ($1.level, $0.since ?? .distantPast) < ($0.level, $1.since ?? .distantPast) }
  }

  /// What is wrong, for a person; nil while all is well.
  var sentence: String? {
    if let root { return root.sentence }
    guard checks.isEmpty else { return nil }
    return component.map { "no check looks at the component \($0.rawValue)" } ?? "no check is set up"
  }

  /// The verdict in one line: `fail: postgresql: no connection …`.
  var headline: String {
    guard let sentence else { return "pass: \(checks.count == 1 ? "the one check passes" : "all \(checks.count) checks pass")" }
    return [level.word, (root?.component).map(\.rawValue), sentence].compactMap { $0 }.joined(separator: ": ")
  }
}

extension Timestamp {
  fileprivate static let distantPast = Timestamp(milliseconds: .min)
}
