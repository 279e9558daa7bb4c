import ArgumentParser
import Foundation

/// `lookout`: the program. (Not called as the module is, for then no type of the module could be named by its full name.)
@main
struct LookoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookout",
    abstract: "Watches an Odoo: its dashboards, its log and its PostgreSQL, and tells the person on call.",
    version: Version.number,
    subcommands: [RunCommand.self, DemoCommand.self, StandInCommand.self])

  /// Every refusal is one line a trouble on standard error, and exit status 1.
  static func main() async {
    // A receiver or browser that goes away must not end the agent.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand { try await asynchronous.run() } else { try command.run() }
    } catch let error as any Refusal {
      FileHandle.standardError.write(Data("lookout: \(error)\n".utf8))
      exit(withError: ExitCode(1))
    } catch {
      exit(withError: error)
    }
  }
}

/// An error whose description is all that a person needs.
protocol Refusal: Error, CustomStringConvertible {}

extension AgentError: Refusal {}
extension StateDatabaseError: Refusal {}
extension ConfigurationError: Refusal {}
extension RuleFileErrors: Refusal {}
extension ListenError: Refusal {}
