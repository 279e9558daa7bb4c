import ServiceLifecycle

/// The demo's one screen: what is watched, the pages to open, how to break something and what comes of it. Where there is no terminal it
/// says the same once, and then a line whenever something changes.
struct DemoScreen: Service {
  let odoo: StandInProcess
  let databasePort: Int
  let log: String
  let address: Board<String?>
  let boards: Pipeline.Boards
  let messages: Board<[DemoReceiver.Message]>
  let breaker: DemoBreaker
  let terminal: Terminal

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      do {
        if terminal.isInteractive { try await draw() } else { try await report() }
      } catch is CancellationError {}
    }
  }

  // MARK: - On a terminal

  private func draw() async throws {
    try await terminal.withScreen { keys in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          while true {
            terminal.write(frame())
            try await Task.sleep(for: .milliseconds(500))
          }
        }
        group.addTask {
          for await key in keys {
            if key == "q" { return }
            await breaker.press(key)
          }
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  private func frame() -> String {
    let view = DemoView(
      places: places, findings: boards.findings.latest, messages: messages.latest, broken: breaker.broken.latest,
      faultsURL: breaker.faultsURL, now: WallClock.now(), size: terminal.size, hasColours: terminal.hasColours)
    return "\u{1b}[H" + view.lines.map { $0 + "\u{1b}[K\r\n" }.joined() + "\u{1b}[J"
  }

  // MARK: - Without one

  private func report() async throws {
    var said = Said()
    while !Task.isCancelled {
      if address.latest != nil, !said.places {
        places.forEach { terminal.say("\($0.name): \($0.what)") }
        terminal.say("break it: curl -X POST \(breaker.faultsURL)/rpc_error; mend it: curl -X DELETE \(breaker.faultsURL)")
        said.places = true
      }
      for line in said.news(boards.findings.latest, messages.latest) { terminal.say(line) }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private var places: [DemoView.Place] {
    let pages = address.latest.map { "\($0)/  \($0)/health  \($0)/metrics" } ?? "starting …"
    return [
      DemoView.Place(name: "Odoo (stand-in)", what: "http://127.0.0.1:\(odoo.port)/web  log \(log)"),
      DemoView.Place(name: "PostgreSQL", what: "127.0.0.1:\(databasePort), database \(DemoDatabase.name)"),
      DemoView.Place(name: "Lookout", what: pages),
    ]
  }
}

/// What has been said on an output that is no terminal.
private struct Said {
  var places = false
  private var levels: [CheckID: String] = [:]
  private var messages = 0

  mutating func news(_ findings: [Finding], _ all: [DemoReceiver.Message]) -> [String] {
    var lines: [String] = []
    for finding in findings {
      let standing = "\(finding.level.word)\(finding.verdict.reason.map { " (\($0.rawValue))" } ?? "")"
      guard levels[finding.check] != standing else { continue }
      levels[finding.check] = standing
      lines.append("\(finding.check.check): \(standing): \(finding.verdict.sentence)")
    }
    lines += all.dropFirst(messages).map { "message: \($0.status): \($0.alert): \($0.sentence)" }
    messages = max(messages, all.count)
    return lines
  }
}
