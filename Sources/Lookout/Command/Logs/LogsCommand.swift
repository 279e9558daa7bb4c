import ArgumentParser
import Foundation

/// `lookout logs [--since …] [--until …] [--output …] FILE…`
struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Report on logs of Odoo: what happened, what was slow, what failed.",
    discussion: """
      Reads the files once, the oldest first, packed ones (gz) too; `-` is standard input. Moments are in UTC, as Odoo logs them: \
      2026-11-22, "2026-11-22 13:05", or so long ago: 24h.

      Exit status: 0, or 1 where a file cannot be read to its end; what could be read is told.
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
  }

  @Option(name: .long, help: ArgumentHelp("Leave out what was logged before.", valueName: "moment"))
  var since: MomentArgument?

  @Option(name: .long, help: ArgumentHelp("Leave out what was logged from then on.", valueName: "moment"))
  var until: MomentArgument?

  @Option(name: .long, help: ArgumentHelp("How long a request takes that is slow.", valueName: "duration"))
  var slow = WaitingTime(duration: .seconds(2))

  @Option(name: .long, help: ArgumentHelp("How to say it.", valueName: "form"))
  var output = Output.text

  @Argument(help: ArgumentHelp("The logs.", valueName: "file"))
  var files: [String]

  func validate() throws {
    if let since, let until, since.milliseconds >= until.milliseconds {
      throw ValidationError("--until is not later than --since: nothing lies between them")
    }
  }

  func run() async throws {
    let reading = LogReading(
      try files.map(LogSource.init), period: (since?.milliseconds ?? .min)..<(until?.milliseconds ?? .max), slow: slow.duration.inSeconds)
    let queue = BlockingQueue("lookout.logs")
    let result = await ProgressLine(of: reading, style: .of(STDERR_FILENO)).shown { await queue.run { reading.run() } }
    let report = LogsReport(result, slow: slow.duration.inSeconds)
    print(try text(report), terminator: "")
    for trouble in result.troubles { FileHandle.standardError.write(Data("lookout: \(trouble)\n".utf8)) }
    if !result.troubles.isEmpty { throw ExitCode(1) }
  }

  private func text(_ report: LogsReport) throws -> String {
    switch output {
    case .text: LogsText(report: report, style: .of(STDOUT_FILENO)).text
    case .json: try LogsDocument(report).text()
    case .html: LogsPage(report: report).html
    }
  }
}
