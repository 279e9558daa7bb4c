import CProcess
import Glibc

/// Tells when Odoo's main process ends, where it runs on this machine: nobody need wait for the next look to learn of that.
struct OdooProcessWatch: Follower {
  let target: String
  /// Odoo's port, where it listens on this machine.
  let port: Int?
  /// Of a record in Odoo's log, where that lies on this machine.
  let loggedPID: Board<UInt64?>
  let loop: EventLoop

  var rows: [CheckRow] { [] }

  /// How often the process is looked for while it is not known.
  static let searchEvery = Duration.seconds(5)

  func follow(telling tell: @escaping Tell) async {
    let queue = BlockingQueue("lookout.processes")
    let waiting = ProcessEnd(loop: loop)
    while !Task.isCancelled {
      let known = await queue.run { Self.mainProcess(port: port, logged: loggedPID.latest) }
      if let known, await waiting.untilEnd(of: known) { tell(.event(.processEnded(target: target))) }
      try? await Task.sleep(for: Self.searchEvery)
    }
  }

  /// By the port that it listens on, which needs the right to see whose that is, or else by the process that wrote the log: workers have
  /// titles, and the main process for a parent.
  static func mainProcess(port: Int?, logged: UInt64?) -> pid_t? {
    if let port, let listener = Processes.listener(on: port) { return listener }
    guard let logged, let pid = pid_t(exactly: logged), let command = Processes.commandLine(pid) else { return nil }
    if command.hasPrefix("odoo: Worker") { return Processes.parent(of: pid) }
    return command.contains("odoo") ? pid : nil
  }
}

/// Waits on the loop's thread for processes to end.
actor ProcessEnd {
  private let loop: EventLoop

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(loop: EventLoop) {
    self.loop = loop
  }

  /// False when that cannot be known, or the task was cancelled first.
  func untilEnd(of pid: pid_t) async -> Bool {
    let descriptor = lookout_open_process(pid)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    while !Task.isCancelled {
      if await loop.wait(for: descriptor, .reading, until: .now + .seconds(3600)) { return !Task.isCancelled }
    }
    return false
  }
}
