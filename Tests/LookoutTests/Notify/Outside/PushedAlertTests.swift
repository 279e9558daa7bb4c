import Testing

@testable import Lookout

@Suite("Alerts from outside")
struct PushedAlertTests {
  private func at(_ seconds: Double) -> Timestamp { notifyStart + .milliseconds(Int64(seconds * 1000)) }

  private func alert(_ start: Double, _ end: Double, isTimeout: Bool = false, _ labels: [String: String] = ["alertname": "A"])
    -> PushedAlert
  {
    PushedAlert(labels: labels, annotations: [:], startsAt: at(start), endsAt: at(end), isTimeout: isTimeout, updatedAt: at(start))
  }

  @Test(
    "are put together where they overlap, and replace each other where they do not",
    arguments: [
      // Earlier, later, now, start and end of what comes of it.
      ((1.0, 300.0, true), (2.0, 301.0, true), 2.0, 1.0, 301.0), ((1, 300, true), (3, 4.5, false), 4.6, 1, 4.5),
      ((1, 4.5, false), (2.9, 4.8, false), 4.8, 1, 4.8), ((1, 4.8, false), (2.9, 4.1, false), 4.81, 1, 4.8),
      ((1, 4, false), (5, 300, true), 5, 5, 300), ((1, 100, false), (2, 50, true), 3, 1, 100), ((1, 100, true), (2, 50, true), 3, 1, 50),
    ])
  func merging(
    _ earlier: (Double, Double, Bool), _ later: (Double, Double, Bool), now: Double, start: Double, end: Double
  ) {
    var pushed = PushedAlerts()
    _ = pushed.take(alert(earlier.0, earlier.1, isTimeout: earlier.2), at: at(now))
    _ = pushed.take(alert(later.0, later.1, isTimeout: later.2), at: at(now))
    #expect(pushed.alerts.values.map(\.startsAt) == [at(start)])
    #expect(pushed.alerts.values.map(\.endsAt) == [at(end)])
  }

  @Test("are refused beyond a number, which known ones do not count against, and forgotten in time")
  func limits() {
    var pushed = PushedAlerts()
    for number in 0..<PushedAlerts.limit { _ = pushed.take(alert(0, 10, ["n": "\(number)"]), at: at(0)) }
    let isTaken = pushed.take(alert(0, 10), at: at(0))
    let isTakenAgain = pushed.take(alert(1, 11, ["n": "0"]), at: at(1))
    #expect(!isTaken && isTakenAgain)
    var large = alert(0, 10, ["n": "1"])
    large.annotations = ["text": String(repeating: "x", count: PushedAlerts.byteLimit)]
    let isLargeTaken = pushed.take(large, at: at(1))
    #expect(!isLargeTaken)
    pushed.forgetOld(at: at(1810))
    #expect(pushed.alerts.count == PushedAlerts.limit)
    pushed.forgetOld(at: at(1810.5))
    #expect(pushed.alerts.count == 1)
  }
}
