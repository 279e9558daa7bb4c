import OdooLog
import Testing

@testable import Lookout

@Suite("What only the log tells, check by check")
struct LogTroublesTests {
  private static let start = Timestamp(milliseconds: 1_795_305_600_000)

  /// A log that was read up to a moment, and what was told of it.
  private final class Scene {
    var log = FollowedLog()
    var scanner = LogScanner()
    var troubles = LogTroubles()
    var around = LogSurroundings()
    var unreadable: String?
    var accepted: Set<SecretKind> = [.urlToken]

    func take(_ text: String, at seconds: Int64) {
      log.clock = (start + .seconds(seconds)).milliseconds
      scanner.feed(Array(text.utf8).span, into: &log)
      log.settle(at: (start + .seconds(seconds)).milliseconds)
    }

    /// Checks that something is wrong with, at that moment.
    func wrong(at seconds: Int64) -> [String: LogTroubleSight] {
      let progress = LogReader.Progress(log: log, unreadable: unreadable)
      troubles.note(progress, accepted: accepted, at: start + .seconds(seconds))
      let all = LogCheck.all.map { ($0.name, troubles.sight(of: $0, progress, around, at: start + .seconds(seconds))) }
      return Dictionary(uniqueKeysWithValues: all.filter { $0.1.count > 0 })
    }
  }

  @Test(
    "each message has its check, for as long as that lasts",
    arguments: [
      ("log_worker_killed", "odoo.service.server", "WorkerHTTP (7) timeout after 120s "),
      ("log_worker_killed", "odoo.service.server", "WorkerCron (7) timeout after 60s "),
      ("log_database", "odoo.sql_db", "Connection to the database failed "),
      ("log_database_created", "odoo.modules.loading", "init db "),
      ("log_registry", "odoo.modules.registry", "Failed to load registry "),
      ("log_modules", "odoo.modules.graph", "module x: Unmet dependencies: y "),
      ("log_cron", "odoo.addons.base.models.ir_cron", "Call from cron Mail: Queue for server action #239 failed in Job #20 "),
      ("log_mail", "odoo.addons.base.models.ir_mail_server", "Mail delivery failed via SMTP server 'x' "),
    ])
  func signs(check: String, logger: String, message: String) throws {
    let scene = Scene()
    #expect(scene.wrong(at: 0).isEmpty)
    scene.take(logRecord(message, logger: logger), at: 10)
    let wrong = scene.wrong(at: 11)
    let sight = try #require(wrong[check])
    #expect(wrong.count == 1 && sight.count == 1 && sight.facts.first?.name == "said")
    let lasts = try #require(LogCheck.all.first { $0.name == check }).lasts.milliseconds / 1_000
    #expect(scene.wrong(at: lasts)[check] != nil && scene.wrong(at: lasts + 30)[check] == nil)
  }

  @Test("a mistyped password is nothing; ten failed logins are, with the addresses")
  func logins() throws {
    let scene = Scene()
    let failed = logRecord("Login failed for db:crm login:jane from 10.0.0.7 ", logger: "odoo.addons.base.models.res_users")
    scene.take(String(repeating: failed, count: 9), at: 1)
    #expect(scene.wrong(at: 2).isEmpty)
    scene.take(failed, at: 3)
    let sight = try #require(scene.wrong(at: 4)["log_logins"])
    #expect(sight.count == 10 && sight.facts == [.init(name: "from", value: "10.0.0.7: 10")])
  }

