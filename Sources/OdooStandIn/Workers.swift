internal import Synchronization

/// The prefork workers: who is free waits in a queue; a killed one comes back under a new process number.
final class Workers: Sendable {
  struct Worker: Sendable {
    var slot: Int
    var pid: Int
  }

  /// Slots of idle workers.
  let idle: AsyncStream<Int>
  private let freed: AsyncStream<Int>.Continuation
  private let state: Mutex<State>

  fileprivate struct State {
    var master: Int
    var pids: [Int] = []
    var requests: [Int] = []
    var lastPID: Int
  }

  init(count: Int, master: Int) {
    (idle, freed) = AsyncStream.makeStream()
    state = Mutex(State(master: master, lastPID: master))
    _ = renew(count: count)
    for slot in 0..<count { freed.yield(slot) }
  }

  var master: Int { state.withLock(\.master) }
  var pids: [Int] { state.withLock(\.pids) }

  func worker(in slot: Int) -> Worker {
    state.withLock { state in
      state.requests[slot] += 1
      return Worker(slot: slot, pid: state.pids[slot])
    }
  }

  func release(_ worker: Worker) { freed.yield(worker.slot) }

  /// A new process for one that was killed; returns its number.
  func replace(_ worker: Worker) -> Int {
    let pid = state.withLock { state in
      state.pids[worker.slot] = state.take()
      return state.pids[worker.slot]
    }
    freed.yield(worker.slot)
    return pid
  }

  func newPID() -> Int { state.withLock { $0.take() } }

  /// All processes anew, as after a restart; returns what the old ones had served.
  @discardableResult
  func renew(count: Int? = nil) -> [(pid: Int, requests: Int)] {
    state.withLock { state in
      let old = Array(zip(state.pids, state.requests))
      if !old.isEmpty { state.master = state.take() }
      state.pids = (0..<(count ?? old.count)).map { _ in state.take() }
      state.requests = state.pids.map { _ in 0 }
      return old
    }
  }
}

extension Workers.State {
  fileprivate mutating func take() -> Int {
    lastPID += 1
    return lastPID
  }
}
