import Foundation
import Testing

@testable import Lookout

@Suite("What is found on a machine")
struct DiscoveryTests {
  private static let conf = """
    [options]
    admin_passwd = TOPSECRET
    db_host = False
    db_port = 5433
    db_user = odoo17
    db_password = HIDDEN
    db_name = crm
    logfile = /var/log/odoo/odoo.log
    http_port = 8070
    workers = 4
    addons_path = /opt/odoo/addons,
        /opt/odoo/custom
    addons_path = /opt/odoo/addons, /opt/odoo/custom
    """
  private static let machine = [
    "/etc/odoo/odoo.conf": conf,
    "/lib/systemd/system/odoo.service": "[Service]\nExecStart=/usr/bin/odoo --config /etc/odoo/odoo.conf\n",
    "/proc/4711/cmdline": "/usr/bin/python3\u{0}/usr/bin/odoo\u{0}--config\u{0}/etc/odoo/odoo.conf\u{0}",
    "/proc/4712/cmdline": "odoo: WorkerHTTP 4712\u{0}\u{0}\u{0}",
    "/var/run/postgresql/.s.PGSQL.5433": "", "/var/run/postgresql/.s.PGSQL.5433.lock": "",
    "/opt/odoo/custom/crm_executive_dashboard/__manifest__.py": "{'name': 'x', 'version': '17.0.1.0.0'}",
    "/etc/nginx/sites-enabled/odoo":
      "server { listen 443 ssl; server_name erp.example.com; location / { proxy_pass http://127.0.0.1:8070; } }",
  ]

  @Test("unit, process and file of one Odoo are one")
  func one() throws {
    try withTree(Self.machine) { tree in
      let found = Discovery(tree)
      let odoo = try #require(found.odoos.first)
      #expect(found.odoos.count == 1)
      #expect(odoo.sources == ["unit odoo.service", "process 4711", "/etc/odoo/odoo.conf"])
      #expect(odoo.url == "https://erp.example.com" && odoo.ownURL == "http://127.0.0.1:8070" && odoo.databases == ["crm"])
      #expect(odoo.value("workers") == .init(text: "4", from: "workers in /etc/odoo/odoo.conf"))
      #expect(odoo.postgres.server(port: 5433)?.directory == "/var/run/postgresql")
      #expect(odoo.module == "/opt/odoo/custom/crm_executive_dashboard, version 17.0.1.0.0")
      #expect(found.notes.contains { $0.contains("'addons_path' more than once") })
    }
  }

