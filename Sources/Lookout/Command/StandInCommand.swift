import ArgumentParser
import CProcess
import Foundation
import OdooStandIn

/// The stand-in Odoo as a process of its own, for the demo and the tests; not for users, so it is not listed.
struct StandInCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stand-in", abstract: "An Odoo to try Lookout on.", shouldDisplay: false)

  @Option(name: .long, help: "The port of Odoo; 0 takes any.")
  var port = 0
  @Option(name: .long, help: "The port at which faults are switched; 0 takes any.")
  var controlPort = 0
  @Option(name: .long, help: "Odoo's log file.")
  var log: String?
  @Option(name: .long, help: "HTTP workers.")
  var workers = 2
  @Option(name: .long, help: "The port of PostgreSQL on 127.0.0.1; none means a database that always runs.")
  var databasePort: Int?

  @Flag(name: .long, help: "End when the thread that started it ends, however that comes.")
  var endWithParent = false

  func run() async throws {
    var options = StandIn.Options()
    options.port = port
    options.controlPort = controlPort
    options.logPath = log
    options.workers = workers
    options.databaseAddress = databasePort.map { .tcp(host: "127.0.0.1", port: $0) }
    if endWithParent { _ = lookout_end_with_parent(SIGTERM) }
    try await StandIn(options: options).run { port, controlPort in
      FileHandle.standardOutput.write(Data("listening \(port) \(controlPort)\n".utf8))
    }
  }
}
