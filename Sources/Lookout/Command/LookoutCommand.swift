import ArgumentParser
import CProcess
import Foundation

/// `lookout`: the program. (Not called as the module is, for then no type of the module could be named by its full name.)
@main
struct LookoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookout",
    abstract: "Watches an Odoo: its dashboards, its log and its PostgreSQL, and tells the person on call.",
    version: Version.number,
    subcommands: [
      RunCommand.self, CheckCommand.self, DemoCommand.self, ConfigCommand.self, RulesCommand.self, AlertCommand.self, SilenceCommand.self,
      LogsCommand.self, StandInCommand.self,
    ])

  /// Every refusal is one line a trouble on standard error, and exit status 1.
  static func main() async {
    // A receiver or browser that goes away must not end the agent.
    signal(SIGPIPE, SIG_IGN)
    lookout_give_back_freed_memory()
    do {
      var command = try parseAsRoot(ownArguments)
      if var asynchronous = command as? any AsyncParsableCommand { try await asynchronous.run() } else { try command.run() }
    } catch let error as any Refusal {
      write("lookout: \(error)")
      exit(withError: ExitCode(1))
    } catch {
      if exitCode(for: error) == .validationFailure { explain(error) }
      exit(withError: error)
    }
  }

  /// What stands behind the program's name. Swift finds it in front of the environment, and finds nothing where a preloaded library has moved
  /// that (libfaketime does); the kernel keeps it in any case (proc(5)).
  private static let ownArguments: [String] = {
    guard CommandLine.arguments.isEmpty, let line = FileManager.default.contents(atPath: "/proc/self/cmdline") else {
      return Array(CommandLine.arguments.dropFirst())
    }
    return line.split(separator: 0, omittingEmptySubsequences: false).dropFirst().dropLast().map { String(decoding: $0, as: UTF8.self) }
  }()

  /// What is wrong on the command line, where more can be said than the parser says, or another status is due.
  private static func explain(_ error: any Error) {
    let arguments = ownArguments
    let commands = configuration.subcommands.compactMap { $0.configuration.shouldDisplay ? $0.configuration.commandName : nil }
    if let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word), let meant = nearest(to: word, among: commands) {
      write("lookout: there is no command '\(word.prefix(60))'; did you mean '\(meant)'?")
      exit(withError: ExitCode.validationFailure)
    }
    // A monitor that calls `lookout check` takes the status for a verdict, and a mistake on the command line is none.
    guard arguments.first == CheckCommand.configuration.commandName else { return }
    write(fullMessage(for: error))
    if arguments.contains("nagios") || arguments.contains("--output=nagios") {
      print(NagiosOutput.unknown(message(for: error)), terminator: "")
    }
    exit(withError: ExitCode(CheckReport.Status.unknown.exitCode))
  }

  private static func write(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

/// An error whose description is all that a person needs.
protocol Refusal: Error, CustomStringConvertible {}

extension AgentError: Refusal {}
extension StateDatabaseError: Refusal {}
extension ConfigurationError: Refusal {}
extension RuleFileErrors: Refusal {}
extension ListenError: Refusal {}
