import ArgumentParser

/// `lookout rules …`
struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Check rule files in Prometheus' format.", subcommands: [RulesCheckCommand.self])
}
