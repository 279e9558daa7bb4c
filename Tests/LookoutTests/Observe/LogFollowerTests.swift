import Foundation
import OdooLog
import Testing

@testable import Lookout

@Suite("Following Odoo's log", .timeLimit(.minutes(1)))
struct LogFollowerTests {
  private let time = HandMovedTime()
  private let told = Mailbox<String>()
  private let log = KeptLog()

  private struct Refusal: Error {}

  /// Follows a log for the time of `body`; each commit and each observation is told in short.
  private func follow(_ folder: LogFolder, failing: Bool = false, _ body: () async throws -> Void) async throws {
    let row = CheckRow(
      id: CheckID(target: "crm", check: "log"), component: .log, cost: .cheap, database: nil, interval: .seconds(15))
    let follower = LogFollower(
      check: row, open: { LogReader(path: folder.log, checkpoint: nil) },
      wait: { [time] _, _ in try? await time.timeline.sleep(time.now + .milliseconds(250)) }, timeline: time.timeline, logger: log.logger,
      commit: { [told] checkpoint in
        told.put("commit \(checkpoint.kept.log.statistics.lines)")
        if failing { throw Refusal() }
      })
    let task = Task { [told] in await follower.follow { told.put($0.logInShort) } }
    try await body()
    task.cancel()
    _ = await task.result
  }

  /// Lets the follower look once more.
  private func poll(times: Int = 1) async throws {
    for _ in 0..<times {
      try await time.sleeper(until: time.now + .milliseconds(250))
      time.advance(by: .milliseconds(250))
    }
    try await time.sleeper(until: time.now + .milliseconds(250))
  }

  @Test("the log is told at once at the beginning, then every 15 s; its position is committed before")
  func interval() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      try await follow(folder) {
        var first: [String] = []
        for _ in 0..<2 { first.append(try await told.take()) }
        #expect(first == ["commit 0", "0 lines, 0 errors"])
        try folder.append(logRecord("one"))
        try await poll(times: 59)
        #expect(told.all.isEmpty)
        try await poll()
        #expect(told.all == ["commit 1", "1 lines, 0 errors"])
      }
    }
  }

  @Test("an error that is no request's is told after a moment's patience, its position committed before")
  func news() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      try await follow(folder) {
        for _ in 0..<2 { _ = try await told.take() }
        try folder.append(logRecord("bad \"secret\" of 123456", "ERROR"))
        try await poll(times: 2)
        #expect(told.all == ["commit 1", "1 lines, 1 errors: ERROR odoo.tests: bad … of …"])
      }
    }
  }

  @Test("errors are recent for five minutes")
  func window() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      try await follow(folder) {
        try await poll()
        try folder.append(logRecord("bad", "ERROR"))
        try await poll()
        try await poll(times: 60 * 19)
        #expect(told.all.last?.hasPrefix("1 lines, 1 errors") == true)
        try await poll(times: 61)
        #expect(told.all.last?.hasPrefix("1 lines, 0 errors") == true)
      }
    }
  }

  @Test("a log that cannot be read is told once and at once, and so is one that can be again")
  func unreadable() async throws {
    try await withLogFolder { folder in
      try await follow(folder) {
        #expect(try await told.take() == "0 lines, 0 errors, unreadable")
        try await poll(times: 3)
        #expect(told.all.isEmpty)
        try folder.append("")
        try await poll()
        #expect(told.all == ["commit 0", "0 lines, 0 errors"])
      }
    }
  }

  @Test("where the position cannot be kept, that is logged and the log is told nevertheless; it is tried again with the next news")
  func failingCommit() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      try await follow(folder, failing: true) {
        for _ in 0..<2 { _ = try await told.take() }
        try folder.append(logRecord("bad", "ERROR"))
        try await poll(times: 2)
        #expect(told.all.first == "commit 1" && told.all.last?.hasPrefix("1 lines, 1 errors") == true)
        #expect(log.count("position in the log could not be kept") == 2)
      }
    }
  }
}

extension Noticed {
  fileprivate var logInShort: String {
    if case .event(.requestEnded(_, let request)) = self { return "\(request.status) \(request.route)" }
    guard case .observation(let observation) = self, case .log(let sight) = observation.sight.seen else { return "no sight of a log" }
    let lines = observation.sight.samples.first { $0.metric == .logLines }?.value ?? -1
    let error = sight.lastError.map { ": \($0)" } ?? ""
    return "\(Int(lines)) lines, \(sight.recentErrors) errors\(error)\(sight.unreadable == nil ? "" : ", unreadable")"
  }
}
