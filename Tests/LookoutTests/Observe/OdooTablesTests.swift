import Testing

@testable import Lookout

@Suite("The looks at what Odoo keeps in PostgreSQL", .timeLimit(.minutes(3)), .serialized)
struct OdooTablesTests {
  /// The database of the demo's Odoo in a cluster of its own, and a server that looks as the role `lookout`.
  private func withServer(
    _ body: (PrivateCluster, PostgresServer) async throws -> Void
  ) async throws {
    try await withPrivateCluster { cluster in
      try await DemoDatabase.create(in: cluster)
      try await withLoop { loop in
        let login = cluster.lookout
        let settings = Configuration.PostgreSQL(
          host: "127.0.0.1", port: cluster.port, user: login.role, password: .text(login.password), database: DemoDatabase.name)
        let server = PostgresServer(settings, timeout: .seconds(20), loop: loop)
        try await body(cluster, server)
        withExtendedLifetime(server) {}
      }
    }
  }

  private func short(_ sight: Sight, budget: Double? = nil) -> String {
    let observation = Observation(
      check: CheckID(target: "crm", check: "x"), component: .mail, database: "crm", interval: .seconds(60), lifetime: .seconds(180),
      budget: budget, cost: .cheap, startedAt: notifyStart, endedAt: notifyStart, sight: sight)
    let verdict = Judgement.verdict(on: observation)
    let evidence = verdict.evidence.map { " [\($0.name): \($0.value)]" }.joined()
    return "\(verdict.level.word) \(verdict.reason?.rawValue ?? "-"): \(verdict.sentence)\(evidence)"
  }

  private func value(_ metric: Metric, _ sight: Sight) -> Double? { sight.samples.first { $0.metric == metric }?.value }

