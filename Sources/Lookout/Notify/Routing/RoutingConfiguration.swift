import Yams

/// Alertmanager's configuration file, read strictly: who is told of which alerts, when, and what holds an alert back.
struct RoutingConfiguration: Sendable {
  let file: String
  /// The same without secrets: receivers by their names only.
  let shownText: String
  /// As it was written: there may be secrets in it.
  private let original: Secret
  /// After which an alert that came without an end counts as resolved.
  private(set) var resolveTimeout = Duration.seconds(300)
  let root: Route
  private(set) var inhibitRules: [InhibitRule] = []
  private(set) var receivers: [ReceiverSettings] = []
  private(set) var timeIntervals: [String: [TimeInterval]] = [:]
  /// What is accepted and not followed, each with its place: `alertmanager.yml:3:5: warning: …`.
  private(set) var warnings: [String] = []

  private static let keys = [
    "global", "route", "inhibit_rules", "receivers", "templates", "mute_time_intervals", "time_intervals", "tracing", "event_recorder",
  ]

  static func read(_ path: String) throws(ConfigurationError) -> RoutingConfiguration {
    let text: String
    do { text = try TextFile.read(path, limit: YAMLNode.sizeLimit) } catch {
      let message = "\(error)"
      throw ConfigurationError(file: path, message: message.hasPrefix(path + " ") ? String(message.dropFirst(path.count + 1)) : message)
    }
    return try RoutingConfiguration(text, file: path)
  }

  init(_ text: String, file: String) throws(ConfigurationError) {
    self.file = file
    original = .text(text)
    guard let document = try YAMLNode.document(text, file: file)?.withMergedKeys(), !document.isNull else {
      throw ConfigurationError(file: file, message: "is empty; 'route' and 'receivers' are needed")
    }
    let top = try document.mapping(known: Self.keys)
    let directory = Directory(of: file)
    var warnings: [String] = []
    func warn(_ node: YAMLNode, _ message: String) { warnings.append(node.error("warning: \(message)").description) }

    let global = try Self.global(top["global"])
    resolveTimeout = try global?["resolve_timeout"]?.prometheusDuration() ?? resolveTimeout
    let http = try global?["http_config"].map { node throws(ConfigurationError) in try HTTPSettings(node, directory) } ?? HTTPSettings()
    for node in try Self.items(top["receivers"]) {
      let receiver = try ReceiverSettings(node, global: global, http: http, directory, warn: warn)
      guard !receivers.contains(where: { $0.name == receiver.name }) else {
        throw node.error("there is a receiver '\(receiver.name.prefix(60))' already")
      }
      receivers.append(receiver)
    }
    for node in try Self.items(top["mute_time_intervals"]) + Self.items(top["time_intervals"]) {
      let (name, intervals) = try TimeInterval.named(node)
      guard timeIntervals.updateValue(intervals, forKey: try name.string()) == nil else {
        throw name.error("there is a time interval of this name already")
      }
    }
    inhibitRules = try Self.items(top["inhibit_rules"]).map { node throws(ConfigurationError) in try InhibitRule(node) }
    if let templates = top["templates"], !templates.isNull {
      for item in try templates.list() { _ = try item.string() }
      warn(templates, "'templates' are not used yet: messages are Alertmanager's webhook payload")
    }
    try Self.checkTracing(top["tracing"])
    let reader = RouteReader(receivers: Set(receivers.map(\.name)), timeIntervals: Set(timeIntervals.keys))
    root = try reader.root(try top.required("route"))
    shownText = Self.shown(top, receivers)
    self.warnings = warnings
  }

  private static func global(_ node: YAMLNode?) throws(ConfigurationError) -> YAMLMapping? {
    guard let node, !node.isNull else { return nil }
    return try GlobalSettings.shape.check(node)
  }

  private static func items(_ node: YAMLNode?) throws(ConfigurationError) -> [YAMLNode] {
    guard let node, !node.isNull else { return [] }
    return try node.list()
  }

  /// What a secret may stand in is left out; what stays is still a configuration that amtool reads.
  private static func shown(_ top: YAMLMapping, _ receivers: [ReceiverSettings]) -> String {
    let parts = ["route", "inhibit_rules", "time_intervals", "mute_time_intervals"].compactMap { key in
      top[key].map { (Yams.Node(key), $0.node) }
    }
    let names = receivers.map { Yams.Node([(Yams.Node("name"), Yams.Node($0.name, .implicit, .doubleQuoted))]) }
    let shown = parts + [(Yams.Node("receivers"), Yams.Node(names))]
    return (try? Yams.serialize(node: Yams.Node(shown))) ?? ""
  }

  /// Traces of Alertmanager itself: nothing here sends any.
  private static func checkTracing(_ node: YAMLNode?) throws(ConfigurationError) {
    guard let node, !node.isNull else { return }
    let section = try node.mapping(
      known: ["endpoint", "client_type", "sampling_fraction", "insecure", "tls_config", "headers", "compression", "timeout"])
    guard section.holds("endpoint") else { throw node.error("'endpoint' is missing") }
  }
}

extension RoutingConfiguration: Equatable {
  static func == (left: RoutingConfiguration, right: RoutingConfiguration) -> Bool {
    left.file == right.file && left.original == right.original
  }
}
