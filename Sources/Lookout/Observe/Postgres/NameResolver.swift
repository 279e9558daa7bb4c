import Foundation
import Synchronization

/// Resolves names on threads that may block: libpq would call getaddrinfo itself, on the thread that everything else waits for. One look-up
/// a name is under way at most, so that a name server that never answers holds one thread, not one more each time.
final class NameResolver: Sendable {
  typealias Answer = Result<String, PostgresFailure>

  private struct LookUp {
    var waiters: [Int: CheckedContinuation<Answer, Never>] = [:]
  }

  private let state = Mutex((underWay: [String: LookUp](), next: 0))

  /// A numeric address of `host`; nil where it is the directory of a Unix socket or a numeric address already.
  func address(of host: String, until deadline: ContinuousClock.Instant) async throws(PostgresFailure) -> String? {
    if host.hasPrefix("/") || Self.isNumeric(host) { return nil }
    return try await withTaskGroup(of: Answer.self) { group in
      group.addTask { await self.join(host) }
      group.addTask {
        try? await Task.sleep(until: deadline)
        return .failure(.unreachable("the name server did not answer for '\(host)' in time"))
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(.unreachable("the name '\(host)' was not looked up"))
    }.get()
  }

  private func join(_ host: String) async -> Answer {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isFirst = state.withLock { state in
          let isFirst = state.underWay[host] == nil
          state.underWay[host, default: LookUp()].waiters[id] = continuation
          return isFirst
        }
        if isFirst { Thread.detachNewThread { self.finish(host, Self.lookUp(host)) } }
        if Task.isCancelled { leave(host, id) }
      }
    } onCancel: {
      leave(host, id)
    }
  }

  private func leave(_ host: String, _ id: Int) {
    let waiter = state.withLock { $0.underWay[host]?.waiters.removeValue(forKey: id) }
    waiter?.resume(returning: .failure(.unreachable("the look-up of '\(host)' was given up")))
  }

  private func finish(_ host: String, _ answer: Answer) {
    let lookUp = state.withLock { $0.underWay.removeValue(forKey: host) }
    lookUp?.waiters.values.forEach { $0.resume(returning: answer) }
  }

  private static func lookUp(_ host: String) -> Answer {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard code == 0, let first = list else {
      return .failure(.unreachable("the name '\(host)' could not be resolved: \(String(cString: gai_strerror(code)))"))
    }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    getnameinfo(first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    return .success(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  private static func isNumeric(_ host: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }
}
