import Testing

@testable import Lookout

/// A world of failing checks: looks at it when it is wished to, in time's order.
private struct DiagnosisWorld {
  var failing: Set<String>
  var scene = DiagnosisScene()
  private var wishes: [Wish] = []

  init(failing: Set<String>) {
    self.failing = failing
  }

  mutating func look(_ check: String) {
    wishes += scene.see(check, failing.contains(check) ? .fail : .pass).wishes
  }

  /// Grants every wish, the last one first where several are due, and lets time pass until nothing is open.
  mutating func settle() {
    var turns = 0
    while turns < 1000, !wishes.isEmpty || scene.diagnosis.deadline != nil {
      turns += 1
      let next = (wishes.map(\.at) + (scene.diagnosis.deadline.map { [$0] } ?? [])).min() ?? scene.now
      scene.now = max(scene.now, next)
      if let index = wishes.lastIndex(where: { $0.at <= scene.now }) {
        look(wishes.remove(at: index).check.check)
      } else {
        scene.expire()
      }
    }
  }
}

@Suite("The order in which looks arrive")
struct DiagnosisOrderTests {
  private static let worlds: [(failing: Set<String>, standing: [String])] = [
    (["postgresql", "page", "dashboard"], ["dashboard fail postgresql", "page fail postgresql", "postgresql fail postgresql"]),
    (
      ["health", "page", "dashboard", "session"],
      ["dashboard fail process", "health fail process", "page fail process", "session fail process"]
    ),
    (["session", "page", "dashboard"], ["dashboard fail session", "page fail session", "session fail session"]),
    (["dashboard"], ["dashboard fail dashboard"]),
    (["page", "dashboard"], ["dashboard fail dashboard", "page fail page"]),
    ([], []),
  ]

  @Test("does not matter: the same findings with the same causes, and no effect is told before its cause", arguments: worlds)
  func permuted(failing: Set<String>, standing: [String]) {
    for order in permutations(["health", "session", "page", "dashboard", "postgresql"]) {
      var world = DiagnosisWorld(failing: failing)
      for check in order { world.look(check) }
      world.settle()
      #expect(world.scene.standing == standing, "\(order)")
      let wrong = world.scene.said.filter { $0.contains(" fail ") && !standing.contains($0) }
      #expect(wrong.isEmpty, "\(order): \(world.scene.said)")
    }
  }

  @Test("nor does it when all recovers: everything passes in the end, and no effect outlives its cause's end", arguments: worlds)
  func recovery(failing: Set<String>, standing: [String]) {
    for order in permutations(["health", "session", "page", "dashboard", "postgresql"]) {
      var world = DiagnosisWorld(failing: failing)
      for check in order { world.look(check) }
      world.settle()
      world.scene.wait(.seconds(15))
      world.failing = []
      let before = world.scene.said.count
      for check in order { world.look(check) }
      world.settle()
      #expect(world.scene.standing.isEmpty)
      #expect(world.scene.said[before...].allSatisfy { $0.hasSuffix("pass") }, "\(order): \(world.scene.said[before...])")
    }
  }
}

private func permutations(_ items: [String]) -> [[String]] {
  guard items.count > 1 else { return [items] }
  return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
}
