import Testing

@testable import Lookout

/// At Alertmanager's pace: looked at `group_wait` after the first alert and every `group_interval` from then on.
@Suite("The dispatcher at Alertmanager's pace")
struct DispatcherTickTests {
  private let a = firing("Down", ["check": "a"])
  private let b = firing("Down", since: .seconds(5), ["check": "b"])

  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  private func dispatcher(_ text: String) throws -> Dispatcher {
    let receivers = "receivers: [{name: d, webhook_configs: [{url: 'http://d'}]}, {name: e, webhook_configs: [{url: 'http://e'}]}]\n"
    return Dispatcher(try NotificationPlan(RoutingConfiguration(text + receivers, file: "am.yml")).routing)
  }

  private let plain = "route: {receiver: d, group_by: [alertname], group_wait: 10s, group_interval: 60s, repeat_interval: 2h}\n"

  @Test("waits for the group, then tells changes and ends at its turns only")
  func turns() throws {
    var dispatcher = try dispatcher(plain)
    #expect(dispatcher.take([a], at: at(0)) == [])
    #expect(dispatcher.nextDue == at(10))
    #expect(dispatcher.take([a, b], at: at(5)) == [])
    #expect(dispatcher.flush(at: at(10)).map(\.inShort) == [["Down crm firing", "Down crm firing"]])
    #expect(dispatcher.nextDue == at(70))
    #expect(dispatcher.take([b], at: at(20)) == [])
    #expect(dispatcher.flush(at: at(70)).map(\.inShort) == [["Down crm firing", "Down crm resolved"]])
    #expect(dispatcher.take([], at: at(100)) == [])
    #expect(dispatcher.flush(at: at(130)).map(\.inShort) == [["Down crm resolved"]])
    #expect(dispatcher.groups.isEmpty && dispatcher.accounts.isEmpty && dispatcher.nextDue == nil)
  }

  @Test("does not wait for a group whose first alert is older than the wait")
  func oldAlert() throws {
    var dispatcher = try dispatcher(plain)
    #expect(dispatcher.take([a], at: at(11)).count == 1)
  }

  @Test("tells nothing of an alert that is over before its group's first turn")
  func shortAlert() throws {
    var dispatcher = try dispatcher(plain)
    _ = dispatcher.take([a], at: at(0))
    #expect(dispatcher.take([a.ended(at: at(5))], at: at(5)) == [])
    #expect(dispatcher.flush(at: at(10)) == [])
    #expect(dispatcher.groups.isEmpty)
  }

  @Test("repeats at the first turn after the repeat interval")
  func repetition() throws {
    var dispatcher = try dispatcher("route: {receiver: d, group_wait: 0s, group_interval: 50s, repeat_interval: 120s}\n")
    #expect(dispatcher.take([a], at: at(0)).count == 1)
    var counts: [Int] = []
    for second in [50, 100, 150] { counts.append(dispatcher.flush(at: at(second)).count) }
    #expect(counts == [0, 0, 1])
  }

