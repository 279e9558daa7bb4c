/// Who is told of what, ready for use: the routes with the receivers that they lead to.
struct NotificationPlan: Sendable {
  var routing: Routing
  /// By integration.
  var receivers: [String: Receiver]
  /// As Alertmanager's configuration, without secrets, for whom it is shown to.
  var text = ""

  /// Nobody is told.
  static let none = NotificationPlan(
    routing: Routing(root: Route(root: Route.Options(receiver: "")), integrations: [:]), receivers: [:])

  init(routing: Routing, receivers: [String: Receiver]) {
    self.routing = routing
    self.receivers = receivers
  }

  /// By Alertmanager's configuration. Throws `AgentError` where the URL of a receiver cannot be read or used.
  init(_ configuration: RoutingConfiguration) throws {
    var integrations: [String: [Routing.Integration]] = [:]
    var receivers: [String: Receiver] = [:]
    for settings in configuration.receivers {
      integrations[settings.name] = try settings.webhooks.enumerated().map { index, webhook in
        let id = index == 0 ? settings.name : "\(settings.name) (webhook \(index + 1))"
        let receiver = try Receiver(webhook, name: id)
        guard receivers.updateValue(receiver, forKey: id) == nil else { throw AgentError("two receivers would be called '\(id)'") }
        return Routing.Integration(id: id, sendsResolved: webhook.sendsResolved, alertLimit: webhook.alertLimit)
      }
    }
    // What cannot be delivered where it should go goes to where everything goes that has no place of its own.
    let fallback = integrations[configuration.root.options.receiver] ?? []
    for settings in configuration.receivers where settings.webhooks.isEmpty && !settings.undelivered.isEmpty {
      integrations[settings.name] = fallback
    }
    routing = Routing(
      resolveTimeout: configuration.resolveTimeout, root: configuration.root, integrations: integrations,
      inhibitRules: configuration.inhibitRules, timeIntervals: configuration.timeIntervals)
    self.receivers = receivers
    text = configuration.shownText
  }

  /// By the routes that ship, with one webhook as their receiver.
  init(shippedFor webhook: Receiver) throws {
    var routing = try Self.shipped()
    routing.integrations = [routing.root.options.receiver: [Routing.Integration(id: webhook.name)]]
    self.init(routing: routing, receivers: [webhook.name: webhook])
    text = Self.shippedFile?.text ?? ""
  }

  /// The routes that ship, and nobody to tell.
  static func withoutReceiver() throws -> NotificationPlan {
    var plan = NotificationPlan(routing: try shipped(), receivers: [:])
    plan.text = shippedFile?.text ?? ""
    return plan
  }

  private static var shippedFile: ShippedFile? { ShippedFile.all.first { $0.name == "alertmanager.yml" } }

  /// `Alerts/alertmanager.yml` without its receivers. Alerts of our own come confirmed and judged in one step: nothing is gained by waiting.
  static func shipped() throws -> Routing {
    guard let file = shippedFile else { return none.routing }
    let configuration = try RoutingConfiguration(file.text, file: file.name)
    return Routing(
      pace: .prompt, root: configuration.root, integrations: [:], inhibitRules: configuration.inhibitRules,
      timeIntervals: configuration.timeIntervals)
  }
}

extension Receiver {
  init(_ webhook: WebhookSettings, name: String) throws {
    do {
      try self.init(name: name, url: try webhook.url.reveal().trimmed, timeout: webhook.timeout, http: webhook.http)
    } catch let mistake as WebAddress.Mistake {
      throw AgentError("the URL of receiver \(name) cannot be used: \(mistake.message)")
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...].drop { $0.isWhitespace }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
