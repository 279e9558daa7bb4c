import ArgumentParser
import Foundation

/// `lookout config check F`
struct ConfigCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a configuration file and the files that it names.",
    discussion: """
      Says every mistake with file, line and column, and warns of what is allowed but unwise. Exit status: 0 when the agent could start \
      with it, 1 otherwise.
      """)

  @Argument(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var file: String

  func run() async throws {
    let survey = ConfigurationSurvey(readingFrom: file)
    let problems = survey.mistakes + survey.warnings
    if !problems.isEmpty { FileHandle.standardError.write(Data((problems.map(\.oneLine).joined(separator: "\n") + "\n").utf8)) }
    guard survey.mistakes.isEmpty else { throw ExitCode(1) }
    print((["\(file): ok"] + survey.summary.map { "  " + $0.oneLine }).joined(separator: "\n"))
  }
}
