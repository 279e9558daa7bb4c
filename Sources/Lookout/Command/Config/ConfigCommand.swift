import ArgumentParser

/// `lookout config …`
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Check a configuration file, or write a first one from what is found here.",
    subcommands: [ConfigCheckCommand.self, ConfigDiscoverCommand.self])
}
