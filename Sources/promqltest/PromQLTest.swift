import ArgumentParser

@main
struct PromQLTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promqltest", abstract: "Runs test scripts in the language of Prometheus' promqltest.",
    usage: "promqltest [--delayed-name-removal] [--filter TEXT] F…", subcommands: [RunScripts.self, Format.self, Fuzz.self, Measure.self],
    defaultSubcommand: RunScripts.self)
}
