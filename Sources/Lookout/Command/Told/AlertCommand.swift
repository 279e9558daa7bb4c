import ArgumentParser

/// `lookout alert …`
struct AlertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alert", abstract: "Ask a running agent about its alerts.", subcommands: [AlertListCommand.self])
}

/// `lookout alert list [MATCHER…]`
struct AlertListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show what fires, whom it goes to, and what holds it back.")

  @Argument(help: ArgumentHelp("Conditions on labels; all alerts without any.", valueName: "matcher"))
  var matchers: [String] = []

  @OptionGroup var agent: AgentOptions

  func run() async throws {
    let alerts = try await agent.client().get("alerts?\(AgentClient.filters(matchers))", as: [WrittenAlert].self)
    let rows = alerts.sorted { $0.startsAt < $1.startsAt }.map(Self.row)
    print(Table(["ALERT", "SINCE", "STATE", "RECEIVERS", "LABELS", "SUMMARY"], rows).text, terminator: "")
  }

  private static func row(_ alert: WrittenAlert) -> [String] {
    let labels = alert.labels.filter { $0.key != "alertname" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return [
      alert.labels["alertname"] ?? "", alert.startsAt, state(alert.status), alert.receivers.map(\.name).joined(separator: ","),
      labels.joined(separator: " "), alert.annotations["summary"] ?? "",
    ]
  }

  private static func state(_ status: WrittenAlert.Status) -> String {
    if !status.silencedBy.isEmpty { return "silenced" }
    if !status.inhibitedBy.isEmpty { return "inhibited" }
    return status.state
  }
}
