import Foundation
import Synchronization
import Testing

/// A log is rotated, copied and emptied, packed and linked elsewhere at random while Odoo writes to it and the agent is killed again and again:
/// in the end every line has been counted exactly once.
@Suite(.serialized, .needsProgram)
struct LogTortureTests {
  private static let settings = """
    odoo: {url: "http://127.0.0.1:9", database: crm, login: monitor, password_file: odoo.password}
    log:
      file: own.log
      start: beginning
      patterns: [{name: torture_marks_total, match: 'mark of the test'}]
    checks: {interval: 1s}
    listen: 127.0.0.1:0
    state_directory: state

    """

  private static let rounds = ProcessInfo.processInfo.environment["TORTURE_ROUNDS"].flatMap(Int.init) ?? 50
  private static let checkedEvery = ProcessInfo.processInfo.environment["TORTURE_CHECKED_EVERY"].flatMap(Int.init) ?? 50
  private static let seed = ProcessInfo.processInfo.environment["TORTURE_SEED"].flatMap(UInt64.init) ?? 1

  @Test("over rotations, truncations, crashes and restarts under load every line is counted exactly once")
  func torture() async throws {
    try await withFolder { folder in
      for (name, text) in ["lookout.yml": Self.settings, "odoo.password": "x\n", "own.log": ""] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let agent = AgentProcess(in: folder)
      try await agent.start()
      let log = RotatedLog(folder)
      let writer = Task.detached { while !Task.isCancelled { log.write() } }
      var random = SplitMix(state: Self.seed)
      for round in 1...Self.rounds {
        try await turn(log, agent, folder, &random)
        if round % Self.checkedEvery == 0 { try await expectCounted(log, agent, folder, "round \(round)") }
      }
      writer.cancel()
      await writer.value
      try await expectCounted(log, agent, folder, "the end")
      await agent.kill()
    }
  }

  private func turn(_ log: RotatedLog, _ agent: AgentProcess, _ folder: String, _ random: inout SplitMix) async throws {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: log.rename()
    case 3..<5: log.copyAndTruncate()
    case 5: log.pack()
    case 6: log.switchLink()
    case 7..<9:
      log.note("killed")
      await agent.kill()
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        if Bool.random(using: &random) { log.rename() } else { log.copyAndTruncate() }
        if Bool.random(using: &random) { log.pack() }
      }
      try await agent.start()
      log.note("started")
    default: try await Task.sleep(for: .milliseconds(Int.random(in: 20...200, using: &random)))
    }
    if Bool.random(using: &random) { try await Task.sleep(for: .milliseconds(Int.random(in: 0...60, using: &random))) }
  }

  private func expectCounted(_ log: RotatedLog, _ agent: AgentProcess, _ folder: String, _ when: String) async throws {
    // The writer pauses, so that there is a number to compare with.
    let written = log.pause()
    defer { log.goOn() }
    try await eventually("\(written) is counted at \(when) (seed \(Self.seed))", within: .seconds(20)) {
      let metrics = try await agent.metrics()
      let seen = RotatedLog.Counts(
        lines: Int(metrics.value("odoo_log_lines_total") ?? -1), bytes: Int(metrics.value("odoo_log_bytes_total") ?? -1),
        warnings: Int(metrics.value("odoo_log_records_total", ["level": "WARNING", "logger": "odoo.http"]) ?? -1),
        marks: Int(metrics.value("torture_marks_total") ?? -1))
      guard seen == written else {
        let losses = metrics.value("odoo_log_losses_total") ?? -1
        let standing = try? await agent.health()["log"]?.output
        throw NeverHappened(
          description: "counted so far: \(seen), \(losses) losses, log: \(standing ?? ""); the latest turns: \(log.history)")
      }
      return true
    }
    #expect(try await agent.metrics().value("odoo_log_losses_total") == 0)
    #expect(try await agent.metrics().value("odoo_log_odd_lines_total", ["kind": "stray"]) == 0)
  }
}

/// A log as Odoo writes it: the file is opened anew when its name leads elsewhere (WatchedFileHandler). Everything happens between two
/// records, so that copytruncate itself loses nothing.
private final class RotatedLog: Sendable {
  struct Counts: Equatable {
    var lines = 0
    var bytes = 0
    var warnings = 0
    var marks = 0
  }

