/// An item of `receivers`.
struct ReceiverSettings: Sendable {
  let name: String
  var webhooks: [WebhookSettings] = []
  /// Sections that Lookout does not deliver to.
  var undelivered: [String] = []

  private static let kinds = [ReceiverKind.webhook] + ReceiverKind.others

  /// - Parameters:
  ///   - global: the checked section.
  ///   - warn: told what is accepted and not followed.
  init(
    _ node: YAMLNode, global: YAMLMapping?, http: HTTPSettings, _ directory: Directory,
    warn: (YAMLNode, String) -> Void
  ) throws(ConfigurationError) {
    let section = try node.mapping(known: ["name", "labels"] + Self.kinds.map(\.section))
    name = try section.required("name").nonEmptyString()
    if let labels = section["labels"], !labels.isNull { try Self.check(labels, name) }
    for kind in Self.kinds {
      guard let list = section[kind.section], !list.isNull else { continue }
      let items = try list.list()
      for item in items { try kind.check(item, global: global) }
      if kind.section == ReceiverKind.webhook.section {
        for item in items {
          if let what = WebhookSettings.unsupported(item) {
            undelivered.append(kind.section)
            warn(item, "receiver '\(name)': \(what) is not supported yet, so that this webhook gets nothing")
            continue
          }
          let webhook = try WebhookSettings(item, global: http, directory)
          if !webhook.http.unsupported.isEmpty {
            warn(item, "receiver '\(name)': \(webhook.http.unsupported.joined(separator: ", ")) of 'http_config' is not followed yet")
          }
          webhooks.append(webhook)
        }
      } else if !items.isEmpty {
        undelivered.append(kind.section)
        warn(list, "receiver '\(name)': '\(kind.section)' is not delivered to yet")
      }
    }
  }

  private static func check(_ labels: YAMLNode, _ name: String) throws(ConfigurationError) {
    for (key, value) in try labels.texts() where try key.string() == "name" {
      guard try value.string() == name else { throw value.error("the label 'name' of a receiver is its name") }
    }
  }
}
