import Foundation
import Testing

@Suite struct ManualTests {
  private static let manual = Tool.packageFile("man/lookout.1").replacing("\\-", with: "-")

  private struct Dump: Decodable { let command: Command }

  private struct Command: Decodable {
    let commandName: String
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let names: [Name]?
      let shouldDisplay: Bool
    }

    /// `lookout config check`, with the long options of each.
    func all(_ prefix: String = "") -> [(name: String, options: [String])] {
      guard shouldDisplay != false, commandName != "help" else { return [] }
      let options = (arguments ?? []).filter(\.shouldDisplay).flatMap { ($0.names ?? []).filter { $0.kind == "long" }.map(\.name) }
      return [(prefix + commandName, options)] + (subcommands ?? []).flatMap { $0.all(prefix + commandName + " ") }
    }
  }

  @Test("the manual page names every command and every option", .needsProgram)
  func commands() async throws {
    try await withFolder { folder in
      let dumped = try await run([try Built.path(), "--experimental-dump-help"], in: folder)
      let root = try JSONDecoder().decode(Dump.self, from: Data(dumped.output.utf8)).command
      let commands = root.all()
      #expect(commands.contains { $0.name == "lookout config check" } && commands.contains { $0.options.contains("output") })
      for (name, options) in commands {
        let isLeaf = !commands.contains { $0.name.hasPrefix(name + " ") }
        #expect(!isLeaf || Self.manual.contains(".B \(name)\n"), "man/lookout.1 does not name '\(name)' under COMMANDS")
        for option in options { #expect(Self.manual.contains("--\(option)"), "man/lookout.1 does not name --\(option) of '\(name)'") }
      }
    }
  }

  @Test("man renders it without a warning", .needs("man", from: "man-db"))
  func rendered() async throws {
    try await withFolder { folder in
      // As lintian looks at it.
      let command = ["env", "LC_ALL=C.UTF-8", "MANROFFSEQ=", "MANWIDTH=80", "man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8"]
      let page = try await run(command + ["\(Tool.packageRoot)/man/lookout.1"], in: folder)
      #expect("\(page.status)" == "exited(0)" && page.errors.isEmpty, "\(page.errors)")
      #expect(page.output.split(separator: "\n").count > 100)
    }
  }

  @Test("mandoc has nothing to say about it", .needs("mandoc", from: "mandoc"))
  func linted() async throws {
    try await withFolder { folder in
      let said = try await run(["mandoc", "-Tlint", "\(Tool.packageRoot)/man/lookout.1"], in: folder)
      #expect(said.output.isEmpty && said.errors.isEmpty, "\(said.output)")
    }
  }
}
