import ArgumentParser
import Foundation
import PromQL

/// `lookout rules test F…`
struct RulesTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run unit tests of rules.",
    discussion: """
      The files are promtool's: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/. Of a test that fails, what was \
      expected stands behind -, what came instead behind +. Exit status: 0 when all pass, 1 otherwise.
      """)

  @Argument(help: ArgumentHelp("Files of unit tests.", valueName: "file"))
  var files: [String]

  @Option(name: .long, help: "Only the groups of tests whose name matches this regular expression; may be given several times.")
  var run: [String] = []

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one file of unit tests") }
    do { _ = try patterns() } catch { throw ValidationError("\(error)") }
  }

  func run() async throws {
    let patterns = try patterns()
    var haveAllPassed = true
    for path in files {
      print("Unit Testing:  \(path)")
      let complaints = Self.complaints(of: path, onlyGroups: patterns)
      if complaints.isEmpty {
        print("  SUCCESS\n")
      } else {
        haveAllPassed = false
        FileHandle.standardError.write(Data(("  FAILED:\n" + complaints.joined(separator: "\n") + "\n\n").utf8))
      }
    }
    if !haveAllPassed { throw ExitCode(1) }
  }

  private func patterns() throws -> [Pattern] { try run.map { try Pattern($0, anchored: false) } }

  /// What is wrong with a file, or fails in it.
  static func complaints(of path: String, onlyGroups patterns: [Pattern] = [], style: OutputStyle = .of(STDERR_FILENO)) -> [String] {
    do {
      let file = try RuleTestReader.read(try TextFile.read(path, limit: YAMLNode.sizeLimit), file: path)
      let rules = try rules(of: file, at: path)
      return file.groups.filter { group in patterns.isEmpty || patterns.contains { $0.matches(group.name) } }
        .flatMap { RuleTestRun($0, of: file, rules: rules).failures() }.flatMap { $0.lines(style: style) }
    } catch let error as RuleFileErrors {
      return error.errors.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  private static func rules(of file: RuleTestFile, at path: String) throws -> RuleSet {
    let folder = URL(filePath: path).deletingLastPathComponent()
    var groups: [RuleGroup] = []
    for pattern in file.ruleFiles {
      let whole = pattern.hasPrefix("/") ? pattern : folder.appending(path: pattern).path
      let found = PathPattern.paths(matching: whole)
      if found.isEmpty { FileHandle.standardError.write(Data("  WARNING: no file match pattern \(whole)\n".utf8)) }
      for path in found { groups += try RuleSet.load(try TextFile.read(path, limit: YAMLNode.sizeLimit), file: path).groups }
    }
    return RuleSet(groups: groups)
  }
}
