import Foundation
import Glibc
import Testing

@testable import Lookout

/// The agent as a service: what it tells the service manager and the journal.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct ServiceTests {
  /// Waits for a notice that holds `part`, whatever else comes before it.
  private func notice(_ part: String, at socket: NoticeSocket) async throws {
    var passed: [String] = []
    while true {
      let notice = await socket.next()
      guard !notice.isEmpty, passed.count < 60 else { throw NeverHappened(description: "waited in vain for \(part); came: \(passed)") }
      if notice.contains(part) { return }
      passed.append(notice)
    }
  }

  @Test("it tells when it is ready, what it sees, that it lives, reloads good and bad, and its end")
  func notices() async throws {
    let name = "@lookout-acceptance-\(UUID().uuidString)"
    let socket = try NoticeSocket(name)
    let wrapper = ["env", "NOTIFY_SOCKET=\(name)", "WATCHDOG_USEC=2000000"]
    try await withInstallation(Settings(wrapper: wrapper)) { installation in
      let first = await socket.next()
      #expect(first.hasPrefix("READY=1\nSTATUS=watching crm: "))
      #expect(try await installation.agent.page("/livez").status == 200)
      try await notice("WATCHDOG=1", at: socket)
      try await notice("STATUS=watching crm: all ", at: socket)
      try await installation.odoo.turnOn("rpc_error", "?route=/crm/dashboard/data")
      try await notice("STATUS=watching crm: 1 failing (dashboard: rpc_error)", at: socket)
      try await installation.odoo.turnOff("rpc_error")
      installation.agent.signal(SIGHUP)
      try await notice("RELOADING=1\nMONOTONIC_USEC=", at: socket)
      try await notice("READY=1", at: socket)
      try installation.reconfigure { $0.replacing("interval: 1s", with: "intervall: 1s") }
      installation.agent.signal(SIGHUP)
      try await notice("RELOADING=1\nMONOTONIC_USEC=", at: socket)
      try await notice("READY=1", at: socket)
      installation.agent.signal(SIGTERM)
      try await notice("STOPPING=1", at: socket)
    }
  }

  /// For longer than a loop may keep silent. Only the threads of the web server are held: everything else gets on.
  @Test("while one loop hangs, the watchdog is not fed, and again when it goes on", .mayHoldThreads, .timeLimit(.minutes(5)))
  func hangingLoop() async throws {
    let name = "@lookout-acceptance-\(UUID().uuidString)"
    let socket = try NoticeSocket(name)
    try await withInstallation(Settings(wrapper: ["env", "NOTIFY_SOCKET=\(name)", "WATCHDOG_USEC=2000000"])) { installation in
      try await notice("WATCHDOG=1", at: socket)
      let pid = try #require(installation.agent.program?.pid)
      let held = try await HeldThreads.hold(of: pid, named: "NIO-", in: installation.folder)
      _ = socket.taken()
      try await notice("WATCHDOG=1", at: socket)
      var latest = ContinuousClock.now
      try await eventually("nobody feeds the watchdog for 10 s", within: .seconds(120)) {
        if socket.taken().contains(where: { $0.contains("WATCHDOG=1") }) { latest = .now }
        return ContinuousClock.now - latest > .seconds(10)
      }
      await held.release()
      try await notice("WATCHDOG=1", at: socket)
      #expect(try await installation.agent.page("/livez").status == 200)
    }
  }

  @Test("its log is one record a line, as JSON and with the journal's prefixes, also of a start that is refused")
  func log() async throws {
    try await withInstallation(running: false) { installation in
      for (format, isRight) in Self.formats {
        let command = [try Built.path(), "run", "--config", installation.configurationFile, "--log-format", format, "--log-level", "debug"]
        let program = try await Program.start(command, in: installation.folder, name: format)
        try await eventually("it watches") { program.errors.contains("watching crm") }
        // A server that is stopped at once says something to each of its clients.
        let told = try installation.messages.count
        await installation.cluster.stop(mode: .immediate)
        #expect(try await installation.message(after: told).headline.contains("PostgreSQLDown"))
        try await installation.cluster.start()
        #expect(try await installation.message(after: told + 1).headline.contains("resolved"))
        program.signal(SIGTERM)
        #expect("\(try await program.wait())" == "exited(0)")
        let lines = program.errors.split(separator: "\n").map(String.init)
        #expect(lines.count > 1 && lines.allSatisfy(isRight), "\(lines)")
        #expect(program.output.isEmpty)
      }
      try installation.reconfigure { $0.replacing("database: crm", with: "database: [") }
      let refused = try await run(
        [try Built.path(), "run", "--config", installation.configurationFile, "--log-format", "journal"], in: installation.folder)
      #expect("\(refused.status)" == "exited(1)" && refused.errors.hasPrefix("<2>") && refused.errors.contains("lookout.yml:"))
    }
  }

  private static let formats: [(String, @Sendable (String) -> Bool)] = [
    (
      "json",
      { line in
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?["time"] is String && object?["level"] is String && object?["message"] is String
      }
    ),
    ("journal", { $0.wholeMatch(of: /<[2-7]>\S.*/) != nil }),
  ]

  @Test("where standard error is the journal's stream, the log has its form without being told")
  func journalStream() async throws {
    try await withInstallation(running: false) { installation in
      // As systemd does it: the variable names the very file that standard error is.
      let script = #"exec env JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) "$0" run --config lookout.yml"#
      let program = try await Program.start(["sh", "-c", script, try Built.path()], in: installation.folder, name: "journal")
      try await eventually("it watches") { program.errors.contains("<5>watching crm") }
      program.signal(SIGTERM)
      _ = try await program.wait()
    }
  }
}
