import ArgumentParser
import Foundation

/// `lookout check [--config F] [--output …] [CHECK…]`
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look once at an Odoo and say how it stands.", usage: "lookout check [<options>] [<check> ...]",
    discussion: """
      Takes the agent's own looks, judged as the agent judges them; a running agent is not disturbed. Names or components (dashboard_data, \
      postgresql, dashboard) limit what is looked at; without any it is everything.

      Exit status: 0 pass, 1 warn, 2 fail, 3 unknown (also for mistakes in the configuration and on the command line).
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable {
    case table, json, nagios, junit
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The configuration file.",
      discussion: "Default: \(ConfigurationSource.usualPath), else what is found on this machine.", valueName: "file"))
  var config: String?

  @Option(name: .long, help: ArgumentHelp("How to say it.", valueName: "form"))
  var output = Output.table

  @Option(name: .long, help: ArgumentHelp("How long to wait in all; what has not answered by then is unknown.", valueName: "duration"))
  var timeout = WaitingTime(duration: .seconds(60))

  @Argument(help: ArgumentHelp("Checks or components; all when none is named.", valueName: "check"))
  var checks: [String] = []

  func run() async throws {
    let report: CheckReport
    do {
      report = try await look()
    } catch let error as any Refusal {
      say(unknown: error.description)
      throw ExitCode(CheckReport.Status.unknown.exitCode)
    }
    print(try text(report), terminator: "")
    throw ExitCode(report.status.exitCode)
  }

  private func look() async throws -> CheckReport {
    let source = try ConfigurationSource.find(config)
    if let remark = source.remark { FileHandle.standardError.write(Data("lookout: \(remark)\n".utf8)) }
    let once = OneRound(configuration: source.configuration, withLogin: source.hasLogin, limit: timeout.duration)
    return try await once.look(at: checks, notes: source.notes, progress: OutputStyle.of(STDERR_FILENO))
  }

  private func text(_ report: CheckReport) throws -> String {
    switch output {
    case .table: TableOutput(report: report, style: .of(STDOUT_FILENO)).text
    case .json: try CheckDocument(report).text()
    case .nagios: NagiosOutput(report: report).text
    case .junit: JUnitOutput(report: report).text
    }
  }

  private func say(unknown message: String) {
    FileHandle.standardError.write(Data("lookout: \(message)\n".utf8))
    switch output {
    case .table: break
    case .json: print((try? CheckDocument(unknown: message).text()) ?? "", terminator: "")
    case .nagios: print(NagiosOutput.unknown(message), terminator: "")
    case .junit: print(JUnitOutput.unknown(message), terminator: "")
    }
  }
}

/// A span on the command line: `90s`, `1m30s`, or seconds as a number.
struct WaitingTime: ExpressibleByArgument, CustomStringConvertible {
  let duration: Duration

  private static let range = Duration.milliseconds(100)...Duration.seconds(3600)

  init(duration: Duration) {
    self.duration = duration
  }

  init?(argument: String) {
    let seconds = Double(argument).flatMap { $0.isFinite && abs($0) < 1e6 ? Duration.seconds($0) : nil }
    guard let duration = seconds ?? Duration(written: argument), Self.range.contains(duration) else { return nil }
    self.duration = duration
  }

  var description: String { "\(duration.inSeconds.formatted())s" }
  var defaultValueDescription: String { description }
}
