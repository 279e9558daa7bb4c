import Foundation
import Glibc
import Testing

/// What a scrape brings and costs.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct ScrapeTests {
  /// Asks a Prometheus; the part of the answer under `data`.
  private func ask<Value: Decodable & Sendable>(_ path: String, port: Int, as: Value.Type) async throws -> Value {
    let answer = try await Acceptance.ask("GET", path, port: port)
    return try JSONDecoder().decode(Envelope<Value>.self, from: Data(answer.body)).data
  }

  private struct Envelope<Value: Decodable & Sendable>: Decodable {
    let data: Value
  }

  private struct Targets: Decodable, Sendable {
    struct Target: Decodable, Sendable {
      let health: String
      let lastError: String
      let labels: [String: String]
    }
    let activeTargets: [Target]
  }

  private struct Metadata: Decodable, Sendable {
    let target: [String: String]
    let metric: String
    let type: String
    let help: String
  }

  private struct Vector: Decodable, Sendable {
    struct Element: Decodable, Sendable {
      let metric: [String: String]
      let value: [StringOrNumber]
    }
    let result: [Element]
  }

  private enum StringOrNumber: Decodable, Sendable {
    case string(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .string(try container.decode(String.self))
      }
    }

    var text: String {
      switch self {
      case .string(let text): text
      case .number(let number): "\(number)"
      }
    }
  }

  private static let protocols = ["text": "PrometheusText0.0.4", "openmetrics": "OpenMetricsText1.0.0"]

  /// Each form once packed and once not.
  private static func configuration(port: Int) -> String {
    let jobs = protocols.flatMap { name, form in
      [true, false].map { packed in
        """
        - job_name: \(name)-\(packed ? "gzip" : "plain")
          scrape_interval: 1s
          scrape_timeout: 1s
          scrape_protocols: [\(form)]
          enable_compression: \(packed)
          static_configs: [{targets: ["127.0.0.1:\(port)"]}]
        """
      }
    }
    return "scrape_configs:\n" + jobs.joined(separator: "\n") + "\n"
  }

  private func withPrometheus(in folder: String, scraping port: Int, _ body: (_ port: Int, Program) async throws -> Void) async throws {
    try Data(Self.configuration(port: port).utf8).write(to: URL(fileURLWithPath: "\(folder)/prometheus.yml"))
    let own = try Socket.freePort()
    let command = [
      Tool.peer("prometheus") ?? "", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", "--web.listen-address=127.0.0.1:\(own)",
    ]
    let prometheus = try await Program.start(command, in: folder, name: "prometheus")
    do { try await body(own, prometheus) } catch {
      Issue.record(error, "\(prometheus.errors.suffix(2000))")
    }
    await prometheus.kill()
  }

  @Test("a real Prometheus takes both forms, packed and plain, without a word, and reads the types right", .needsPeer("prometheus"))
  func prometheus() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      try await withPrometheus(in: installation.folder, scraping: installation.agent.port) { port, program in
        try await eventually("each job has scraped a few times") {
          let counts = try await ask("/api/v1/query?query=count_over_time(up%5B1m%5D)", port: port, as: Vector.self).result
          return counts.count == 4 && counts.allSatisfy { Double($0.value[1].text).map { $0 >= 5 } == true }
        }
        let up = try await ask("/api/v1/query?query=min_over_time(up%5B1m%5D)", port: port, as: Vector.self).result
        #expect(up.count == 4 && up.allSatisfy { $0.value[1].text == "1" })
        let targets = try await ask("/api/v1/targets", port: port, as: Targets.self).activeTargets
        #expect(targets.count == 4 && targets.allSatisfy { $0.health == "up" && $0.lastError.isEmpty })
        let complaints = (program.errors + program.output).split(separator: "\n").filter {
          $0.contains("level=WARN") || $0.contains("level=ERROR")
        }
        #expect(complaints.isEmpty, "\(complaints)")
        try await checkTypes(try await ask("/api/v1/targets/metadata", port: port, as: [Metadata].self), of: installation)
        let series = try await ask(
          "/api/v1/query?query=count%20by%20(job)%20(%7B__name__%3D~%22lookout_.%2B%7Cprocess_.%2B%22%7D)", port: port, as: Vector.self)
        #expect(Set(series.result.map { $0.value[1].text }).count == 1, "\(series.result)")
      }
    }
  }

  /// What Prometheus has understood against what the page says.
  private func checkTypes(_ metadata: [Metadata], of installation: Installation) async throws {
    let page = try await installation.agent.page("/metrics").text
    let said = page.matches(of: /# TYPE (\S+) (\S+)/).map { (name: String($0.1), type: String($0.2)) }
    #expect(said.count > 40)
    for (name, type) in said {
      let plain = metadata.filter { $0.target["job"]?.hasPrefix("text") == true && $0.metric == name }
      #expect(
        plain.count == 2 && plain.allSatisfy { $0.type == (type == "untyped" ? "unknown" : type) && !$0.help.isEmpty }, "\(name): \(plain)")
      let family = type == "counter" ? String(name.dropLast("_total".count)) : name
      let open = metadata.filter { $0.target["job"]?.hasPrefix("openmetrics") == true && [name, family].contains($0.metric) }
      #expect(open.count == 2 && open.allSatisfy { $0.type == (type == "untyped" ? "unknown" : type) }, "\(name): \(open)")
    }
  }

  @Test("Prometheus' promtool finds nothing to say about the metrics", .needsPeer("promtool"))
  func promtool() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      let page = try await installation.agent.page("/metrics")
      try Data(page.body).write(to: URL(fileURLWithPath: "\(installation.folder)/metrics"))
      let command = ["sh", "-c", "exec \"$0\" check metrics < metrics", Tool.peer("promtool") ?? ""]
      let said = try await run(command, in: installation.folder)
      #expect("\(said.status)" == "exited(0)" && said.output.isEmpty && said.errors.isEmpty, "\(said.output) \(said.errors)")
    }
  }

  @Test("names and types stay the same between scrapes, also while something is broken; the agent's figures about itself are there")
  func sameBetweenScrapes() async throws {
    try await withInstallation { installation in
      try await installation.agent.becomesHealthy()
      func types() async throws -> [String: String] {
        let page = try await installation.agent.page("/metrics").text
        return Dictionary(uniqueKeysWithValues: page.matches(of: /# TYPE (\S+) (\S+)/).map { (String($0.1), String($0.2)) })
      }
      var known = try await types()
      try await installation.odoo.turnOn("rpc_error", "?route=/crm/dashboard/data")
      _ = try await installation.message()
      for (name, type) in try await types() {
        #expect(known[name] == nil || known[name] == type, "\(name) was \(known[name] ?? "") and is \(type)")
        known[name] = type
      }
      let metrics = try await installation.agent.metrics()
      func value(_ name: String, _ labels: [String: String] = [:]) -> Double { metrics.value(name, labels) ?? -1 }
      let limit = value("process_max_fds")
      #expect(value("process_open_fds") > 10 && value("process_open_fds") < limit && value("process_threads") > 2)
      #expect(value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"))
      #expect(value("lookout_config_hash") > 0 && value("lookout_notices_waiting") >= 0 && value("lookout_postgres_seconds_total") > 0)
      #expect(value("lookout_last_turn_timestamp_seconds") > value("process_start_time_seconds"))
      #expect(
        metrics.all("lookout_rule_group_last_duration_seconds").count
          == metrics.all("lookout_rule_group_last_evaluation_timestamp_seconds").count)
      #expect(
        metrics.all("lookout_rule_group_duration_seconds_total").allSatisfy {
          $0.value > 0 && $0.labels["rule_group"]?.contains(";") == true
        })
      // Its latest look at itself may be from before the first scrape.
      try await eventually("the agent's own pages are counted") {
        try await installation.agent.metrics().value("lookout_http_requests_total", ["path": "/metrics", "code": "200"]) ?? 0 >= 1
      }
    }
  }

  @Test("a scrape reads and writes no file", .needs("strace", from: "strace"), .needsTracing)
  func noFiles() async throws {
    // No system call that has to do with a file but those of sockets: opening, looking at, reading at a place, writing, flushing.
    let watched = "trace=open,openat,stat,newfstatat,statx,access,faccessat,readlink,pread64,pwrite64,fsync,fdatasync,ftruncate,getdents64"
    // Each check is looked at once, by a program that strace slows down.
    let quiet = "{interval: 1h, costly_interval: 1h, export_interval: 1h, worker_share: 1, budgets: {page: 60s, dashboard: 60s}}"
    let settings = Settings(checks: quiet, wrapper: ["strace", "-f", "-qq", "-e", "signal=none", "-e", watched, "-o", "trace"])
    try await withInstallation(settings) { installation in
      let pid = try #require(pid_t(Tool.number(in: "\(installation.folder)/state/lock")))
      defer { kill(pid, SIGKILL) }
      try await installation.agent.becomesHealthy()
      func traced() -> [Substring] { Tool.text("\(installation.folder)/trace").split(separator: "\n") }
      func scrapes(_ count: Int) async throws -> [Substring] {
        let before = traced().count
        for _ in 0..<count {
          #expect(try await installation.agent.page("/metrics", headers: ["Accept-Encoding: gzip"]).status == 200)
          #expect(try await installation.agent.page("/health").status == 200)
        }
        // The log is looked after all the time, scraped or not.
        return traced().dropFirst(before).filter { !$0.contains("odoo.log") }
      }
      try await eventually("the start is over") { try await scrapes(1).isEmpty }
      let calls = try await scrapes(100)
      // What goes on by itself meanwhile is the tick's; it does not grow with the scrapes.
      #expect(calls.count < 20, "\(calls.prefix(20))")
    }
  }
}

extension Tool {
  static func text(_ file: String) -> String { String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self) }
}
