import Foundation
import OdooStandIn
import Testing

@testable import Lookout

/// A stand-in for Odoo on free ports, the door at which its faults are switched, and a client.
struct OdooAtHand: Sendable {
  let url: WebAddress
  /// Its second process, which also switches faults.
  let second: WebAddress
  let client: HTTPClient
  let folder: String

  func turnOn(_ fault: String) async {
    let answer = await client.perform(HTTPRequest(method: "POST", url: second.appending("/stand-in/faults/\(fault)")))
    #expect(answer.status == 200, "\(answer.text)")
  }

  func turnOff(_ fault: String) async {
    _ = await client.perform(HTTPRequest(method: "DELETE", url: second.appending("/stand-in/faults/\(fault)")))
  }

  var log: String { String(decoding: FileManager.default.contents(atPath: "\(folder)/odoo.log") ?? Data(), as: UTF8.self) }

  /// The configuration of a target with that login.
  func target(_ login: String = "monitor") -> Configuration.Target {
    let odoo = Configuration.Odoo(url: url, database: "crm", login: login, password: .text(login))
    return Configuration.Target(name: "crm", odoo: odoo)
  }

  func session(_ login: String = "monitor") -> SessionKeeper {
    SessionKeeper(
      target(login).odoo, timeout: .seconds(10), refusal: nil, now: Timeline.system().now, remember: { _ in },
      perform: { [client] in await client.perform($0) })
  }
}

func withOdooStandIn(
  _ change: (inout StandIn.Options) -> Void = { _ in }, _ body: @escaping @Sendable (OdooAtHand) async throws -> Void
) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  var options = StandIn.Options()
  options.logPath = "\(folder)/odoo.log"
  options.pace = 0
  change(&options)
  let standIn = StandIn(options: options)
  let (ports, listening) = AsyncStream<(Int, Int)>.makeStream()
  try await withClient { client in
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { listening.finish() }
        try await standIn.run { listening.yield(($0, $1)) }
      }
      for await (port, second) in ports {
        try await body(
          OdooAtHand(
            url: WebAddress("http://127.0.0.1:\(port)"), second: WebAddress("http://127.0.0.1:\(second)"), client: client, folder: folder))
        break
      }
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}

extension Check {
  /// What a look at it now amounts to.
  func verdict() async -> Verdict {
    let now = Timestamp(milliseconds: 0)
    return Judgement.verdict(on: Observation(self, interval: interval, startedAt: now, endedAt: now, sight: await look()))
  }
}
