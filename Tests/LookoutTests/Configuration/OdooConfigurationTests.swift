import Testing

@testable import Lookout

@Suite("Odoo's own configuration file")
struct OdooConfigurationTests {
  private let text = """
    # db_host = commented.example.com
    [queue_job]
    db_host = wrong.example.com
    [options]
    ; db_host = commented.example.com
    admin_passwd = $pbkdf2$hash
    db_host = db.example.com
      # indented comment
    DB_Port = 5433
    db_user: odoo17
    db_password = pa=ss:wo#rd
    logfile=/var/log/odoo/odoo.log
    workers = 6
    addons_path = /a,
        /b
    db_name = False
    proxy_mode = None
    syslog =
    no separator here
    [other]
    db_user = wrong
    """

  @Test("the section [options] is read, with both separators, comments left out and values that are not set as nothing")
  func values() {
    let file = OdooConfiguration(text, path: "odoo.conf")
    #expect(file["db_host"] == "db.example.com")
    #expect(file["db_port"] == "5433")
    #expect(file["db_user"] == "odoo17")
    #expect(file["db_password"] == "pa=ss:wo#rd")
    #expect(file["logfile"] == "/var/log/odoo/odoo.log")
    for name in ["db_name", "proxy_mode", "syslog", "absent", "no separator here", ""] { #expect(file[name] == nil, "\(name)") }
  }

  @Test("lines that end as on Windows, and bytes that are no UTF-8, do no harm")
  func oddBytes() throws {
    let file = OdooConfiguration("[options]\r\ndb_host = a\u{FFFD}b\r\ndb_user = u\r\n", path: "odoo.conf")
    #expect(file["db_user"] == "u")
    #expect(file["db_host"] == "a\u{FFFD}b")
    #expect(OdooConfiguration("[options", path: "x")["db_host"] == nil)
    #expect(OdooConfiguration("[options]\n=x\n:\n= =\n", path: "x")["db_host"] == nil)
  }

  @Test("from it come the database's place, the log and the number of workers")
  func discovery() throws {
    try withConfigurationFolder { folder in
      try folder.write("odoo.conf", text)
      let read = try folder.read(configurationText("").replacing("login:", with: "config_file: odoo.conf\n  login:"))
      let path = folder.path + "/odoo.conf"
      let expected = Configuration.PostgreSQL(
        host: "db.example.com", port: 5433, user: "odoo17", password: .odooConfiguration(path, key: "db_password"), database: "crm")
      #expect(read.targets[0].postgresql == expected)
      #expect(try read.targets[0].postgresql?.password?.reveal() == "pa=ss:wo#rd")
      #expect(read.targets[0].logFile == "/var/log/odoo/odoo.log")
      #expect(read.targets[0].odoo.workers == 6)
    }
  }

  @Test("what the agent's file says comes before what Odoo's says")
  func precedence() throws {
    try withConfigurationFolder { folder in
      try folder.write("odoo.conf", text)
      let more = "postgresql: {host: 127.0.0.1}\nlog: {file: /var/log/other.log}"
      let read = try folder.read(configurationText(more).replacing("login:", with: "config_file: odoo.conf\n  workers: 3\n  login:"))
      #expect(read.targets[0].postgresql == .init(host: "127.0.0.1", user: "lookout", password: nil, database: "crm"))
      #expect(read.targets[0].logFile == "/var/log/other.log")
      #expect(read.targets[0].odoo.workers == 3)
    }
  }

  @Test(
    "Odoo's own connection: a socket, the user odoo and no password where nothing else is set",
    arguments: ["", "workers = 0", "workers = x"])
  func defaults(line: String) throws {
    try withConfigurationFolder { folder in
      try folder.write("odoo.conf", "[options]\ndb_host = False\ndb_port = False\ndb_password = False\n\(line)\n")
      let read = try folder.read(configurationText("").replacing("login:", with: "config_file: odoo.conf\n  login:"))
      #expect(read.targets[0].postgresql == .init(host: "/var/run/postgresql", port: 5432, user: "odoo", password: nil, database: "crm"))
      #expect(read.targets[0].logFile == nil)
      #expect(read.targets[0].odoo.workers == 2)
    }
  }
}