  private struct State {
    var counts = Counts()
    var number = 0
    var isPaused = false
    var files = 0
    /// What befell it of late.
    var turns: [String] = []
  }

  private let folder: String
  private let state = Mutex(State())
  /// More are never there: what was not read yet must not go.
  private static let kept = 400

  init(_ folder: String) {
    self.folder = folder
  }

  private var path: String { "\(folder)/own.log" }

  func pause() -> Counts {
    state.withLock { state in
      state.isPaused = true
      // The next record would make it, and nobody looks beside a log that is not there.
      if access(path, F_OK) != 0 { fclose(fopen(path, "a")) }
      return state.counts
    }
  }

  var history: String { state.withLock { $0.turns.suffix(30).joined(separator: " ") } }

  func note(_ turn: String) { state.withLock { $0.turns.append("\(turn)@\($0.counts.lines)") } }

  func goOn() { state.withLock { $0.isPaused = false } }

  /// A few records, then a moment's rest.
  func write() {
    state.withLock { state in
      guard !state.isPaused, let file = fopen(path, "a") else { return }
      defer { fclose(file) }
      for _ in 0..<20 {
        state.number += 1
        let record = Self.record(state.number)
        fputs(record.text, file)
        state.counts.lines += record.lines
        state.counts.bytes += record.text.utf8.count
        state.counts.warnings += record.isWarning ? 1 : 0
        state.counts.marks += record.isMark ? 1 : 0
      }
    }
    usleep(5_000)
  }

  private static func record(_ number: Int) -> (text: String, lines: Int, isWarning: Bool, isMark: Bool) {
    let head = "2026-03-01 10:00:00,123 4711"
    // No errors: their check would be held until Odoo was looked at, and there is none.
    if number % 17 == 0 {
      let text =
        "\(head) WARNING crm odoo.http: Exception \(number)\nTraceback (most recent call last):\n"
        + "  File \"/opt/odoo/addons/shop/a.py\", line \(number), in total\n    x\nKeyError: \(number)\n"
      return (text, 5, true, false)
    }
    let isMark = number % 13 == 0
    return ("\(head) INFO crm odoo.addons.shop: \(isMark ? "mark of the test" : "record") \(number) \n", 1, false, isMark)
  }

  // MARK: - What befalls it

  /// As logrotate does: the newest has the number 1.
  func rename() {
    state.withLock { state in
      state.turns.append("renamed@\(state.counts.lines)")
      shift(&state)
      _ = Foundation.rename(path, path + ".1")
      if Int.random(in: 0..<2) == 0 { fclose(fopen(path, "a")) }
    }
  }

  func copyAndTruncate() {
    state.withLock { state in
      state.turns.append("copied@\(state.counts.lines)")
      guard access(path, F_OK) == 0 else { return }
      shift(&state)
      try? FileManager.default.copyItem(atPath: realPath, toPath: path + ".1")
      truncate(path, 0)
    }
  }

  /// The oldest that is not packed yet, as with `delaycompress`.
  func pack() {
    state.withLock { state in
      state.turns.append("packed@\(state.counts.lines)")
      guard let number = (2...Self.kept).reversed().first(where: { access("\(path).\($0)", F_OK) == 0 }) else { return }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/gzip")
      process.arguments = ["\(path).\(number)"]
      try? process.run()
      process.waitUntilExit()
    }
  }

  /// The name is a link from then on, or leads to another file.
  func switchLink() {
    state.withLock { state in
      state.turns.append("linked@\(state.counts.lines)")
      shift(&state)
      state.files += 1
      let target = "\(folder)/file-\(state.files)"
      fclose(fopen(target, "a"))
      // What it led to before stays beside it under a rotated name.
      _ = Foundation.rename(realPath, path + ".1")
      unlink(path)
      symlink(target, path)
    }
  }

  private var realPath: String {
    var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    return realpath(path, &resolved) == nil
      ? path : String(decoding: resolved.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func shift(_ state: inout State) {
    for number in (1..<Self.kept).reversed() {
      for suffix in ["", ".gz"] where access("\(path).\(number)\(suffix)", F_OK) == 0 {
        _ = Foundation.rename("\(path).\(number)\(suffix)", "\(path).\(number + 1)\(suffix)")
      }
    }
  }
}

/// The same numbers for the same seed (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