  @Test("mail that failed within a day, or waits for more than an hour, warns; the mail server's words are told without addresses")
  func mail() async throws {
    try await withServer { cluster, server in
      #expect(short(await MailLook.look(at: server)) == "pass -: outgoing mail is sent")
      _ = try await cluster.sql(
        """
        UPDATE mail_mail SET state = 'outgoing', scheduled_date = NULL, create_date = timezone('UTC', now()) - interval '2 hours' WHERE id <= 2;
        UPDATE mail_mail SET state = 'outgoing', scheduled_date = timezone('UTC', now()) + interval '1 hour' WHERE id = 3;
        """, database: "crm")
      #expect(short(await MailLook.look(at: server)) == "warn mail_stuck: 2 outgoing mails have been waiting for more than an hour")
      _ = try await cluster.sql(
        """
        UPDATE mail_mail SET state = 'exception', write_date = timezone('UTC', now()) - interval '2 days', failure_reason = 'old' WHERE id <= 9;
        UPDATE mail_mail SET state = 'exception', write_date = timezone('UTC', now()),
          failure_reason = '550 5.1.1 <anna@example.com>: user unknown' WHERE id = 10;
        """, database: "crm")
      let sight = await MailLook.look(at: server)
      #expect(short(sight) == "warn mail_failed: 1 outgoing mails failed within a day [last_failure: 550 5.1.1 … user unknown]")
      #expect(value(.mailFailed, sight) == 1 && value(.mailStuck, sight) == 0)
      _ = try await cluster.sql("REVOKE SELECT ON mail_mail FROM lookout", database: "crm")
      #expect(
        short(await MailLook.look(at: server))
          == "warn right_missing: cannot be checked: GRANT SELECT ON mail_mail TO the agent's role [sqlstate: 42501]")
      _ = try await cluster.sql("DROP TABLE mail_mail", database: "crm")
      let gone = await MailLook.look(at: server)
      #expect(short(gone).hasPrefix("warn query_failed: cannot be checked: the database has no table mail_mail") && gone.samples.isEmpty)
    }
  }

  @Test("active jobs that are late by more than a quarter of an hour warn, the latest first")
  func cron() async throws {
    try await withServer { cluster, server in
      #expect(short(await CronLook.look(at: server)) == "pass -: scheduled jobs run when they should")
      _ = try await cluster.sql(
        """
        UPDATE ir_cron SET nextcall = timezone('UTC', now()) - interval '10 minutes' WHERE id = 1;
        UPDATE ir_cron SET nextcall = timezone('UTC', now()) - interval '20 minutes' WHERE id = 2;
        UPDATE ir_cron SET nextcall = timezone('UTC', now()) - interval '5 days', active = false WHERE id = 3;
        UPDATE ir_cron SET nextcall = timezone('UTC', now()) - interval '2 hours', active = true WHERE id = 4;
        """, database: "crm")
      let sight = await CronLook.look(at: server)
      #expect(short(sight).hasPrefix("warn cron_overdue: 2 scheduled jobs are overdue, by 7200."))
      #expect(value(.cronOverdue, sight) == 2 && value(.cronLatest, sight).map { (7200..<7300).contains($0) } == true)
      _ = try await cluster.sql("UPDATE ir_cron SET nextcall = timezone('UTC', now()) + interval '1 day'", database: "crm")
      #expect(short(await CronLook.look(at: server)).hasPrefix("pass"))
    }
  }

  @Test("a statement whose calls since the last look took longer than its budget is told with its text, and no longer when it is over")
  func slowStatement() async throws {
    try await withServer { cluster, server in
      let statements = SlowStatements(server: server, budget: .milliseconds(100))
      let before = "SELECT pg_sleep(0.15), 'before'"
      _ = try await cluster.sql(before, database: "crm")
      #expect(short(await statements.look(), budget: 0.1) == "pass -: no statement was slow")
      _ = try await cluster.sql("SELECT count(*) FROM crm_lead, pg_sleep(0.2) WHERE name <> 'a secret'", database: "crm")
      let sight = await statements.look()
      let said = short(sight, budget: 0.1)
      #expect(said.hasPrefix("warn slow_statement: a statement takes longer than 0.1 s on average; the slowest 0.2"), "\(said)")
      #expect(said.contains("[statement: 1 calls of 0.2") && said.contains("SELECT count(*) FROM crm_lead, pg_sleep($1) WHERE name <> $2"))
      #expect(value(.slowStatements, sight) == 1 && value(.slowestStatement, sight).map { $0 > 0.19 } == true)
      #expect(short(await statements.look(), budget: 0.1) == "pass -: no statement was slow")
    }
  }

  @Test("statistics that were reset make nothing slow that was not; what the agent has no eyes for it says, with the cure")
  func blind() async throws {
    try await withServer { cluster, server in
      let statements = SlowStatements(server: server, budget: .milliseconds(100))
      _ = await statements.look()
      _ = try await cluster.sql("SELECT pg_stat_statements_reset(); SELECT 1", database: "crm")
      #expect(short(await statements.look()).hasPrefix("pass"))
      _ = try await cluster.sql("REVOKE pg_monitor FROM lookout", database: "crm")
      #expect(short(await statements.look()).hasPrefix("warn right_missing: cannot be checked: GRANT pg_monitor TO the agent's role"))
      _ = try await cluster.sql("DROP EXTENSION pg_stat_statements", database: "crm")
      #expect(short(await statements.look()).hasPrefix("warn extension_missing: cannot be checked: pg_stat_statements is missing"))
      await cluster.stop()
      #expect(short(await statements.look()).hasPrefix("warn database_unreachable: cannot be checked: "))
    }
  }

  @Test("literals of utility statements are not told")
  func redacted() {
    let slow = SlowStatement(id: "1", calls: 1, meanSeconds: 2, text: "ALTER ROLE odoo\n  PASSWORD 'hunter' VALID UNTIL 'tomorrow'")
    let said = short(Sight(seen: .statements(.success([slow]))), budget: 1)
    #expect(said.contains("ALTER ROLE odoo PASSWORD '…' VALID UNTIL '…'") && !said.contains("hunter"))
  }

  @Test("who asks at the same time takes turns on the one connection")
  func turns() async throws {
    try await withServer { (cluster, server) async throws in
      await withTaskGroup(of: String?.self) { group in
        for number in 0..<20 {
          group.addTask { try? await server.rows("SELECT \(number) FROM pg_sleep(0.01)").first?.first ?? nil }
        }
        let answers = await group.reduce(into: Set<String?>()) { $0.insert($1) }
        #expect(answers == Set((0..<20).map { "\($0)" }))
      }
      let sessions = try await cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'lookout'")
      #expect(sessions == "1\n")
    }
  }

  @Test("a connection that the server closes is told at once, and one that is used is not")
  func lost() async throws {
    try await withServer { cluster, server in
      let told = Mailbox<String>()
      let watch = ConnectionWatch(check: CheckID(target: "crm", check: "postgresql"), server: server)
      let task = Task { await watch.follow { told.put("\($0)") } }
      for _ in 0..<3 { _ = await ServerLook.look(at: server) }
      #expect(told.all.isEmpty)
      _ = try await cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lookout'")
      #expect(try await told.take().contains("connectionLost"))
      _ = await ServerLook.look(at: server)
      await cluster.stop(mode: .immediate)
      #expect(try await told.take().contains("connectionLost"))
      task.cancel()
      await task.value
    }
  }
}
