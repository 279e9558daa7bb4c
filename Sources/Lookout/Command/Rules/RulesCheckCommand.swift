import ArgumentParser
import Foundation

/// `lookout rules check F…`
struct RulesCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check rule files.",
    discussion: """
      Says every mistake with file, line and column, else how many groups and rules there are, and what is allowed but unwise: rules that are \
      there twice (duplicate-rules), what Prometheus, vmalert or an older version would refuse (portability), and metrics that nothing here \
      exposes (reachability). Exit status: 0 when all can be used, 1 otherwise, with --lint-fatal 3 for what is unwise.
      """)

  @Argument(help: ArgumentHelp("Rule files; - is standard input.", valueName: "file"))
  var files: [String]

  @Option(name: .long, help: "What to warn of: all, none, or some of duplicate-rules, portability and reachability, with commas.")
  var lint = "all"

  @Flag(name: .long, help: "Exit with status 3 for warnings.")
  var lintFatal = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one rule file") }
    guard files.count(where: { $0 == RuleFileExamination.standardInput }) < 2 else {
      throw ValidationError("standard input can be read once only")
    }
    _ = try kinds()
  }

  func run() async throws {
    let kinds = try kinds()
    let known = files.map(RuleFileExamination.recorded).reduce(into: Set()) { $0.formUnion($1) }
    var areAllUsable = true
    var areAllWise = true
    for file in files {
      let examined = RuleFileExamination(file, known: known)
      guard examined.mistakes.isEmpty else {
        areAllUsable = false
        say(examined.mistakes)
        continue
      }
      let findings = examined.findings.filter { kinds.contains($0.kind) }
      if !findings.isEmpty { areAllWise = false }
      say(findings.map { "warning: \($0)" })
      print("\(file): ok, \(count(examined.groups, "group")), \(count(examined.rules, "rule"))")
    }
    if !areAllUsable { throw ExitCode(1) }
    if lintFatal, !areAllWise { throw ExitCode(3) }
  }

  private func say(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    FileHandle.standardError.write(Data((lines.map(\.oneLine).joined(separator: "\n") + "\n").utf8))
  }

  private func kinds() throws -> Set<RuleLint.Kind> {
    switch lint {
    case "all": return Set(RuleLint.Kind.allCases)
    case "none": return []
    default: break
    }
    return Set(
      try lint.split(separator: ",").map { word in
        guard let kind = RuleLint.Kind(rawValue: String(word)) else {
          throw ValidationError(
            "there is no lint '\(word)': choose all, none or \(RuleLint.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return kind
      })
  }

  private func count(_ number: Int, _ what: String) -> String { number == 1 ? "1 \(what)" : "\(number) \(what)s" }
}
