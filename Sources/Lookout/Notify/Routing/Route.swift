/// A node of the routing tree, with what it inherits filled in.
struct Route: Sendable {
  enum Grouping: Sendable, Equatable {
    /// `...`: every alert is a group of its own.
    case everyLabel
    case by(Set<String>)

    func labels(of alert: [String: String]) -> [String: String] {
      switch self {
      case .everyLabel: alert
      case .by(let names): alert.filter { names.contains($0.key) }
      }
    }
  }

  /// What a route says or inherits.
  struct Options: Sendable, Equatable {
    var receiver: String
    var grouping = Grouping.by([])
    var groupWait = Duration.seconds(30)
    var groupInterval = Duration.seconds(300)
    var repeatInterval = Duration.seconds(4 * 3600)
  }

  /// The matchers on the way to here, as Alertmanager writes them: `{}/{severity="critical"}`.
  let key: String
  let matchers: [Matcher]
  let options: Options
  /// Names of time intervals; these are not inherited.
  var muteTimeIntervals: [String] = []
  var activeTimeIntervals: [String] = []
  /// Whether the siblings behind are looked at although this one matched.
  var continues = false
  var children: [Route] = []

  init(root options: Options) {
    key = "{}"
    matchers = []
    self.options = options
  }

  init(matchers: [Matcher], options: Options, below parentKey: String) {
    self.matchers = matchers.sorted(by: Matcher.precedes)
    self.options = options
    key = "\(parentKey)/\(self.matchers.written)"
  }

  /// The routes that an alert takes, depth first; none where it does not match this one.
  func routes(for labels: [String: String]) -> [Route] {
    var found: [Route] = []
    collect(labels, &found)
    return found
  }

  private func collect(_ labels: [String: String], _ found: inout [Route]) {
    guard matchers.matches(labels) else { return }
    let before = found.count
    for child in children {
      let known = found.count
      child.collect(labels, &found)
      if found.count > known, !child.continues { break }
    }
    if found.count == before { found.append(self) }
  }

  /// The group that an alert is in on this route, as Alertmanager writes its key: `{}/{team="a"}:{alertname="Down"}`.
  func groupKey(_ labels: [String: String]) -> String { Notification.groupKey(labels, route: key) }

  /// This route and all below it.
  var all: [Route] { [self] + children.flatMap(\.all) }
}
