import ArgumentParser

/// `lookout rules …`
struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Check and test rule files in Prometheus' format.",
    subcommands: [RulesCheckCommand.self, RulesTestCommand.self])
}
