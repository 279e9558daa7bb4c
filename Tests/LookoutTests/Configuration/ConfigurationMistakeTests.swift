import Testing

@testable import Lookout

@Suite("Mistakes in the configuration file")
struct ConfigurationMistakeTests {
  @Test(
    "are told with line, column and what would be right",
    arguments: [
      ("checks:\n  intervall: 5s", "7:3: unknown key 'intervall'; did you mean 'interval'?"),
      ("noitfy: {}", "6:1: unknown key 'noitfy'; did you mean 'notify'?"),
      (
        "zebra: 1",
        "6:1: unknown key 'zebra'; known here: target, odoo, postgresql, log, checks, labels, targets, probes, probe_modules, "
          + "probe_targets, rules, notify, listen, public_listen, web_config_file, allowed_hosts, state_directory, external_url"
      ),
      ("checks:\n  interval: fast", "7:13: expected a duration such as 15s or 1m30s, found 'fast'"),
      ("checks:\n  interval: 0s", "7:13: expected a duration from 1s to 1h, found 0s"),
      ("checks:\n  timeout: 11m", "7:12: expected a duration from 100ms to 10m, found 11m"),
      ("checks:\n  timeout: 99999999999999999999y", "7:12: expected a duration such as 15s or 1m30s, found '99999999999999999999y'"),
      ("checks:\n  worker_share: 2", "7:17: expected a number from 0.001 to 1.0, found '2'"),
      ("checks:\n  worker_share: nan", "7:17: expected a number from 0.001 to 1.0, found 'nan'"),
      (
        "checks: [1]",
        "6:9: expected a mapping with interval, costly_interval, export_interval, access_interval, page_load_interval, timeout, costly_timeout, "
          + "worker_share, budgets, expect, menus, page_code, accept_exposed, found a list"
      ),
      ("postgresql: {port: 70000}", "6:20: expected a whole number from 1 to 65535, found '70000'"),
      ("postgresql: {port: 1e3}", "6:20: expected a whole number from 1 to 65535, found '1e3'"),
      (
        "postgresql: {sslmode: maybe}",
        "6:23: expected one of disable, allow, prefer, require, verify-ca, verify-full, found 'maybe'"
      ),
      ("postgresql: {password_file: nowhere}", "6:29: FOLDER/nowhere cannot be read: No such file or directory"),
      ("log: {}", "6:6: 'file' is missing"),
      ("log: {file: {a: b}}", "6:13: expected a text, found a mapping"),
      ("rules: x.yml", "6:8: expected a list, found 'x.yml'"),
      ("rules: [x.yml]", "6:9: FOLDER/x.yml cannot be read: No such file or directory"),
      ("notify: {}", "6:9: 'webhook' (a URL) or 'webhook_file' (a file that holds it) is missing"),
      ("notify: {webhook: 'http://a', webhook_file: password}", "6:45: 'webhook' and 'webhook_file' exclude each other"),
      ("listen: 9069", "6:9: expected ADDRESS:PORT such as 127.0.0.1:9069, found '9069'"),
      ("listen: 127.0.0.1:99999", "6:9: expected ADDRESS:PORT such as 127.0.0.1:9069, found '127.0.0.1:99999'"),
      (
        "listen: 0.0.0.0:9069",
        "6:9: '0.0.0.0' is not loopback, and nothing guards it: name a 'web_config_file' with TLS or users, "
          + "or let 'public_listen' show /health and /livez alone, or put a proxy in front of 127.0.0.1:9069"
      ),
      ("external_url: lookout", "6:15: 'lookout' is not a URL to use here: it must begin with http:// or https://"),
      ("target: ''", "6:9: expected a text, found nothing"),
      ("odoo: 1", "6:1: keys stand here twice: odoo"),
      ("listen: &a [*a]", "6:13: not YAML: found undefined alias"),
      ("listen: \"x", "7:1: not YAML: found unexpected end of stream"),
      ("\tlisten: x", "6:1: not YAML: found a tab character that violates indentation"),
    ] as [(String, String)])
  func mistakes(text: String, message: String) throws {
    try withConfigurationFolder { folder in
      let mistake = try #require(folder.mistake(configurationText(text)))
      // Where YAML itself is broken, libyaml's place of the context may stand instead of the exact one.
      if message.contains("not YAML") || message.contains("twice") {
        #expect(mistake.contains(message.suffix(12)), "\(mistake)")
      } else {
        #expect(mistake == message)
      }
    }
  }

  @Test(
    "what Odoo's section lacks is named",
    arguments: [
      ("target: x", "1:1: 'odoo' is missing"),
      ("probes: [{name: a, address: 'http://a/', http: {}}]\nlabels: {a: b}", "2:9: 'labels' belongs to an Odoo, and there is no 'odoo'"),
      ("targets: []\nlog: {file: a}", "2:6: 'log' belongs to an Odoo: it stands in the list 'targets'"),
      ("odoo: {}", "1:7: 'url' is missing"),
      ("odoo:\n  url: http://a\n  database: crm\n  login: l\n", "2:3: 'password_file' is missing"),
      ("odoo:\n  url:\n  database: crm\n", "2:3: 'url' is missing"),
      ("- odoo", "1:1: expected a mapping with target, odoo, "),
      ("just words", "1:1: expected a mapping with target, odoo, "),
      ("", " is empty; at least 'odoo' with url, database, login and password_file is needed"),
      ("# nothing\n# but comments\n", " is empty; at least 'odoo' with url, database, login and password_file is needed"),
      ("odoo: {url: 'http://u:p@crm', database: a, login: b, password_file: password}", "1:13: '…@crm' is not a URL to use here"),
      (
        "odoo: {url: 'http://crm/?db=a', database: a, login: b, password_file: password}",
        "1:13: 'http://crm' is not a URL to use here: a query (?…) has no meaning here"
      ),
      ("odoo: {url: 'http://crm', database: a, login: b, password_file: nowhere}", "1:65: FOLDER/nowhere cannot be read: No such"),
      ("odoo: {url: 'http://crm', database: a, login: b, password_file: password, workers: 0}", "1:84: expected a whole number from 1 to"),
      ("odoo: {url: 'http://crm', database: a, login: b, password_file: password, config_file: nope}", "1:88: FOLDER/nope cannot be read"),
    ] as [(String, String)])
  func required(text: String, message: String) throws {
    try withConfigurationFolder { folder in
      let mistake = try #require(folder.mistake(text))
      #expect(mistake.hasPrefix(message), "\(mistake)")
    }
  }

  @Test("the place is left out where the file as a whole is meant")
  func description() {
    #expect(ConfigurationError(file: "a.yml", message: "is empty").description == "a.yml: is empty")
    #expect(ConfigurationError(file: "a.yml", line: 3, column: 7, message: "wrong").description == "a.yml:3:7: wrong")
  }
}
