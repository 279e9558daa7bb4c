import Testing

@testable import OdooLog

@Suite("Signs of late")
struct RecentSignTests {
  private static let server = "odoo.service.server"
  private static let minutes: Int64 = 300_000

  @Test("they are counted within their time, and the log's words are kept")
  func counting() {
    let follow = Follow()
    for second in [0, 1, 200] { follow.take(record(at: second, "ERROR", Self.server, "WorkerHTTP (7) timeout after 120s "), at: second) }
    func count(_ second: Int) -> UInt64 { follow.log.signs.count(of: [.workerTimeLimit], within: Self.minutes, at: follow.moment(second)) }
    #expect(count(200) == 3 && count(299) == 3 && count(320) == 1 && count(520) == 0)
    #expect(
      follow.log.signs.texts(of: [.workerTimeLimit], within: Self.minutes, at: follow.moment(201)) == ["WorkerHTTP (7) timeout after 120s"])
    #expect(follow.log.signs.count(of: [.poolFull], within: Self.minutes, at: follow.moment(1)) == 0)
  }

  @Test("of a worker that was killed what it was at is told, where it had said something")
  func traces() {
    func text(_ before: String, _ message: String = "WorkerHTTP (7) timeout after 120s ") -> String? {
      let follow = Follow()
      follow.take(before + record(at: 9, pid: 1, "ERROR", Self.server, message), at: 9)
      return follow.log.signs.texts(of: LogSign.allCases, within: Self.minutes, at: follow.moment(9)).first
    }
    let said = "WorkerHTTP (7) timeout after 120s"
    let module = record(at: 1, pid: 7, "INFO", "odoo.addons.shop.models.report", "half way ")
    #expect(text("") == said)
    #expect(text(module) == "\(said); the last to log in it was odoo.addons.shop.models.report")
    // That request has ended, or it was another process.
    #expect(text(module + request(at: 2, pid: 7, "/web")) == said)
    #expect(text(module.replacing(" 7 INFO", with: " 8 INFO")) == said)
    let failed = traceback(at: 2, pid: 7, "KeyError: 'x'")
    #expect(text(failed) == "\(said); it had failed at shop/models/figures.py:12 in data")
    let job = record(at: 1, pid: 7, "INFO", "odoo.addons.base.models.ir_cron", "Starting job `Mail: Queue`. ")
    let cron = "WorkerCron (7) timeout after 60s"
    #expect(text(job + module, cron + " ") == "\(cron); the job was Mail: Queue")
    let done = record(at: 2, pid: 7, "INFO", "odoo.addons.base.models.ir_cron", "Job done: `Mail: Queue` (0.120s). ")
    #expect(text(job + done, cron + " ") == cron)
  }

  @Test("failed logins are counted by address, of which there are not too many; what may hold data is redacted")
  func logins() {
    let follow = Follow()
    let users = "odoo.addons.base.models.res_users"
    for number in 0..<300 {
      follow.take(record(at: 1, "INFO", users, "Login failed for db:crm login:jane from 10.0.\(number / 200).\(number % 200) "), at: 1)
    }
    for _ in 0..<5 { follow.take(record(at: 1, "INFO", users, "Login failed for db:crm login:jane from 10.0.0.7 "), at: 1) }
    let logins = follow.log.signs.failedLogins(within: Self.minutes, at: follow.moment(2))
    #expect(logins.count == 51 && logins.map(\.count).reduce(0, +) == 305 && logins.contains { $0.address == "10.0.0.7" && $0.count == 6 })
    let mail = "Mail delivery failed via SMTP server 'smtp.example.com'. jane@example.com refused "
    follow.take(record(at: 3, "INFO", "odoo.addons.base.models.ir_mail_server", mail), at: 3)
    let told = follow.log.signs.texts(of: [.mailServerFailed], within: Self.minutes, at: follow.moment(3)).joined()
    #expect(told.hasPrefix("Mail delivery failed") && !told.contains("jane"))
    #expect(follow.log.signs.texts(of: [.loginFailed], within: Self.minutes, at: follow.moment(3)).isEmpty)
  }

  @Test("a full pool is told with the place that wanted one connection more")
  func exceptions() {
    let follow = Follow()
    follow.take(traceback(at: 1, "psycopg2.pool.PoolError: The Connection Pool Is Full"))
    follow.settle()
    #expect(follow.log.signs.texts(of: [.poolFull], within: Self.minutes, at: follow.moment(1)) == ["at shop/models/figures.py:12 in data"])
  }
}
