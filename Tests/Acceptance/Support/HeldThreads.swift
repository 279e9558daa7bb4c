import Foundation
import Testing

/// Threads of a process that a debugger holds (ptrace(2)): they get on no more, all others do.
struct HeldThreads {
  private let holder: Program

  private static let script = """
    import ctypes, os, signal, sys, time
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    pid, name = int(sys.argv[1]), sys.argv[2]
    held = [int(task) for task in os.listdir(f"/proc/{pid}/task") if open(f"/proc/{pid}/task/{task}/comm").read().startswith(name)]
    for task in held:
      if libc.ptrace(16, task, 0, 0) != 0:  # PTRACE_ATTACH
        sys.exit(f"{task}: {os.strerror(ctypes.get_errno())}")
      os.waitpid(task, 0x40000000)  # __WALL
    print("held", len(held), flush=True)
    time.sleep(600)
    """

  /// Holds those whose name begins so.
  static func hold(of pid: pid_t, named name: String, in folder: String) async throws -> HeldThreads {
    let holder = try await Program.start(["python3", "-c", script, "\(pid)", name], in: folder, name: "holder")
    try await eventually("threads are held") {
      if holder.end != nil { throw NeverHappened(description: "threads could not be held: \(holder.errors)") }
      return holder.output.hasPrefix("held") && holder.output != "held 0\n"
    }
    return HeldThreads(holder: holder)
  }

  /// With the debugger's end they go on.
  func release() async { await holder.kill() }
}

extension Trait where Self == ConditionTrait {
  /// The tests must be allowed to hold threads of their own children.
  static var mayHoldThreads: Self {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let capabilities = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }?.split(separator: "\t").last
    let holdsAll = capabilities.flatMap { UInt64($0, radix: 16) }.map { $0 & 1 << 19 != 0 } ?? false
    return .enabled(if: holdsAll && Tool.path("python3") != nil, "needs python3 and the capability CAP_SYS_PTRACE")
  }
}
