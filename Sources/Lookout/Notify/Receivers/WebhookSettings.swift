/// An item of `webhook_configs`.
struct WebhookSettings: Sendable {
  /// The URL, or the file that holds it.
  let url: Secret
  let sendsResolved: Bool
  /// Nil where all alerts of a group are spelled out.
  let alertLimit: Int?
  let timeout: Duration
  let http: HTTPSettings

  /// Alertmanager has no limit of its own: an attempt then lasts until the group's next turn.
  static let usualTimeout = Duration.seconds(30)

  /// What an item asks for that is not done; nil where all of it is.
  static func unsupported(_ node: YAMLNode) -> String? {
    guard let section = try? node.mapping(known: ReceiverKind.webhook.shape.keys.keys.sorted()) else { return nil }
    if (try? section["url"]?.string())?.contains("{{") ?? false { return "a URL with templates" }
    return section.holds("payload") ? "'payload'" : nil
  }

  /// Of a node that has been checked.
  init(_ node: YAMLNode, global: HTTPSettings, _ directory: Directory) throws(ConfigurationError) {
    let section = try node.mapping(known: ReceiverKind.webhook.shape.keys.keys.sorted())
    if section.holds("url_file"), let file = section["url_file"] {
      url = .file(directory.path(try file.string()))
    } else {
      url = .text(try section.required("url").string())
    }
    sendsResolved = try section["send_resolved"]?.flag() ?? true
    let limit = try section["max_alerts"]?.int(in: 0...Int.max) ?? 0
    alertLimit = limit == 0 ? nil : limit
    let given = try section["timeout"]?.goDuration() ?? .zero
    timeout = given > .zero ? given : Self.usualTimeout
    http = try section["http_config"].map { node throws(ConfigurationError) in try HTTPSettings(node, directory) } ?? global
  }
}
