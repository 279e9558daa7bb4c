import Testing

@testable import Lookout

@Suite struct PlacesTests {
  private let gone = Board<[String]>([])

  private func enter(_ places: Places, _ name: String, from address: String) -> Places.ID {
    places.enter(IPAddress(address)) { [gone] in gone.update { $0.append(name) } }
  }

  @Test("who has waited longest without a step goes first")
  func longestWaiting() {
    let places = Places(Places.Limits(inAll: 3))
    let first = enter(places, "first", from: "127.0.0.1")
    _ = enter(places, "second", from: "127.0.0.1")
    _ = enter(places, "third", from: "127.0.0.1")
    places.step(first, isServed: false)
    _ = enter(places, "fourth", from: "127.0.0.1")
    #expect(gone.latest == ["second"])
    _ = enter(places, "fifth", from: "127.0.0.1")
    #expect(gone.latest == ["second", "third"])
    #expect(places.count == 3)
  }

  @Test("who waits for the agent itself goes last")
  func served() {
    let places = Places(Places.Limits(inAll: 2))
    places.step(enter(places, "served", from: "127.0.0.1"), isServed: true)
    _ = enter(places, "idle", from: "127.0.0.1")
    _ = enter(places, "new", from: "127.0.0.1")
    #expect(gone.latest == ["idle"])
  }

  @Test("an address beyond this machine that has its share loses a connection of its own")
  func perAddress() {
    let places = Places(Places.Limits(inAll: 100, remote: 90, perAddress: 2))
    _ = enter(places, "other", from: "192.0.2.2")
    for number in 1...3 { _ = enter(places, "greedy \(number)", from: "192.0.2.1") }
    #expect(gone.latest == ["greedy 1"])
    for number in 1...50 { _ = enter(places, "monitor \(number)", from: "127.0.0.1") }
    #expect(gone.latest == ["greedy 1"])
  }

  @Test("all addresses of one network of IPv6 are one; of IPv4 in IPv6's clothes each is its own")
  func networks() {
    let places = Places(Places.Limits(inAll: 100, remote: 90, perAddress: 1))
    for (name, address) in [("a", "2001:db8::1"), ("b", "2001:db8::2"), ("c", "::ffff:192.0.2.1"), ("d", "::ffff:192.0.2.2")] {
      _ = enter(places, name, from: address)
    }
    #expect(gone.latest == ["a"])
    _ = enter(places, "e", from: "192.0.2.1")
    #expect(gone.latest == ["a", "c"])
  }

  @Test("those from elsewhere cannot crowd out this machine's own")
  func remoteShare() {
    let places = Places(Places.Limits(inAll: 10, remote: 6, perAddress: 100))
    for number in 1...4 { _ = enter(places, "monitor \(number)", from: number % 2 == 0 ? "::1" : "127.0.0.\(number)") }
    for number in 1...20 { _ = enter(places, "remote \(number)", from: "192.0.2.\(number)") }
    #expect(gone.latest == (1...14).map { "remote \($0)" })
    #expect(places.count == 10)
  }

  @Test("a place that was left is free")
  func left() {
    let places = Places(Places.Limits(inAll: 1))
    for _ in 0..<5 { places.leave(enter(places, "x", from: "127.0.0.1")) }
    #expect(gone.latest.isEmpty && places.count == 0)
  }
}
