import CCurl
import Foundation
import Synchronization

/// One thread that moves bytes: libcurl's transfers, and sockets that somebody waits for (libpq's). It is an executor, so that what talks
/// to those C libraries runs on this thread alone and needs no lock; and nothing on it may block.
final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  /// What a socket is waited for.
  enum Readiness {
    case reading, writing
  }

  /// Only touched on the loop's thread, but for `curl_multi_wakeup`, which may be called from any.
  let multi: OpaquePointer
  /// libcurl's handle of a transfer, as a number that may be handed about.
  typealias TransferID = UInt

  private let queue = Mutex(Queue())
  private let thread = Atomic<UInt>(0)
  /// Transfers under way, and who is to be told of their end.
  private var transfers: [TransferID: (CURLcode) -> Void] = [:]
  private var waits: [Int: SocketWait] = [:]
  private var nextWait = 0

  private struct Queue {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    var isStopped = false
    /// The thread has ended; what is added now needs another one.
    var isOver = false

    var isEmpty: Bool { jobs.isEmpty && calls.isEmpty }
  }

  private struct SocketWait {
    let socket: Int32
    let readiness: Readiness
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<Bool, Never>
  }

  let name: String

  /// How many connections libcurl opens at once; transfers beyond them wait.
  struct Connections: Sendable {
    var perHost: Int
    /// All loops' together stay below the 1,024 files that a process may usually have open.
    var inAll: Int

    /// Few: enough for what is told and asked now and then.
    static let few = Connections(perHost: 4, inAll: 64)
    /// A slow Odoo is asked few things at once, whatever the schedule wants; libcurl has one number for all hosts, so that what may be asked
    /// more has a loop of its own. Of many Odoos, 64 that hang do not keep the others waiting.
    static let odoos = Connections(perHost: 4, inAll: 256)
    /// Hosts of a list of one's own, six at once as browsers allow themselves; many that hang do not keep the others waiting.
    static let probes = Connections(perHost: 6, inAll: 512)
  }

  init(name: String, connections: Connections = .few) throws {
    self.name = name
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let multi = curl_multi_init() else { throw AgentError("libcurl could not be started: not enough memory") }
    self.multi = OpaquePointer(multi)
    _ = lookout_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections.perHost)
    _ = lookout_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections.inAll)
    startThread()
  }

  deinit {
    curl_multi_cleanup(UnsafeMutableRawPointer(multi))
  }

  /// Ends the thread; transfers and waits that are still under way, and all that come later, are ended as failed.
  func stop() {
    queue.withLock { $0.isStopped = true }
    curl_multi_wakeup(UnsafeMutableRawPointer(multi))
  }

  private func startThread() {
    let thread = Thread { self.runUntilStopped() }
    thread.name = name
    thread.start()
  }

  // MARK: - Executor

  func enqueue(_ job: consuming ExecutorJob) {
    enqueue(UnownedJob(job))
  }

  func enqueue(_ job: UnownedJob) {
    add { $0.jobs.append(job) }
  }

  /// Runs `call` on the loop's thread, soon.
  func execute(_ call: @escaping @Sendable () -> Void) {
    add { $0.calls.append(call) }
  }

  /// A task may have something to do on a loop that was stopped, if only to learn that: it gets a thread until that is done.
  private func add(_ work: (inout Queue) -> Void) {
    let (needsThread, isFirst) = queue.withLock { queue in
      let before = (queue.isOver, queue.isEmpty)
      work(&queue)
      queue.isOver = false
      return before
    }
    if needsThread { return startThread() }
    // Whoever filled the queue first has woken the loop, and the loop itself looks into the queue before it sleeps.
    if isFirst, !isCurrent { curl_multi_wakeup(UnsafeMutableRawPointer(multi)) }
  }

  private var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
  func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

  /// Lets libcurl's callbacks enter an actor of this loop: they come on its thread, but from no job.
  func checkIsolated() {
    precondition(isCurrent, "not on the loop's thread")
  }

  // MARK: - Transfers

  /// Starts a transfer; on the loop's thread, as is the call of `ended`, which comes once.
  func begin(_ easy: UnsafeMutableRawPointer, ended: @escaping (CURLcode) -> Void) {
    let id = TransferID(bitPattern: easy)
    transfers[id] = ended
    if curl_multi_add_handle(UnsafeMutableRawPointer(multi), easy) != CURLM_OK { end(id, CURLE_FAILED_INIT) }
  }

  /// Ends a transfer with that result unless it has ended already; on the loop's thread.
  func end(_ id: TransferID, _ result: CURLcode) {
    guard let ended = transfers.removeValue(forKey: id) else { return }
    curl_multi_remove_handle(UnsafeMutableRawPointer(multi), UnsafeMutableRawPointer(bitPattern: id))
    ended(result)
  }

  // MARK: - Sockets

  /// Waits until the socket is ready; false when the deadline passed, the task was cancelled or the loop was stopped first. For callers on
  /// the loop, who stay there.
  func wait(
    for socket: Int32, _ readiness: Readiness, until deadline: ContinuousClock.Instant, isolation: isolated (any Actor)? = #isolation
  ) async -> Bool {
    let id = nextWait
    nextWait += 1
    return await withTaskCancellationHandler {
      // A closure is isolated as its function is only where it captures the isolation.
      _ = isolation
      return await withCheckedContinuation { continuation in
        checkIsolated()
        if Task.isCancelled { return continuation.resume(returning: false) }
        waits[id] = SocketWait(socket: socket, readiness: readiness, deadline: deadline, continuation: continuation)
      }
    } onCancel: {
      execute { self.endWait(id, ready: false) }
    }
  }

  private func endWait(_ id: Int, ready: Bool) {
    waits.removeValue(forKey: id)?.continuation.resume(returning: ready)
  }

  // MARK: - The thread

  private func runUntilStopped() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    repeat {
      if isStopped { endEverything() } else { moveBytes() }
    } while runJobs()
    thread.store(0, ordering: .relaxed)
  }

  private var isStopped: Bool { queue.withLock(\.isStopped) }

  private func moveBytes() {
    var running: Int32 = 0
    curl_multi_perform(UnsafeMutableRawPointer(multi), &running)
    handOutEndedTransfers()
    pollOnce()
  }

  private func endEverything() {
    for id in transfers.keys { end(id, CURLE_ABORTED_BY_CALLBACK) }
    for id in waits.keys { endWait(id, ready: false) }
  }

  /// What a job leaves behind for the loop, its own continuation say, runs without a look at the sockets in between, but only for so many
  /// rounds: transfers must get on.
  private static let roundsOfJobs = 16

  /// False once the loop was told to stop and nothing is left to do.
  private func runJobs() -> Bool {
    for _ in 0..<Self.roundsOfJobs {
      let work = takeWork()
      if work.isOver || work.isEmpty { return !work.isOver }
      for job in work.jobs { job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor()) }
      for call in work.calls { call() }
    }
    return true
  }

  private func takeWork() -> Queue {
    let hasNothingUnderWay = transfers.isEmpty && waits.isEmpty
    return queue.withLock { queue in
      defer {
        queue.jobs = []
        queue.calls = []
      }
      queue.isOver = queue.isStopped && hasNothingUnderWay && queue.isEmpty
      return queue
    }
  }

  private func handOutEndedTransfers() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(UnsafeMutableRawPointer(multi), &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      end(TransferID(bitPattern: easy), lookout_curl_message_result(message))
    }
  }

  private func pollOnce() {
    let order = Array(waits)
    var sockets = order.map { _, wait in
      curl_waitfd(fd: wait.socket, events: wait.readiness == .reading ? Int16(CURL_WAIT_POLLIN) : Int16(CURL_WAIT_POLLOUT), revents: 0)
    }
    let hasJobs = queue.withLock { !$0.isEmpty || $0.isStopped }
    let timeout = hasJobs ? 0 : millisecondsToNextDeadline
    curl_multi_poll(UnsafeMutableRawPointer(multi), &sockets, UInt32(sockets.count), timeout, nil)
    let now = ContinuousClock.now
    for (socket, (id, wait)) in zip(sockets, order) {
      if socket.revents != 0 { endWait(id, ready: true) } else if wait.deadline <= now { endWait(id, ready: false) }
    }
  }

  private var millisecondsToNextDeadline: Int32 {
    guard let next = waits.values.map(\.deadline).min() else { return 60_000 }
    let left = (next - ContinuousClock.now).milliseconds + 1
    return Int32(clamping: min(60_000, max(0, left)))
  }
}