  @Test("a new error is told with its fingerprint, class, place and request")
  func newError() throws {
    let scene = Scene()
    let frames =
      "Traceback (most recent call last):\n  File \"/opt/odoo/custom-addons/shop/models/a.py\", line 7, in total\n    x\nKeyError: 'secret'\n"
    scene.take(logRecord("Exception during request handling.", "ERROR", logger: "odoo.http") + frames + accessRecord(status: 500), at: 1)
    let sight = try #require(scene.wrong(at: 1)["log_new_errors"])
    let group = try #require(scene.log.errorGroups.groups.first)
    #expect(
      sight.facts == [
        .init(name: "fingerprint", value: group.id),
        .init(name: "error", value: "KeyError: … at shop/models/a.py:7 in total, request /crm/dashboard/data"),
      ])
    #expect(scene.wrong(at: 302)["log_new_errors"] == nil)
  }

  @Test("a log is silent when Odoo has answered for five minutes without a line; not while nobody knows that Odoo answers")
  func silence() {
    let scene = Scene()
    #expect(scene.wrong(at: 0).isEmpty && scene.wrong(at: 400).isEmpty)
    scene.around.answeredAt = Self.start + .seconds(290)
    #expect(scene.wrong(at: 295).isEmpty)
    scene.around.answeredAt = Self.start + .seconds(301)
    #expect(scene.wrong(at: 302)["log_silence"]?.facts.first?.name == "last_line")
    scene.take(accessRecord(), at: 310)
    #expect(scene.wrong(at: 310).isEmpty)
    // An answer of long ago says nothing of now.
    #expect(scene.wrong(at: 900).isEmpty)
  }

  @Test("a level that hides requests is said at once where Odoo's configuration names it, and else after five minutes without one")
  func blind() {
    let scene = Scene()
    scene.around.level = "warn"
    scene.around.answeredAt = Self.start
    #expect(scene.wrong(at: 0)["log_level"]?.reason == .logBlind)
    #expect(scene.wrong(at: 0)["log_level"]?.facts == [.init(name: "log_level", value: "warn")])
    scene.around.level = "info"
    #expect(scene.wrong(at: 0).isEmpty)
    scene.take(accessRecord(), at: 1)
    #expect(scene.wrong(at: 1).isEmpty)
    scene.take(logRecord("w", "WARNING"), at: 310)
    scene.around.answeredAt = Self.start + .seconds(310)
    #expect(scene.wrong(at: 310)["log_level"]?.facts.first?.name == "last_request")
    #expect(scene.wrong(at: 310)["log_silence"] == nil)
  }

  @Test("DEBUG is remarked while it is logged")
  func debug() {
    let scene = Scene()
    _ = scene.wrong(at: 0)
    scene.take(logRecord("x", "DEBUG"), at: 1)
    #expect(scene.wrong(at: 2)["log_level"]?.reason == .debugLogged)
    #expect(scene.wrong(at: 303)["log_level"] == nil)
  }

  @Test("secrets are told by kind and place, but for those that may stand there")
  func secrets() {
    let scene = Scene()
    _ = scene.wrong(at: 0)
    scene.take(accessRecord("/my/orders/7?access_token=0f3a99"), at: 1)
    #expect(scene.wrong(at: 1).isEmpty)
    scene.take(logRecord("password=hunter22"), at: 2)
    let facts = scene.wrong(at: 2)["log_secrets"]?.facts.map(\.value)
    #expect(facts?.contains("a password, in a record of odoo.tests") == true && facts?.contains { $0.contains("hunter") } == false)
    #expect(scene.wrong(at: 310).isEmpty)
  }

  @Test("while the log cannot be read nothing of it is known, but whether Odoo may write it is")
  func unreadable() {
    let scene = Scene()
    scene.unreadable = "gone"
    scene.around.unwritable = "the disk is full"
    let progress = LogReader.Progress(log: scene.log, unreadable: scene.unreadable)
    let sights = LogCheck.all.map { scene.troubles.sight(of: $0, progress, scene.around, at: Self.start) }
    #expect(sights.count { $0.unknown == nil } == 1)
    #expect(scene.wrong(at: 0)["log_writable"]?.facts == [.init(name: "why", value: "the disk is full")])
  }

  @Test("every check has a name, a reason of its own and a sign that no other one tells")
  func table() {
    #expect(Set(LogCheck.all.map(\.name)).count == LogCheck.all.count && Set(LogCheck.all.map(\.reason)).count == LogCheck.all.count)
    #expect(LogCheck.all.allSatisfy { $0.name.hasPrefix("log_") })
    let signs = LogCheck.all.flatMap { check -> [LogSign] in
      if case .signs(let signs, _) = check.source { signs } else { [] }
    }
    #expect(Set(signs).count == signs.count)
    let untold = Set(LogSign.allCases.filter { !$0.isOrdinary }).subtracting(signs)
    // What is retried in vain ends in an error of its own.
    #expect(untold == [.retriesExhausted])
  }
}
