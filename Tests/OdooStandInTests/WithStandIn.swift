import Foundation
import OdooStandIn
import Testing

/// A stand-in that runs: its two ports and its log.
struct Running: Sendable {
  var odoo: Client
  var control: Client
  var logPath: String

  func turnOn(_ fault: String) async {
    let answer = await control.get("/stand-in/faults/\(fault)", method: "POST")
    #expect(answer.status == 200, "\(answer.text)")
  }

  func turnOff(_ fault: String) async {
    let answer = await control.get("/stand-in/faults/\(fault)", method: "DELETE")
    #expect(answer.status == 200, "\(answer.text)")
  }

  /// Waits until a fault has struck, by asking the control door again and again.
  func whenStruck(by fault: String) async throws {
    for _ in 0..<10_000 {
      let faults = await control.get("/stand-in/faults").json as? [[String: Any]] ?? []
      if faults.contains(where: { $0["name"] as? String == fault && $0["struck"] as? Int != 0 }) { return }
    }
    Issue.record("\(fault) never struck")
  }

  func session() async throws -> String { try #require(await odoo.logIn().sessionID) }

  var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }
  func records() throws -> [LogRecord] { try LogRecord.all(in: log) }
}

/// Runs a stand-in in-process on free ports, at once rather than at Odoo's pace, and ends it afterwards.
func withStandIn(_ change: (inout StandIn.Options) -> Void = { _ in }, _ body: @escaping @Sendable (Running) async throws -> Void)
  async throws
{
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("stand-in-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  var options = StandIn.Options()
  options.logPath = directory.appendingPathComponent("odoo.log").path
  options.pace = 0
  change(&options)
  let standIn = StandIn(options: options)
  let path = options.logPath ?? ""
  let (ports, listening) = AsyncStream<(Int, Int)>.makeStream()
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { listening.finish() }
      try await standIn.run { port, controlPort in listening.yield((port, controlPort)) }
    }
    for await (port, controlPort) in ports {
      try await body(Running(odoo: Client(port: port), control: Client(port: controlPort), logPath: path))
      break
    }
    group.cancelAll()
    try await group.waitForAll()
  }
}