  @Test("tells each route's receiver in groups of its own")
  func severalRoutes() throws {
    var dispatcher = try dispatcher(
      """
      route:
        receiver: d
        group_wait: 0s
        group_by: [alertname]
        routes: [{matchers: [check=~"a|b"], receiver: e, group_by: ['...'], continue: true}, {matchers: [check=a]}]

      """)
    let told = dispatcher.take([a, b, firing("Odd")], at: at(6))
    #expect(
      Set(told.map { "\($0.receiver) \($0.groupKey)" }) == [
        "e {}/{check=~\"a|b\"}:{alertname=\"Down\", check=\"a\", target=\"crm\"}",
        "e {}/{check=~\"a|b\"}:{alertname=\"Down\", check=\"b\", target=\"crm\"}", "d {}/{check=\"a\"}:{alertname=\"Down\"}",
        "d {}:{alertname=\"Odd\"}",
      ])
  }

  @Test("leaves what is silenced out, says it again with the next message after the silence, and tells its end all the same")
  func silence() throws {
    var dispatcher = try dispatcher("route: {receiver: d, group_wait: 0s, group_interval: 10s}\n")
    #expect(dispatcher.take([a, b], at: at(6)).count == 1)
    let silence = Silence(
      id: "s", matchers: try MatcherSyntax.matchers("check=a"), startsAt: at(0), endsAt: at(100), updatedAt: at(0), author: "", comment: "")
    dispatcher.silences = ActiveSilences([silence])
    let c = firing("Down", since: .seconds(8), ["check": "c"])
    _ = dispatcher.take([a, b, c], at: at(8))
    #expect(dispatcher.flush(at: at(16)).map { $0.alerts.map { $0.labels["check"] } } == [["b", "c"]])
    var ending = dispatcher
    _ = ending.take([b, c], at: at(20))
    #expect(ending.flush(at: at(26)).map { $0.alerts.filter { $0.state == .resolved }.map { $0.labels["check"] } } == [["a"]])
    dispatcher.silences = ActiveSilences()
    #expect(dispatcher.flush(at: at(26)).map { $0.alerts.map { $0.labels["check"] } } == [["a", "b", "c"]])
    #expect(dispatcher.flush(at: at(36)) == [])
  }

  @Test("holds a route's messages in its quiet hours, and loses none of them")
  func quietHours() throws {
    // The tests begin at 08:00 UTC on a Sunday.
    var dispatcher = try dispatcher(
      """
      route:
        receiver: d
        group_wait: 0s
        group_interval: 10m
        routes: [{matchers: [alertname=Down], mute_time_intervals: [morning]}, {matchers: [alertname=Odd], active_time_intervals: [later]}]
      time_intervals:
      - {name: morning, time_intervals: [{times: [{start_time: '08:10', end_time: '09:00'}]}]}
      - {name: later, time_intervals: [{times: [{start_time: '08:30', end_time: '09:00'}]}]}

      """)
    #expect(dispatcher.take([a, firing("Odd")], at: at(60)).map(\.inShort) == [["Down crm firing"]])
    #expect(dispatcher.take([firing("Odd")], at: at(700)) == [])
    var told: [Int: [[String]]] = [:]
    for minute in stride(from: 12, through: 80, by: 1) {
      let messages = dispatcher.flush(at: at(minute * 60)).map(\.inShort)
      if !messages.isEmpty { told[minute] = messages }
    }
    #expect(told.count == 2)
    #expect(told.filter { $0.value == [["Odd crm firing"]] }.keys.allSatisfy { (30..<40).contains($0) })
    #expect(told.filter { $0.value == [["Down crm resolved"]] }.keys.allSatisfy { (60..<71).contains($0) })
  }

  @Test("does without ends where a receiver wants none")
  func withoutEnds() throws {
    let text = """
      route: {receiver: x, group_wait: 0s, group_interval: 10s}
      receivers: [{name: x, webhook_configs: [{url: 'http://x', send_resolved: false, max_alerts: 1}]}]
      """
    var dispatcher = Dispatcher(try NotificationPlan(RoutingConfiguration(text, file: "am.yml")).routing)
    let told = dispatcher.take([a, b], at: at(5))
    #expect(told.map(\.inShort) == [["Down crm firing", "Down crm firing"]] && told.first?.address.alertLimit == 1)
    _ = dispatcher.take([b], at: at(6))
    #expect(dispatcher.flush(at: at(15)) == [])
    _ = dispatcher.take([], at: at(16))
    #expect(dispatcher.flush(at: at(25)) == [] && dispatcher.accounts.isEmpty)
  }

  @Test("goes by other routes without telling anew what a receiver knows, and tells its end under the new group")
  func change() throws {
    var dispatcher = try dispatcher("route: {receiver: d, group_wait: 0s, group_interval: 10s, group_by: [alertname]}\n")
    _ = dispatcher.take([a], at: at(0))
    let next = try self.dispatcher("route: {receiver: d, group_wait: 0s, group_interval: 10s, group_by: [target]}\n").routing
    #expect(dispatcher.change(to: next, at: at(5)) == [])
    #expect(dispatcher.take([a], at: at(5)) == [])
    #expect(dispatcher.accounts.keys.map(\.groupKey) == ["{}:{target=\"crm\"}"])
    _ = dispatcher.take([], at: at(12))
    #expect(dispatcher.flush(at: at(15)).map(\.groupKey) == ["{}:{target=\"crm\"}"])
  }

  @Test("tells the end to a receiver that an alert goes to no more")
  func divertedAlert() throws {
    var dispatcher = try dispatcher("route: {receiver: d, group_wait: 0s}\n")
    _ = dispatcher.take([a], at: at(0))
    _ = dispatcher.change(to: try self.dispatcher("route: {receiver: e, group_wait: 0s}\n").routing, at: at(5))
    #expect(dispatcher.take([a], at: at(5)).map(\.receiver) == ["e"])
    #expect(dispatcher.take([], at: at(6)).map { "\($0.receiver) \($0.inShort)" } == ["d [\"Down crm resolved\"]"])
  }

  @Test("forgets a receiver that is gone")
  func goneReceiver() throws {
    var dispatcher = try dispatcher("route: {receiver: d, group_wait: 0s}\n")
    _ = dispatcher.take([a], at: at(0))
    var next = dispatcher.routing
    next.integrations["d"] = [Routing.Integration(id: "new")]
    #expect(dispatcher.change(to: next, at: at(5)) == ["d"])
    #expect(dispatcher.take([a], at: at(5)).map(\.address.integration) == ["new"])
    #expect(dispatcher.takeChanged().map(\.integration).sorted() == ["d", "new"])
  }
}
