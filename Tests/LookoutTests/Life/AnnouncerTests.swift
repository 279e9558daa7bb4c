import Logging
import Testing

@testable import Lookout

@Suite(.timeLimit(.minutes(1))) struct AnnouncerTests {
  /// An announcer at a real socket, in time that is moved by hand, with one loop besides.
  private struct Scene {
    let time = HandMovedTime()
    let line = Board("watching crm: all 2 checks pass")
    let heartbeats: Heartbeats
    let loop: Heartbeat
    let announcer: Announcer
    let log = KeptLog()

    init(_ environment: [String: String]) {
      heartbeats = Heartbeats(timeline: time.timeline)
      loop = heartbeats.expect("the loop")
      announcer = Announcer(
        to: ServiceManager(environment), heartbeats: heartbeats, timeline: time.timeline, logger: log.logger,
        headline: { [line] in line.latest }, monotonic: { 42 })
    }

    /// Moves on by `span`, to where the announcer has looked again and sleeps until `next`.
    func advance(by span: Duration, next: Duration) async throws {
      time.advance(by: span)
      try await time.sleeper(until: time.now + next)
    }
  }

  private func withScene(
    _ environment: [String: String] = [:], _ body: (Scene, NoticeSocket) async throws -> Void
  ) async throws {
    try await withNoticeSocket { name, socket in
      let scene = Scene(environment.merging(["NOTIFY_SOCKET": name]) { $1 })
      let task = Task { try await scene.announcer.run() }
      try await body(scene, socket)
      task.cancel()
      try await task.value
      #expect(socket.taken() == ["STOPPING=1"])
    }
  }

  @Test("ready is told once every loop has gone round, the line then and when it changes, and the end")
  func ready() async throws {
    try await withScene { scene, socket in
      #expect(socket.taken().isEmpty)
      scene.loop.beat()
      #expect(await socket.next() == "READY=1\nSTATUS=watching crm: all 2 checks pass")
      try await scene.time.sleeper(until: notifyStart + .seconds(5))
      try await scene.advance(by: .seconds(5), next: .seconds(5))
      #expect(socket.taken().isEmpty)
      scene.line.post("watching crm: 1 failing (dashboard: rpc_error)")
      try await scene.advance(by: .seconds(5), next: .seconds(5))
      #expect(socket.taken() == ["STATUS=watching crm: 1 failing (dashboard: rpc_error)"])
    }
  }

  @Test("a reload is told with its moment and its end, several at a time as one, and none before the agent is ready")
  func reload() async throws {
    try await withScene { scene, socket in
      scene.announcer.beginReload()
      scene.announcer.endReload()
      #expect(socket.taken().isEmpty)
      scene.loop.beat()
      _ = await socket.next()
      scene.announcer.beginReload()
      scene.announcer.beginReload()
      scene.announcer.endReload()
      #expect(socket.taken() == ["RELOADING=1\nMONOTONIC_USEC=42"])
      scene.announcer.endReload()
      #expect(socket.taken() == ["READY=1"])
    }
  }

  @Test("the watchdog is fed at half of its time, and only while every loop answers")
  func watchdog() async throws {
    try await withScene(["WATCHDOG_USEC": "20000000"]) { scene, socket in
      scene.loop.beat()
      _ = await socket.next()
      #expect(await socket.next() == "WATCHDOG=1")
      try await scene.time.sleeper(until: notifyStart + .seconds(5))
      try await scene.advance(by: .seconds(5), next: .seconds(5))
      #expect(socket.taken().isEmpty)
      try await scene.advance(by: .seconds(5), next: .seconds(5))
      #expect(socket.taken() == ["WATCHDOG=1"])
      scene.heartbeats.ask(at: scene.time.now)
      try await scene.advance(by: Heartbeats.patience, next: .seconds(5))
      #expect(socket.taken() == ["WATCHDOG=1"])
      for _ in 0..<4 { try await scene.advance(by: .seconds(5), next: .seconds(5)) }
      #expect(socket.taken().isEmpty)
      scene.loop.beat()
      try await scene.advance(by: .seconds(5), next: .seconds(5))
      #expect(socket.taken() == ["WATCHDOG=1"])
    }
  }

  @Test("a notice that could not be told is told at the next look")
  func again() async throws {
    let name = "@lookout-test-again-\(UInt64.random(in: 0...UInt64.max))"
    let scene = Scene(["NOTIFY_SOCKET": name])
    let task = Task { try await scene.announcer.run() }
    scene.loop.beat()
    try await scene.time.sleeper(until: notifyStart + .seconds(5))
    let socket = try NoticeSocket(name)
    scene.time.advance(by: .seconds(5))
    #expect(await socket.next().hasPrefix("READY=1\nSTATUS="))
    task.cancel()
    try await task.value
  }

  @Test("a socket that cannot be is said in the log")
  func trouble() async throws {
    let scene = Scene(["NOTIFY_SOCKET": "nowhere"])
    let task = Task { try await scene.announcer.run() }
    scene.loop.beat()
    task.cancel()
    try await task.value
    #expect(scene.log.count("$NOTIFY_SOCKET is neither a path") == 1)
  }
}

@Suite struct StatusLineTests {
  @Test("the line counts what fails and what warns, by component and reason, each once and not too many")
  func lines() {
    func text(_ findings: [Finding]) -> String {
      StatusLine.text(targets: "crm", standing: Standing(CheckStanding.all(findings: findings, expected: [], now: servedNow)))
    }
    let well = servedFinding("web_health", .process)
    let broken = servedFinding("dashboard_data", .dashboard, .fail, reason: .rpcError)
    let alike = servedFinding("strategic_data", .dashboard, .fail, reason: .rpcError)
    let slow = servedFinding("dashboard_export", .export, .warn, reason: .tooSlow)
    #expect(text([well]) == "watching crm: all 1 checks pass")
    #expect(text([well, broken]) == "watching crm: 1 failing (dashboard: rpc_error)")
    #expect(text([broken, alike, slow]) == "watching crm: 2 failing (dashboard: rpc_error), 1 warning (export: too_slow)")
    let many = [Reason.dns, .connect, .tls, .timeout, .emptyReply].enumerated().map { number, reason in
      servedFinding("check\(number)", .page, .fail, reason: reason)
    }
    #expect(text(many) == "watching crm: 5 failing (page: dns; page: connect; page: tls; and 2 more)")
  }
}
