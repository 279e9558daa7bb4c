import Logging

/// Everything that one round of looks needs, for as long as it takes.
struct OneRound {
  let configuration: Configuration
  /// Whether there is a login at Odoo to look with.
  let withLogin: Bool
  let limit: Duration

  /// Where a service of the system keeps the agent's state, which its configuration need not say.
  private static let serviceState = "/var/lib/lookout"

  /// - Throws: `AgentError` for a check that there is not, and where there is no room for temporary files.
  func look(at words: [String], notes: [String], progress style: OutputStyle) async throws -> CheckReport {
    let timeline = Timeline.system()
    let start = timeline.now()
    let loop = try EventLoop(name: "check")
    defer { loop.stop() }
    var notes = notes
    let state = try StateCopy.open(of: stateDirectory) { notes.append($0) }
    // What the looks have to say is in what they see.
    let silent = Logger(label: "lookout") { _ in SwiftLogNoOpLogHandler() }
    let watches = Watches(client: HTTPClient(loop: loop), loop: loop, probeLoop: loop, state: state, timeline: timeline, logger: silent)
    let table = await CheckTable(configuration.waiting(atMost: limit), watches, timeline: timeline)
    let checks = table.checks.filter { withLogin || !$0.component.needsLogin }
    let asked = try CheckSelection(words, among: checks)
    let round = CheckRound(
      checks: checks, selected: asked.checks, compared: table.compared.intersection(asked.checks), timeline: timeline,
      deadline: start + limit)
    let outcome = await ProgressLine(of: round.progress, style: style).shown { await round.run() }
    return CheckReport(outcome, of: checks, asked: asked, limit: limit, from: start, to: timeline.now(), notes: notes)
  }

  private var stateDirectory: String {
    let own = configuration.stateDirectory
    return StateCopy.exists(in: own) || !StateCopy.exists(in: Self.serviceState) ? own : Self.serviceState
  }
}

extension Component {
  /// Whether it is looked at with the agent's session at Odoo.
  fileprivate var needsLogin: Bool { [.session, .page, .dashboard, .export].contains(self) }
}
