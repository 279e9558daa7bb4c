import Testing

@testable import Lookout

@Suite("Command lines of Odoo")
struct OdooArgumentsTests {
  @Test(
    "are taken apart as systemd does it",
    arguments: [
      ("a  b\tc", ["a", "b", "c"]), ("'a b' \"c d\"e", ["a b", "c de"]), ("a\\ b", ["a b"]), ("''", [""]), ("", []), ("'open", ["open"]),
      ("\"a\\\"b\"", ["a\"b"]),
    ] as [(String, [String])])
  func words(line: String, words: [String]) {
    #expect(CommandWords.split(line) == words)
  }

  @Test(
    "name the configuration file in every way that Odoo takes",
    arguments: [
      "/usr/bin/odoo -c /etc/o.conf", "/usr/bin/odoo --config /etc/o.conf", "/opt/odoo/odoo-bin --config=/etc/o.conf",
      "/opt/venv/bin/python3 /opt/odoo/odoo-bin -c/etc/o.conf", "python3 -m odoo server -c /etc/o.conf", "openerp-server -c /etc/o.conf",
      "/usr/bin/env python3 /opt/odoo/odoo-bin --config=/etc/o.conf", "sudo -u odoo /usr/bin/odoo -c /etc/o.conf",
    ])
  func configFile(line: String) {
    #expect(OdooArguments(CommandWords.split(line))?.configFile == "/etc/o.conf")
  }

  @Test("say what the file else would, passwords left where they are")
  func options() throws {
    let line =
      "/usr/bin/odoo -d crm -p 8070 --longpolling-port=8073 --workers 4 --logfile=/var/log/o.log -w secret --db_password=x --proxy-mode"
    let found = try #require(OdooArguments(CommandWords.split(line)))
    #expect(
      found.options == [
        "db_name": "crm", "http_port": "8070", "gevent_port": "8073", "workers": "4", "logfile": "/var/log/o.log", "proxy_mode": "True",
      ])
  }

  @Test(
    "of other programs are none",
    arguments: [
      "", "vim /etc/odoo/odoo.conf", "odoo: WorkerHTTP 4711", "tail -f /var/log/odoo", "postgres: odoo crm [local] idle",
      "psql -U odoo odoo",
      "/usr/bin/odoo shell -c /etc/o.conf", "sudo -u odoo psql", "/opt/odoo/run.sh",
    ])
  func others(line: String) {
    #expect(OdooArguments(line.hasPrefix("odoo:") || line.hasPrefix("postgres:") ? [line] : CommandWords.split(line)) == nil)
  }

  @Test("units are read with their continued lines, environment and drop-ins")
  func unit() {
    var unit = SystemdUnit()
    unit.take(
      """
      [Unit]
      ExecStart=/wrong/odoo
      [Service]
      # ExecStart=/commented/odoo
      Environment="ODOO_RC=/etc/x.conf" LANG=C
      WorkingDirectory=-/opt/odoo
      ExecStart=-/usr/bin/odoo \\
        --config '/etc/odoo/my odoo.conf' \\
        --workers=2
      [Install]
      """)
    #expect(unit.commands == [["/usr/bin/odoo", "--config", "/etc/odoo/my odoo.conf", "--workers=2"]])
    #expect(unit.environment == ["ODOO_RC": "/etc/x.conf", "LANG": "C"] && unit.workingDirectory == "/opt/odoo")
    unit.take("[Service]\nExecStart=\nExecStart=/opt/odoo/odoo-bin")
    #expect(unit.commands == [["/opt/odoo/odoo-bin"]])
  }
}
