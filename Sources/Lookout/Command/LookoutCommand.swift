import ArgumentParser
import Foundation

/// `lookout`: the program. (Not called as the module is, for then no type of the module could be named by its full name.)
@main
struct LookoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookout",
    abstract: "Watches an Odoo: its dashboards, its log and its PostgreSQL, and tells the person on call.",
    version: Version.number,
    subcommands: [
      RunCommand.self, CheckCommand.self, DemoCommand.self, ConfigCommand.self, RulesCommand.self, StandInCommand.self,
    ])

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
      exitOfCheck(error)
      exit(withError: error)
    }
  }

  /// A monitor that calls `lookout check` takes the status for a verdict, and a mistake on the command line is none.
  private static func exitOfCheck(_ error: any Error) {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.first == CheckCommand.configuration.commandName, exitCode(for: error) == .validationFailure else { return }
    let unknown = CheckReport.Status.unknown.exitCode
    FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
    if arguments.contains("nagios") || arguments.contains("--output=nagios") {
      print(NagiosOutput.unknown(message(for: error)), terminator: "")
    }
    exit(withError: ExitCode(unknown))
  }
}

/// An error whose description is all that a person needs.
protocol Refusal: Error, CustomStringConvertible {}

extension AgentError: Refusal {}
extension ConfigurationError: Refusal {}
extension RuleFileErrors: Refusal {}
extension ListenError: Refusal {}
