/// Reads a routing tree strictly.
struct RouteReader {
  /// Names that may be used.
  let receivers: Set<String>
  let timeIntervals: Set<String>

  private static let keys = [
    "receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "matchers", "match", "match_re", "continue", "routes",
    "mute_time_intervals", "active_time_intervals",
  ]

  func root(_ node: YAMLNode) throws(ConfigurationError) -> Route {
    let section = try node.mapping(known: Self.keys)
    guard section.holds("receiver") else {
      var error = node.error("'receiver' is missing: the first route must name one")
      error.missingKey = "receiver"
      throw error
    }
    for key in ["matchers", "match", "match_re"] where try !isEmpty(section[key]) {
      throw section.values[key]?.error("the first route takes every alert and has no matchers") ?? node.error("no matchers here")
    }
    for key in ["mute_time_intervals", "active_time_intervals"] where try !isEmpty(section[key]) {
      throw section.values[key]?.error("the first route has no time intervals") ?? node.error("no time intervals here")
    }
    if let continues = section["continue"], try continues.flag() { throw continues.error("'continue' has no meaning at the first route") }
    var route = Route(root: try options(section, Route.Options(receiver: "")))
    route.children = try children(section, of: route)
    return route
  }

  private func isEmpty(_ node: YAMLNode?) throws(ConfigurationError) -> Bool {
    switch node?.node {
    case nil: true
    case .sequence(let items)?: items.isEmpty
    case .mapping(let pairs)?: pairs.isEmpty
    default: node?.isNull ?? true
    }
  }

  private func route(_ node: YAMLNode, below parent: Route) throws(ConfigurationError) -> Route {
    let section = try node.mapping(known: Self.keys)
    var route = Route(matchers: try section.matchers(), options: try options(section, parent.options), below: parent.key)
    route.muteTimeIntervals = try intervals(section["mute_time_intervals"])
    route.activeTimeIntervals = try intervals(section["active_time_intervals"])
    route.continues = try section["continue"]?.flag() ?? false
    route.children = try children(section, of: route)
    return route
  }

  private func children(_ section: YAMLMapping, of route: Route) throws(ConfigurationError) -> [Route] {
    guard let node = section["routes"], !node.isNull else { return [] }
    return try node.list().map { item throws(ConfigurationError) in try self.route(item, below: route) }
  }

  private func options(_ section: YAMLMapping, _ inherited: Route.Options) throws(ConfigurationError) -> Route.Options {
    var options = inherited
    if let node = section["receiver"], section.holds("receiver") {
      options.receiver = try node.string()
      guard receivers.contains(options.receiver) else {
        throw node.error("there is no receiver '\(options.receiver.prefix(60))'" + hint(options.receiver, receivers))
      }
    }
    if let node = section["group_by"], !node.isNull { options.grouping = try grouping(node) }
    options.groupWait = try section["group_wait"]?.prometheusDuration() ?? options.groupWait
    options.groupInterval = try positive(section["group_interval"]) ?? options.groupInterval
    options.repeatInterval = try positive(section["repeat_interval"]) ?? options.repeatInterval
    return options
  }

  private func positive(_ node: YAMLNode?) throws(ConfigurationError) -> Duration? {
    guard let node, !node.isNull else { return nil }
    let duration = try node.prometheusDuration()
    guard duration > .zero else { throw node.error("this interval cannot be zero") }
    return duration
  }

  private func grouping(_ node: YAMLNode) throws(ConfigurationError) -> Route.Grouping {
    let items = try node.list()
    var names: Set<String> = []
    var isEverything = false
    for item in items {
      let name = try item.nonEmptyString()
      if name == "..." { isEverything = true } else if !names.insert(name).inserted { throw item.error("'\(name)' stands here twice") }
    }
    guard !isEverything || names.isEmpty else { throw node.error("'...' means every label: no other can stand beside it") }
    return isEverything ? .everyLabel : .by(names)
  }

  private func intervals(_ node: YAMLNode?) throws(ConfigurationError) -> [String] {
    guard let node, !node.isNull else { return [] }
    return try node.list().map { item throws(ConfigurationError) in
      let name = try item.string()
      guard timeIntervals.contains(name) else {
        throw item.error("there is no time interval '\(name.prefix(60))'" + hint(name, timeIntervals))
      }
      return name
    }
  }

  private func hint(_ name: String, _ known: Set<String>) -> String {
    nearest(to: name, among: known.sorted()).map { "; did you mean '\($0)'?" } ?? ""
  }
}
