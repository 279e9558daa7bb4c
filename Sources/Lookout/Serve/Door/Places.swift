import Synchronization

/// The connections of one listener. Where they are too many, not the newcomer is turned away but the connection that has got no further for
/// longest goes: who holds connections without using them loses them, and who wants a quick answer gets it in a full house too.
final class Places: Sendable {
  struct Limits: Sendable {
    var inAll = 256
    /// Those from beyond this machine, so that they cannot crowd out the monitors on it.
    var remote = 192
    /// Those from one address beyond this machine (of IPv6, from one /64).
    var perAddress = 32
  }

  typealias ID = UInt64

  private struct Guest {
    let network: [UInt8]
    let isRemote: Bool
    /// Grows with each step that any connection takes: the lowest has waited longest.
    var step: UInt64
    /// A request is with the agent: it is not the client that is slow.
    var isServed = false
    let close: @Sendable () -> Void
  }

  private struct State {
    var guests: [ID: Guest] = [:]
    var steps: UInt64 = 0
  }

  private let limits: Limits
  private let state = Mutex(State())

  init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  var count: Int { state.withLock(\.guests.count) }

  /// A connection has come.
  /// - Parameter close: called when it has to go for another; it counts no more then.
  func enter(_ address: IPAddress?, close: @escaping @Sendable () -> Void) -> ID {
    let guest = Guest(network: address?.network ?? [], isRemote: address?.isLoopback != true, step: 0, close: close)
    let (id, leaving) = state.withLock { state in
      let leaving = tooMany(with: guest, in: state).flatMap { state.guests.removeValue(forKey: $0) }
      state.steps += 1
      state.guests[state.steps] = guest
      state.guests[state.steps]?.step = state.steps
      return (state.steps, leaving)
    }
    leaving?.close()
    return id
  }

  func leave(_ id: ID) { state.withLock { _ = $0.guests.removeValue(forKey: id) } }

  /// It got on: a request came whole, an answer was taken.
  func step(_ id: ID, isServed: Bool) {
    state.withLock { state in
      state.steps += 1
      state.guests[id]?.step = state.steps
      state.guests[id]?.isServed = isServed
    }
  }

  /// The one that has to go before `guest` may come.
  private func tooMany(with guest: Guest, in state: State) -> ID? {
    if guest.isRemote {
      let neighbours = state.guests.filter { $0.value.network == guest.network }
      if neighbours.count >= limits.perAddress { return Self.slowest(neighbours) }
      let remote = state.guests.filter(\.value.isRemote)
      if remote.count >= limits.remote { return Self.slowest(remote) }
    }
    return state.guests.count >= limits.inAll ? Self.slowest(state.guests) : nil
  }

  private static func slowest(_ guests: [ID: Guest]) -> ID? {
    guests.min { ($0.value.isServed ? 1 : 0, $0.value.step) < ($1.value.isServed ? 1 : 0, $1.value.step) }?.key
  }
}
