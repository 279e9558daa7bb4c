import Foundation
import Testing

@testable import Lookout

@Suite("The dispatcher")
struct DispatcherTests {
  private let a = firing("Down", ["check": "a"])
  private let b = firing("Down", since: .seconds(5), ["check": "b"])

  private let crm = Account.ID(integration: "r", groupKey: "{}:{alertname=\"Down\", target=\"crm\"}")

  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  @Test("tells a new group at once, and nothing more while nothing changes")
  func newGroup() {
    var dispatcher = Dispatcher(receiver: "r")
    #expect(dispatcher.nextDue == nil)
    #expect(dispatcher.take([a], at: at(0)).map(\.inShort) == [["Down crm firing"]])
    #expect(dispatcher.nextDue == at(4 * 3600))
    #expect(dispatcher.take([a], at: at(15)) == [])
    #expect(dispatcher.takeChanged() == [crm])
    #expect(dispatcher.take([a], at: at(30)) == [])
    #expect(dispatcher.takeChanged() == [])
  }

  @Test("groups by name and target")
  func grouping() {
    var dispatcher = Dispatcher(receiver: "r")
    let told = dispatcher.take([a, b, firing("Down", target: "shop"), firing("Slow")], at: at(5))
    #expect(
      told.map(\.groupLabels) == [
        ["alertname": "Down", "target": "crm"], ["alertname": "Down", "target": "shop"], ["alertname": "Slow", "target": "crm"],
      ])
    #expect(told.first?.alerts.map { $0.labels["check"] } == ["a", "b"])
    #expect(told.first?.introduces == [a.fingerprint, b.fingerprint])
  }

  @Test("gathers new alerts of a told group for the group interval")
  func groupInterval() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a], at: at(0))
    #expect(dispatcher.take([a, b], at: at(5)) == [])
    #expect(dispatcher.nextDue == at(30))
    let told = dispatcher.take([a, b], at: at(30))
    #expect(told.map(\.inShort) == [["Down crm firing", "Down crm firing"]])
    #expect(told.first?.introduces == [b.fingerprint])
  }

  @Test("tells a new alert at once when the group has been quiet for longer than the group interval")
  func quietGroup() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a], at: at(0))
    #expect(dispatcher.take([a, b], at: at(600)).count == 1)
  }

  @Test("tells one end of several after the group interval, though it is said once only")
  func partialEnd() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a, b], at: at(5))
    #expect(dispatcher.take([a.ended(at: at(10)), b], at: at(10)) == [])
    #expect(dispatcher.take([b], at: at(20)) == [])
    let told = dispatcher.take([b], at: at(35))
    #expect(told.map(\.inShort) == [["Down crm firing", "Down crm resolved"]])
    #expect(told.first?.alerts.last?.resolvedAt == at(10))
    #expect(dispatcher.take([b], at: at(100)) == [])
  }

  @Test("says nothing about an alert that ends and fires again between two messages")
  func flapping() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a, b], at: at(5))
    _ = dispatcher.take([a.ended(at: at(10)), b], at: at(10))
    #expect(dispatcher.take([a, b], at: at(15)) == [])
    #expect(dispatcher.take([a, b], at: at(60)) == [])
  }

  @Test("tells the end at once when all of a group has ended, and forgets the group")
  func wholeEnd() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a, b], at: at(5))
    _ = dispatcher.take([a.ended(at: at(6)), b], at: at(6))
    #expect(dispatcher.take([b.ended(at: at(7))], at: at(7)).map(\.inShort) == [["Down crm resolved", "Down crm resolved"]])
    #expect(dispatcher.accounts.isEmpty)
    #expect(dispatcher.nextDue == nil)
    #expect(dispatcher.takeChanged() == [crm])
    #expect(dispatcher.take([], at: at(8)) == [])
  }

  @Test("holds an alert that is gone without a word for ended now")
  func vanished() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a], at: at(0))
    let told = dispatcher.take([], at: at(9))
    #expect(told.map(\.inShort) == [["Down crm resolved"]])
    #expect(told.first?.alerts.first?.resolvedAt == at(9))
  }

  @Test("never tells the end of what was never told")
  func untoldEnd() {
    var dispatcher = Dispatcher(receiver: "r")
    #expect(dispatcher.take([a.ended(at: at(0))], at: at(0)) == [])
    var pending = a
    pending.state = .pending
    #expect(dispatcher.take([pending], at: at(1)) == [])
  }

  @Test("repeats what still fires, with its latest annotations")
  func repetition() {
    var dispatcher = Dispatcher(receiver: "r", repeatInterval: .seconds(3600))
    _ = dispatcher.take([a], at: at(0))
    var later = a
    later.annotations = ["finding": "worse"]
    #expect(dispatcher.take([later], at: at(3599)) == [])
    let told = dispatcher.take([later], at: at(3600))
    #expect(told.first?.alerts == [later])
    #expect(told.first?.introduces == [])
    #expect(dispatcher.nextDue == at(7200))
  }

  @Test("suppresses the telling of an inhibited alert, never the end of a told one")
  func inhibition() {
    let rules = [InhibitRule(source: ["alertname": ["Root"]], target: ["alertname": ["Down", "Slow"]], equal: ["target"])]
    var dispatcher = Dispatcher(receiver: "r", inhibitRules: rules)
    _ = dispatcher.take([a], at: at(0))
    let root = firing("Root")
    let slow = firing("Slow")
    #expect(dispatcher.take([a, root, slow], at: at(1)).map(\.inShort) == [["Root crm firing"]])
    #expect(dispatcher.take([a.ended(at: at(2)), root, slow], at: at(2)).map(\.inShort) == [["Down crm resolved"]])
    #expect(dispatcher.take([root, slow.ended(at: at(3))], at: at(3)) == [])
    #expect(dispatcher.take([slow, root.ended(at: at(4))], at: at(4)).map(\.inShort) == [["Root crm resolved"], ["Slow crm firing"]])
  }

  @Test("does not repeat an alert while it is inhibited")
  func inhibitedRepetition() {
    let rules = [InhibitRule(source: ["alertname": ["Root"]], target: ["alertname": ["Down"]], equal: ["target"])]
    var dispatcher = Dispatcher(receiver: "r", inhibitRules: rules, repeatInterval: .seconds(100))
    _ = dispatcher.take([a], at: at(0))
    _ = dispatcher.take([a, firing("Root")], at: at(50))
    #expect(dispatcher.take([a, firing("Root")], at: at(120)) == [])
    #expect(dispatcher.take([a], at: at(160)).map(\.inShort).contains(["Down crm firing"]))
  }

  @Test("goes on over a restart from what it told")
  func restart() throws {
    var first = Dispatcher(receiver: "r")
    _ = first.take([a], at: at(0))
    let stored = try first.accounts.map { (id: $0.key, account: try StateJSON.value(Account.self, from: StateJSON.bytes($0.value))) }
    var second = Dispatcher(receiver: "r")
    second.restore(stored)
    #expect(second.nextDue == nil)
    #expect(second.take([a], at: at(60)) == [])
    #expect(second.nextDue == at(4 * 3600))
    #expect(second.take([a.ended(at: at(61))], at: at(61)).map(\.inShort) == [["Down crm resolved"]])
  }

  @Test("is not silenced by a clock that was set back")
  func clockSetBack() {
    var dispatcher = Dispatcher(receiver: "r")
    _ = dispatcher.take([a], at: at(100_000))
    _ = dispatcher.take([a, b], at: at(0))
    #expect(dispatcher.nextDue == at(30))
  }

  @Test("does not tell the end of an alert whose message was given up, but repeats it while it fires")
  func forgotten() {
    var dispatcher = Dispatcher(receiver: "r", repeatInterval: .seconds(100))
    _ = dispatcher.take([a], at: at(0))
    dispatcher.forget([a.fingerprint], crm)
    var repeating = dispatcher
    #expect(dispatcher.take([a.ended(at: at(5))], at: at(5)) == [])
    #expect(dispatcher.accounts.isEmpty)
    #expect(repeating.take([a], at: at(100)).first?.introduces == [a.fingerprint])
    #expect(repeating.take([a.ended(at: at(101))], at: at(101)).count == 1)
  }
}
