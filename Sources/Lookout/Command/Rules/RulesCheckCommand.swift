import ArgumentParser
import Foundation

/// `lookout rules check F…`
struct RulesCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check rule files.",
    discussion: """
      Says every mistake with file, line and column, else how many groups and rules there are. Exit status: 0 when all can be used, 1 \
      otherwise.
      """)

  @Argument(help: ArgumentHelp("Rule files; - is standard input.", valueName: "file"))
  var files: [String]

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one rule file") }
    guard files.count(where: { $0 == RuleFileExamination.standardInput }) < 2 else {
      throw ValidationError("standard input can be read once only")
    }
  }

  func run() async throws {
    var areAllUsable = true
    for file in files {
      let examined = RuleFileExamination(file)
      guard examined.mistakes.isEmpty else {
        areAllUsable = false
        FileHandle.standardError.write(Data((examined.mistakes.map(\.oneLine).joined(separator: "\n") + "\n").utf8))
        continue
      }
      print("\(file): ok, \(count(examined.groups, "group")), \(count(examined.rules, "rule"))")
    }
    if !areAllUsable { throw ExitCode(1) }
  }

  private func count(_ number: Int, _ what: String) -> String { number == 1 ? "1 \(what)" : "\(number) \(what)s" }
}
