import Foundation
import Testing

@testable import OdooLog

@Suite("Errors of a log that is followed")
struct KnownErrorTests {
  private func states(_ follow: borrowing FollowedLog, at second: Int, _ kind: ErrorKind = .failure) -> [ErrorStanding.State: Int] {
    follow.errorStates(at: Follow.start + Int64(second) * 1_000)[kind] ?? [:]
  }

  @Test("a group is news once, then new for an hour, ongoing, over after a day, and news again when it comes back")
  func course() throws {
    var scanner = LogScanner()
    var log = FollowedLog()
    func take(_ second: Int) {
      log.clock = Follow.start + Int64(second) * 1_000
      scanner.feed(Array(traceback(at: second, "KeyError: 'x'").utf8).span, into: &log)
      log.settle(at: Follow.start + Int64(second) * 1_000)
    }
    take(0)
    take(5)
    #expect(log.errorNewsCount == 1 && log.errorNews.count == 1 && log.errorNews.first?.cameBack == false)
    #expect(states(log, at: 10) == [.new: 1] && states(log, at: 3_599) == [.new: 1])
    #expect(
      states(log, at: 3_600) == [.ongoing: 1] && states(log, at: 86_404) == [.ongoing: 1] && states(log, at: 86_405) == [.resolved: 1])
    take(200_000)
    #expect(log.errorNewsCount == 2 && log.errorNews.last?.cameBack == true)
    #expect(states(log, at: 200_001) == [.regressed: 1] && states(log, at: 203_600) == [.ongoing: 1])
    let group = try #require(log.errorGroups.groups.first)
    #expect(group.count == 3 && group.hours.hours.map(\.count) == [2, 1] && group.databases == ["crm"])
  }

  @Test("users' mistakes, expired sessions and conflicts are groups, and no news")
  func noNews() {
    var scanner = LogScanner()
    var log = FollowedLog()
    let text =
      traceback(at: 1, "odoo.exceptions.UserError: no", level: "WARNING")
      + record(at: 2, "INFO", "odoo.http", "Session expired ")
      + record(at: 3, "ERROR", "odoo.sql_db", "bad query: UPDATE x ") + "ERROR: could not serialize access due to concurrent update\n"
      + record(at: 4, "INFO", "odoo", "end ")
    scanner.feed(Array(text.utf8).span, into: &log)
    #expect(log.errorNewsCount == 0 && log.errorGroups.groups.count == 3)
    #expect(Set(log.errorGroups.groups.map(\.kind)) == [.userMistake, .sessionExpired, .retry])
  }

  @Test("the request that failed with it is the next access line of the same process, whatever comes between")
  func failedRequest() {
    var scanner = LogScanner()
    var log = FollowedLog()
    let text = traceback(at: 1, pid: 7, "KeyError: 'x'") + request(at: 1, pid: 8, "/web") + request(at: 2, pid: 7, "/crm/dashboard/data")
    scanner.feed(Array(text.utf8).span, into: &log)
    #expect(log.errorGroups.groups.first?.routes == [ErrorGroup.RouteCount(route: "/crm/dashboard/data", count: 1)])
  }

  @Test("an error that nothing follows is whole once the log has been still")
  func settling() {
    let follow = Follow()
    follow.take(traceback(at: 1, "KeyError: 'x'"))
    #expect(follow.log.errorNewsCount == 0 && follow.log.hasOpenRecord)
    follow.settle()
    #expect(follow.log.errorNewsCount == 1 && !follow.log.hasOpenRecord)
    follow.settle()
    #expect(follow.log.errorGroups.groups.first?.count == 1)
  }

  @Test("cut anywhere by a restart, the groups are what they would have been, to the last count", arguments: 0..<40)
  func restarts(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let places = ["custom-addons/shop/models/figures.py:12 in data", "custom-addons/crm/x.py:7 in y"]
    let text = (0..<12).map { number in
      traceback(at: number, pid: number % 3, number % 2 == 0 ? "KeyError: 'x'" : "ValueError: \(number)", in: [places[number % 2]])
        + (number % 3 == 0 ? request(at: number, pid: number % 3, "/web/login") : "")
    }.joined()
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\n" }
    lines.removeLast()
    let whole = Follow()
    whole.take(text)
    var cut = Follow()
    for line in lines {
      cut.take(String(line))
      if Int.random(in: 0..<4, using: &generator) == 0 {
        // A restart keeps the groups that were written before too.
        let before = cut.log.errorGroups.groups
        let standing = ErrorStanding(at: Follow.start)
        let kept = try JSONDecoder().decode(FollowedLog.Kept.self, from: JSONEncoder().encode(cut.log.kept))
        cut = Follow(kept, errors: before.map { KnownError(group: $0, standing: standing) })
      }
    }
    for follow in [whole, cut] { #expect(follow.log.statistics.lines == UInt64(lines.count)) }
    whole.settle()
    cut.settle()
    let order: (ErrorGroup, ErrorGroup) -> Bool = { $0.fingerprint < $1.fingerprint }
    #expect(cut.log.errorGroups.groups.sorted(by: order) == whole.log.errorGroups.groups.sorted(by: order))
    #expect(cut.log.errorNewsCount == whole.log.errorNewsCount)
  }

  @Test("the groups are bounded: the one that has not been seen for longest makes room, and is to be removed")
  func bounded() {
    let follow = Follow()
    for number in 0..<(ErrorGroups.mostGroups + 30) {
      follow.take(traceback(at: number, "KeyError: 'x'", in: ["custom-addons/m\(String(repeating: "a", count: number))/x.py:1 in f"]))
    }
    follow.settle()
    let changes = follow.log.takeErrorChanges()
    #expect(follow.log.errorGroups.groups.count == ErrorGroups.mostGroups && follow.log.errorGroups.ungrouped == 0)
    #expect(changes.changed.count == ErrorGroups.mostGroups && changes.removed.count == 30)
    #expect(follow.log.takeErrorChanges().isEmpty && follow.log.errorNews.count == 20)
    follow.log.giveBack(changes)
    let again = follow.log.takeErrorChanges()
    #expect(again.changed.count == ErrorGroups.mostGroups && Set(again.removed) == Set(changes.removed))
  }

  @Test("what an earlier version kept, counts alone, is gone on with")
  func earlierVersion() throws {
    let statistics = withStatistics(of: everyForm)
    let kept = try JSONDecoder().decode(FollowedLog.Kept.self, from: JSONEncoder().encode(statistics))
    #expect(FollowedLog(kept).statistics == statistics)
  }

  @Test("the same error has the fingerprint that a report on the log gives it")
  func fingerprint() {
    let text = traceback(at: 1, "KeyError: 'x'") + record(at: 2, "INFO", "odoo", "end ")
    let follow = Follow()
    follow.take(text)
    let report = withDigest(of: text).errorGroups.groups.map(\.id)
    #expect(follow.log.errorGroups.groups.map(\.id) == report && report.first?.count == 16)
  }
}
