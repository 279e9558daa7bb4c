import Foundation
import Testing

@testable import Lookout

@Suite("Odoo's main process", .timeLimit(.minutes(1)))
struct OdooProcessWatchTests {
  /// A process whose command line begins with that; it has ended when `body` has.
  private func withProcess(titled title: String, _ body: (pid_t) async throws -> Void) async throws {
    var pid = pid_t()
    var arguments = [strdup(title), strdup("1000"), nil]
    defer { arguments.forEach { free($0) } }
    try #require(posix_spawn(&pid, "/bin/sleep", nil, nil, &arguments, nil) == 0)
    defer {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    while Processes.commandLine(pid)?.hasPrefix(title) != true { await Task.yield() }
    try await body(pid)
  }

  @Test("is found by the port that it listens on")
  func byPort() async throws {
    try await withRawServer({ _ in }) { server in
      #expect(OdooProcessWatch.mainProcess(port: server.port, logged: nil) == getpid())
    }
    #expect(Processes.listener(on: 1) == nil)
  }

  @Test("is the parent of the worker that wrote the log")
  func byWorker() async throws {
    try await withProcess(titled: "odoo: WorkerHTTP 4711") { pid in
      #expect(OdooProcessWatch.mainProcess(port: nil, logged: UInt64(pid)) == getpid())
    }
  }

  @Test("is the process that wrote the log, where that is an Odoo at all", arguments: [("python3 odoo-bin", true), ("nginx", false)])
  func byWriter(title: String, isOdoo: Bool) async throws {
    try await withProcess(titled: title) { pid in
      #expect(OdooProcessWatch.mainProcess(port: nil, logged: UInt64(pid)) == (isOdoo ? pid : nil))
    }
  }

  @Test("is not known where nothing tells of it", arguments: [nil, 0, .max] as [UInt64?])
  func unknown(logged: UInt64?) {
    #expect(OdooProcessWatch.mainProcess(port: nil, logged: logged) == nil)
  }

  @Test("its end is told, also where it came before anybody waited for it; of one that never was nothing is")
  func ended() async throws {
    try await withLoop { loop in
      try await withProcess(titled: "odoo-bin") { pid in
        let end = ProcessEnd(loop: loop)
        async let isEnded = end.untilEnd(of: pid)
        kill(pid, SIGKILL)
        #expect(await isEnded)
        #expect(await end.untilEnd(of: pid))
        #expect(await !end.untilEnd(of: 0x3f_ffff))
      }
    }
  }

  @Test("a wait for its end ends with its task")
  func cancelled() async throws {
    try await withLoop { loop in
      try await withProcess(titled: "odoo-bin") { pid in
        let task = Task { await ProcessEnd(loop: loop).untilEnd(of: pid) }
        task.cancel()
        #expect(await !task.value)
      }
    }
  }
}
