/// What each process has said since it last ended a request or a job: the only trace of what it was at when it was killed.
struct WorkerTraces: Sendable {
  private struct Trace: Sendable {
    let pid: UInt64
    var name: String
    var isJob: Bool
  }

  private static let limit = 32
  private static let module = "odoo.addons."
  /// Says something at the first request of each worker, whatever that is.
  private static let routing = "odoo.addons.base.models.ir_http"

  private var traces: [Trace] = []
  /// A bit for each process that may be among them.
  private var mask: UInt64 = 0

  @inline(__always)
  func mayHold(_ pid: UInt64) -> Bool { mask >> (pid & 63) & 1 != 0 }

  mutating func forget(_ pid: UInt64) {
    traces.removeAll { $0.pid == pid }
    mask = traces.reduce(0) { $0 | 1 << ($1.pid & 63) }
  }

  mutating func saw(_ pid: UInt64, logger: String) {
    if logger.hasPrefix(Self.module), logger != Self.routing { keep(Trace(pid: pid, name: logger, isJob: false)) }
  }

  mutating func saw(_ pid: UInt64, job: String) { keep(Trace(pid: pid, name: job, isJob: true)) }

  /// For a person.
  func text(_ pid: UInt64) -> String? {
    traces.first { $0.pid == pid }.map { $0.isJob ? "the job was \($0.name)" : "the last to log in it was \($0.name)" }
  }

  private mutating func keep(_ trace: Trace) {
    if let index = traces.firstIndex(where: { $0.pid == trace.pid }) {
      // A job's own messages do not hide which job it is.
      if trace.isJob || !traces[index].isJob { traces[index] = trace }
      return
    }
    if traces.count >= Self.limit { traces.removeFirst() }
    traces.append(trace)
    mask |= 1 << (trace.pid & 63)
  }
}
