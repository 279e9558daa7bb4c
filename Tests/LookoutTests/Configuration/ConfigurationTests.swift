import Testing

@testable import Lookout

@Suite("The configuration file")
struct ConfigurationTests {
  @Test("five lines are enough; everything else has its default")
  func fiveLines() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText(), environment: ["HOME": "/home/odoo"])
      let odoo = Configuration.Odoo(
        url: try WebAddress("http://127.0.0.1:8069"), database: "crm", login: "lookout", password: .file(folder.path + "/password"),
        workers: 2, longestRequest: .seconds(120))
      var expected = Configuration(
        targets: [.init(name: "crm", odoo: odoo, postgresql: nil, log: nil, checks: .init())], ruleFiles: [], webhooks: [],
        listen: .init(host: "127.0.0.1", port: 9069), stateDirectory: "/home/odoo/.local/state/lookout",
        externalURL: "http://127.0.0.1:9069")
      expected.fileHash = read.fileHash
      #expect(read == expected)
      #expect(try read.targets[0].odoo.password.reveal() == "hunter2")
    }
  }

  @Test("the hash differs where the file does, is the same where it does not, and is a whole number that a sample can hold")
  func fileHash() throws {
    try withConfigurationFolder { folder in
      let first = try folder.read(configurationText()).fileHash
      #expect(first > 0 && first < 0x1p53 && first == first.rounded())
      #expect(try folder.read(configurationText()).fileHash == first)
      #expect(try folder.read(configurationText("# a comment\n")).fileHash != first)
    }
  }

  @Test("the defaults are those of the checklist")
  func defaults() {
    let checks = Configuration.Checks()
    #expect(checks.interval == .seconds(15) && checks.costlyInterval == .seconds(60))
    #expect(checks.timeout == .seconds(10) && checks.costlyTimeout == .seconds(60))
    #expect(checks.pageBudget == .seconds(3) && checks.dashboardBudget == .seconds(2) && checks.exportBudget == .seconds(5))
    #expect(checks.statementBudget == .seconds(1) && checks.runningBudget == .seconds(60) && checks.exportInterval == .seconds(600))
    #expect(checks.workerShare == 0.02)
  }

  @Test("every section is read")
  func everything() throws {
    try withConfigurationFolder { folder in
      try folder.write("rules.yml", "groups: []")
      try folder.write("database-password", "secret of the database")
      let read = try folder.read(
        """
        target: production
        odoo: {url: "https://crm.example.com/odoo/", database: crm, login: watcher, password_file: password, workers: 6}
        postgresql:
          host: db.example.com
          port: 5433
          user: watcher
          password_file: database-password
          database: crm_copy
          sslmode: verify-full
        log: {file: logs/odoo.log}
        checks:
          interval: 5s
          costly_interval: 2m
          timeout: 1500ms
          costly_timeout: 1m30s
          worker_share: 0.5
          budgets: {page: 4s, dashboard: 2500ms, statement: 2m}
        rules: [rules.yml]
        notify: {webhook: "https://hooks.example.com/services/T0/", timeout: 3s}
        listen: "[::1]:9070"
        state_directory: state
        external_url: https://lookout.example.com/
        """)
      #expect(read.targets[0].name == "production")
      #expect(read.targets[0].odoo.url.description == "https://crm.example.com/odoo" && read.targets[0].odoo.workers == 6)
      let postgresql = Configuration.PostgreSQL(
        host: "db.example.com", port: 5433, user: "watcher", password: .file(folder.path + "/database-password"), database: "crm_copy",
        tlsMode: "verify-full")
      #expect(read.targets[0].postgresql == postgresql)
      #expect(read.targets[0].logFile == folder.path + "/logs/odoo.log")
      let checks = Configuration.Checks(
        interval: .seconds(5), costlyInterval: .seconds(120), timeout: .milliseconds(1500), costlyTimeout: .seconds(90), workerShare: 0.5,
        pageBudget: .seconds(4), dashboardBudget: .milliseconds(2500), statementBudget: .seconds(120))
      #expect(read.targets[0].checks == checks)
      #expect(read.ruleFiles == [folder.path + "/rules.yml"])
      #expect(read.listen == .init(host: "::1", port: 9070))
      #expect(read.stateDirectory == folder.path + "/state")
      #expect(read.externalURL == "https://lookout.example.com")
      #expect(read.webhooks.map(\.timeout) == [.seconds(3)])
    }
  }

  @Test("a webhook's URL is kept as it was written, for a slash at its end may matter")
  func webhookURL() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("notify: {webhook: \"https://hooks.example.com/T0/\"}"))
      #expect(try read.webhooks.first?.url.reveal() == "https://hooks.example.com/T0/")
      try folder.write("hook", "https://hooks.example.com/T1/\nsecond line")
      let other = try folder.read(configurationText("notify: {webhook_file: hook}"))
      #expect(try other.webhooks.first?.url.reveal() == "https://hooks.example.com/T1/")
    }
  }

  @Test("routes and receivers may stand in a file of Alertmanager's, and then an Odoo is not needed")
  func routingFile() throws {
    try withConfigurationFolder { folder in
      try folder.write("am.yml", "route: {receiver: d}\nreceivers: [{name: d, webhook_configs: [{url_file: hook}]}]\n")
      try folder.write("hook", "https://hooks.example.com/T0/\n")
      let read = try folder.read(configurationText("notify: {file: am.yml}"))
      #expect(read.hasReceiver && read.webhooks.isEmpty && read.targets.count == 1)
      #expect(try read.notificationPlan().receivers["d"]?.url == "https://hooks.example.com/T0/")
      let alone = try folder.read("notify: {file: am.yml}")
      #expect(alone.targets.isEmpty && alone.ownTarget == Configuration.ownTarget)
      #expect(folder.mistake("notify: {file: am.yml}\nlog: {file: a}") == "2:6: 'log' belongs to an Odoo, and there is no 'odoo'")
      #expect(folder.mistake("notify: {webhook: 'http://a'}") == "1:1: 'odoo' is missing")
    }
  }

  @Test("a mistake in that file is told with its place there")
  func routingFileMistake() throws {
    try withConfigurationFolder { folder in
      try folder.write("am.yml", "route: {receiver: d}\nreceivers: [{name: e}]\n")
      #expect(
        folder.mistake(configurationText("notify: {file: am.yml}")) == "FOLDER/am.yml:1:19: there is no receiver 'd'; did you mean 'e'?")
      #expect(
        folder.mistake(configurationText("notify: {file: am.yml, timeout: 3s}"))
          == "6:33: 'timeout' and 'file' exclude each other: the file names its receivers")
      #expect(
        folder.mistake(configurationText("notify: {file: none.yml}")) == "6:16: FOLDER/none.yml cannot be read: No such file or directory")
      let text = configurationText("notify: {file: am.yml}\nliste: 1")
      let examination = ConfigurationExamination(text, file: folder.path + "/lookout.yml", environment: [:])
      #expect(examination.mistakes.contains { $0.file.hasSuffix("am.yml") || $0.message.contains("liste") })
    }
  }

  @Test("an address of IPv6 stands in brackets in the agent's own URL")
  func externalURLOfIPv6() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("listen: \"[::1]:9070\""))
      #expect(read.externalURL == "http://[::1]:9070")
    }
  }

  @Test("postgresql has defaults of its own, and so has a key that is left empty")
  func postgresDefaults() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("postgresql:\n  user: watcher\n  port:\n"))
      #expect(read.targets[0].postgresql == .init(host: "/var/run/postgresql", port: 5432, user: "watcher", password: nil, database: "crm"))
    }
  }

  @Test(
    "the state lies where systemd says, else where XDG says, else in the home directory",
    arguments: [
      (["STATE_DIRECTORY": "/var/lib/lookout", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/var/lib/lookout"),
      (["STATE_DIRECTORY": "/var/lib/one:/var/lib/two"], "/var/lib/one"),
      (["STATE_DIRECTORY": "", "XDG_STATE_HOME": "/x"], "/x/lookout"),
      (["HOME": "/h"], "/h/.local/state/lookout"),
      ([:], "/var/lib/.local/state/lookout"),
    ] as [([String: String], String)])
  func stateDirectory(environment: [String: String], place: String) throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText(), environment: environment)
      #expect(read.stateDirectory == place)
    }
  }

  @Test("a file that is not there, a folder and an oversized file are named in the error")
  func unreadable() throws {
    try withConfigurationFolder { folder in
      #expect(throws: ConfigurationError(file: folder.path + "/no.yml", message: "cannot be read: No such file or directory")) {
        try Configuration.read(folder.path + "/no.yml")
      }
      #expect(throws: ConfigurationError.self) { try Configuration.read(folder.path) }
      let mistake = folder.mistake(String(repeating: "# comment\n", count: 500_000))
      #expect(mistake == " is larger than 4096 KiB")
    }
  }

  @Test("nothing of a configuration shows a secret")
  func secrets() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(configurationText("notify: {webhook: \"https://hooks.example.com/T0KEN\"}"))
      var dumped = ""
      dump(read, to: &dumped)
      for text in [dumped, String(describing: read), String(reflecting: read)] { #expect(!text.contains("T0KEN")) }
    }
  }
}
