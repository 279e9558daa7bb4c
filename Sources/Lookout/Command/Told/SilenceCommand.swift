import ArgumentParser
import Foundation

/// `lookout silence …`
struct SilenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence", abstract: "Keep alerts of a running agent quiet for a while.",
    subcommands: [SilenceAddCommand.self, SilenceListCommand.self, SilenceExpireCommand.self])
}

/// `lookout silence add MATCHER… --duration 2h --comment WHY`
struct SilenceAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Silence the alerts that all matchers match; prints the silence's id.",
    discussion: "Example: lookout silence add alertname=OdooDown 'target=~\"crm|shop\"' --duration 2h --comment 'update of Odoo'")

  @Argument(help: ArgumentHelp("Conditions on labels.", valueName: "matcher"))
  var matchers: [String]

  @Option(name: .long, help: ArgumentHelp("For how long.", valueName: "duration"))
  var duration = "1h"

  @Option(name: .long, help: ArgumentHelp("Why: whoever wonders reads it.", valueName: "text"))
  var comment: String

  @Option(name: .long, help: ArgumentHelp("Who says so.", valueName: "name"))
  var author = ProcessInfo.processInfo.environment["USER"] ?? "lookout"

  @OptionGroup var agent: AgentOptions

  func run() async throws {
    guard let span = Duration(written: duration), span > .zero else {
      throw ValidationError("'\(duration.prefix(60))' is no duration such as 2h or 30m")
    }
    let conditions: [WrittenSilence.WrittenMatcher]
    do { conditions = try matchers.flatMap { try MatcherSyntax.matchers($0).map(WrittenSilence.WrittenMatcher.init) } } catch {
      throw ValidationError("\(error)")
    }
    let now = WallClock.now()
    let silence = WrittenSilence(
      matchers: conditions, startsAt: now.rfc3339, endsAt: (now + span).rfc3339, createdBy: author, comment: comment)
    let answer = try await agent.client().post("silences", silence, as: [String: String].self)
    print(answer["silenceID"] ?? "")
  }
}

/// `lookout silence list`
struct SilenceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the silences that hold and those to come.")

  @Flag(name: .long, help: "Those that are over, too.")
  var expired = false

  @OptionGroup var agent: AgentOptions

  func run() async throws {
    let silences = try await agent.client().get("silences?expired=\(expired)", as: [WrittenSilence].self)
    print(Table(["ID", "STATE", "ENDS", "BY", "MATCHERS", "COMMENT"], silences.map(Self.row)).text, terminator: "")
  }

  private static func row(_ silence: WrittenSilence) -> [String] {
    [
      silence.id ?? "", silence.status?.state ?? "", silence.endsAt, silence.createdBy, silence.matchers.map(\.text).joined(separator: " "),
      silence.comment,
    ]
  }
}

/// `lookout silence expire ID…`
struct SilenceExpireCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "expire", abstract: "End silences now.")

  @Argument(help: ArgumentHelp("As 'silence list' shows them.", valueName: "id"))
  var ids: [String]

  @OptionGroup var agent: AgentOptions

  func run() async throws {
    let client = try agent.client()
    for id in ids {
      guard UUID(uuidString: id) != nil else { throw ValidationError("'\(id.prefix(60))' is no id of a silence") }
      try await client.delete("silence/\(id)")
    }
  }
}
