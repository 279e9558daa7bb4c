import Dispatch

/// Runs what waits in C (files on a slow disk) on a thread of its own: Swift's pool has one thread a core, and none to spare.
struct BlockingQueue: Sendable {
  private let queue: DispatchQueue

  init(_ name: String) {
    queue = DispatchQueue(label: name)
  }

  func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { @Sendable in continuation.resume(returning: work()) }
    }
  }
}

/// Runs a task that mostly waits in C on a thread of its own, with nothing handed to and fro.
final class BlockingExecutor: TaskExecutor {
  private let queue: DispatchQueue

  init(_ name: String) {
    queue = DispatchQueue(label: name)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { @Sendable in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