  @Test("the configuration that comes of it says where each value is from, and nothing secret")
  func text() throws {
    try withTree(Self.machine) { tree in
      let text = DiscoveredConfiguration(discovery: Discovery(tree)).text
      for words in [
        "  url: https://erp.example.com", "  database: crm", "  workers: 4", "  file: /var/log/odoo/odoo.log",
        "config_file: /etc/odoo/odoo.conf",
        "nginx, /etc/nginx/sites-enabled/odoo", "proxy_mode is not set", "# db_name in /etc/odoo/odoo.conf",
        "the socket /var/run/postgresql/.s.PGSQL.5433, port 5433", "version 17.0.1.0.0",
      ] { #expect(text.contains(words), "\(words)") }
      for secret in ["TOPSECRET", "HIDDEN"] { #expect(!text.contains(secret)) }
      for line in text.split(separator: "\n") { #expect(line.count <= 140) }
    }
  }

  @Test("once it is filled in the agent takes it", arguments: [true, false])
  func filledIn(hasFile: Bool) throws {
    var machine = Self.machine
    if !hasFile { machine["/etc/odoo/odoo.conf"] = nil }
    try withTree(machine) { tree in
      let text = DiscoveredConfiguration(discovery: Discovery(tree)).text
      let before = ConfigurationExamination(text, file: "x.yml", environment: [:]).mistakes.map(\.message)
      for key in ["login", "password_file"] { #expect(before.contains("'\(key)' is missing")) }
      let filled = text.replacing("/etc/odoo/odoo.conf", with: tree.root + "/etc/odoo/odoo.conf")
        .replacing("  login:\n", with: "  login: watcher\n").replacing("  password_file:\n", with: "  password_file: /dev/null\n")
        .replacing("  webhook:\n", with: "  webhook: http://127.0.0.1/x\n").replacing("  database:\n", with: "  database: crm\n")
      let after = ConfigurationExamination(filled, file: "x.yml", environment: [:])
      #expect(after.mistakes.isEmpty, "\(after.mistakes) in \(filled)")
      let target = try #require(after.configuration?.targets.first)
      #expect(target.odoo.database == "crm" && target.postgresql != nil && (target.logFile == "/var/log/odoo/odoo.log") == hasFile)
    }
  }

  @Test("several Odoos are all told, the first ready for use and the others as comments")
  func several() throws {
    var machine = Self.machine
    machine["/etc/odoo/hr.conf"] = "[options]\nhttp_port = 8169\ndb_name = hr,hr_test\n"
    machine["/etc/systemd/system/odoo-test.service"] = "[Service]\nExecStart=/opt/t/odoo-bin -p 8269 -d test --logfile logs/t.log\n"
    try withTree(machine) { tree in
      let found = Discovery(tree)
      #expect(Set(found.odoos.map(\.httpPort)) == [8070, 8169, 8269])
      let text = DiscoveredConfiguration(discovery: found).text
      #expect(text.split(separator: "\n").count { $0 == "odoo:" } == 1 && text.split(separator: "\n").count { $0 == "# odoo:" } == 2)
      #expect(text.contains("there are also hr_test"))
    }
  }

  @Test(
    "a bad odoo.conf is said and does no harm",
    arguments: [
      ("\u{0}\u{1}binary", "NUL bytes"), (String(repeating: "x", count: 2 << 20), "larger than 1 MiB"), ("", "no section [options]"),
      ("[options]\ndb_name = a\nDB_NAME = b\n", "more than once"), ("[options]\nhttp_port = 99999999999999999999\nworkers = -3\n", ""),
      ("[options]\ndb_name = \"x\": {y}\u{1b}[31m # z\nlogfile = /l\"\\o\u{7}g\n", ""), ("[options]\ndb_name = caf\u{fffd}\n", ""),
    ])
  func badConf(text: String, note: String) throws {
    var machine = Self.machine
    machine["/etc/odoo/odoo.conf"] = text
    try withTree(machine) { tree in
      let found = Discovery(tree)
      #expect(found.odoos.count == 1)
      #expect(note.isEmpty || found.notes.contains { $0.contains(note) }, "\(found.notes)")
      let made = DiscoveredConfiguration(discovery: found).text
      #expect(made.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
      let mistakes = ConfigurationExamination(made, file: "x.yml", environment: [:]).mistakes.map(\.message)
      #expect(!mistakes.contains { $0.contains("YAML") || $0.contains("unknown key") }, "\(mistakes)")
    }
  }

  @Test("an empty machine and one full of nonsense have none")
  func nothing() throws {
    #expect(try withTree([:]) { Discovery($0).odoos.isEmpty })
    let nonsense = [
      "/proc/1/cmdline": "", "/proc/x/cmdline": "odoo", "/etc/systemd/system/a.service": "[Service\nExecStart=\\",
      "/etc/odoo/x.conf": "[other]\na=b",
      "/home/me/.odoorc": "->/home/me/.odoorc",
    ]
    #expect(try withTree(nonsense) { Discovery($0).odoos.map(\.sources) } == [])
  }

  @Test("ODOO_RC, a relative path and a file in a container are understood")
  func places() throws {
    let machine = [
      "/etc/systemd/system/a.service": "[Service]\nEnvironment=ODOO_RC=/srv/a.conf\nExecStart=/usr/bin/odoo\n",
      "/etc/systemd/system/b.service": "[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/odoo -c b.conf\n",
      "/srv/a.conf": "[options]\nhttp_port = 1001\n", "/srv/b.conf": "[options]\nhttp_port = 1002\n",
      "/proc/9/cmdline": "odoo\u{0}-c\u{0}/in/a/container.conf\u{0}",
    ]
    try withTree(machine) { tree in
      let found = Discovery(tree)
      #expect(found.odoos.map(\.httpPort) == [1001, 1002, 8069])
      #expect(found.notes.contains { $0.contains("/in/a/container.conf is not on this machine") })
    }
  }

  @Test(
    "scalars are written so that YAML reads them as they are",
    arguments: ["crm", "a: b", "true", "123", "1e3", "x\"y\\z", "\u{1b}[0m", "- a", "# c", "", "é", "@a", "a:"])
  func quoting(text: String) throws {
    let document = try #require(try YAMLNode.document("k: \(DiscoveredConfiguration.quoted(text))\n", file: "x"))
    #expect(try document.mapping(known: ["k"]).values["k"]?.string() == text)
  }

  @Test("without a configuration a check goes by what is found, and says what it cannot look at")
  func source() throws {
    try withTree(Self.machine) { tree in
      let source = try ConfigurationSource.find(nil, tree: tree)
      #expect(!source.hasLogin && source.configuration.targets.map(\.odoo.url.description) == ["https://erp.example.com"])
      #expect(source.notes.first?.contains("dashboards were not looked at") == true)
      #expect(source.remark?.contains("unit odoo.service") == true)
    }
    #expect(throws: AgentError.self) { try withTree([:]) { try ConfigurationSource.find(nil, tree: $0) } }
  }

  @Test("a configuration in the usual place comes first")
  func usual() throws {
    let text = "odoo: {url: 'http://crm', database: usual, login: l, password_file: /dev/null}\n"
    try withTree(Self.machine.merging(["/etc/lookout/lookout.yml": text]) { $1 }) { tree in
      let source = try ConfigurationSource.find(nil, tree: tree)
      #expect(source.hasLogin && source.configuration.targets.map(\.name) == ["usual"])
    }
  }
}

@Suite("PostgreSQL's own configuration")
struct PostgresPlaceTests {
  @Test("says port and socket directory where there is no socket to be seen")
  func settings() throws {
    let text = "# port = 1\nport = 5434 # (change requires restart)\nunix_socket_directories = '/srv/pg, /tmp'\nport\n= 7\n"
    try withTree(["/etc/postgresql/15/main/postgresql.conf": text]) { tree in
      #expect(PostgresPlace(tree).servers == [.init(directory: "/srv/pg", port: 5434, from: "/etc/postgresql/15/main/postgresql.conf")])
    }
  }
}
