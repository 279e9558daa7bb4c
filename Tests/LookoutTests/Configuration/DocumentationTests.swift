import Foundation
import Testing
import Yams

@testable import Lookout

/// What people read about the configuration, held against what the program knows.
@Suite struct DocumentationTests {
  /// The shipped example with everything in it taken as said: a line loses its `#` where a key follows and no sentence.
  private static func example() throws -> String {
    let lines = try packageFile("systemd/lookout.example.yml").components(separatedBy: "\n")
    return lines.map { line in
      guard line.hasPrefix("#"), line.count > 1 else { return line }
      let rest = line.dropFirst()
      // Keys are indented by two, what is said in between by one or three.
      return rest.prefix { $0 == " " }.count % 2 == 1 ? "" : String(rest)
    }
    .joined(separator: "\n")
  }

  /// The example as the reader takes it, with the files that it names in a folder.
  private static func read(_ text: String, in folder: ConfigurationFolder) throws -> Configuration {
    let files = [
      "odoo.password": "x\n", "postgresql.password": "x\n", "webhook": "http://127.0.0.1:1/\n", "odoo.conf": "[options]\n",
      "own.rules.yml": "groups: []\n", "web.yml": "basic_auth_users: {prometheus: \(Passwords.hash)}\n",
      "blackbox.yml": "modules: {http_2xx: {prober: http}}\n",
    ]
    for (name, content) in files { try folder.write(name, content) }
    let moved = text.replacing("/etc/lookout/", with: folder.path + "/").replacing("/etc/odoo/", with: folder.path + "/")
    return try folder.read(moved, environment: ["CREDENTIALS_DIRECTORY": folder.path, "STATE_DIRECTORY": "/var/lib/lookout"])
  }

  @Test("the example is a configuration, as it is and with every key in force; what it calls a default is one")
  func example() throws {
    try withConfigurationFolder { folder in
      let short = try Self.read(try packageFile("systemd/lookout.example.yml"), in: folder)
      let full = try Self.read(try Self.example(), in: folder)
      #expect(full.targets[0].name == short.targets[0].name && full.targets[0].odoo == short.targets[0].odoo)
      #expect(full.targets[0].checks == Configuration.Checks() && full.listen == short.listen && full.webhooks == short.webhooks)
      #expect(full.stateDirectory == short.stateDirectory && full.externalURL == short.externalURL)
      let database = try #require(full.targets[0].postgresql)
      #expect(database.host == "/var/run/postgresql" && database.port == 5432 && database.user == "lookout")
      #expect(database.database == "crm" && database.tlsMode == "prefer")
      #expect(full.targets[0].logFile != nil && full.ruleFiles.count == 1)
      #expect(full.probes.count == 1 && short.probes.isEmpty && full.modules.count == 1 && full.probeTargets.count == 1)
    }
  }

  @Test("every key that the reader knows stands in the example, in README's table and in the manual page")
  func everyKey() throws {
    try withConfigurationFolder { folder in
      let keys = KnownKeys(in: folder).all()
      // The reader has been asked the right way.
      #expect(keys.contains(["odoo", "password_file"]) && keys.contains(["checks", "budgets", "running"]) && keys.contains(["listen"]))
      let example = try #require(try Yams.compose(yaml: try Self.example()))
      let alternatives = try packageFile("systemd/lookout.example.yml")
      let table = try packageFile("README.md").components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
      let manual = try Self.configurationOfManual()
      for key in keys {
        // What cannot stand beside the rest is shown within a sentence, alone or as a section of one line.
        let isAlternative = key.suffix(2).contains { alternatives.contains("`\($0): ") }
        #expect(Self.has(example, key) || isAlternative, "systemd/lookout.example.yml does not name \(key.joined(separator: ": "))")
        #expect(table.contains { Self.names(key, $0) }, "README.md's table does not name \(key.joined(separator: ": "))")
        #expect(manual.contains { Self.names(key, $0) }, "man/lookout.1 does not name \(key.joined(separator: ": "))")
      }
    }
  }

  private static func has(_ node: Yams.Node, _ key: [String]) -> Bool {
    guard let first = key.first else { return true }
    guard case .mapping(let mapping) = node, let value = mapping.first(where: { $0.key.string == first })?.value else { return false }
    return has(value, Array(key.dropFirst()))
  }

  /// All words of the key, in one line.
  private static func names(_ key: [String], _ line: String) -> Bool {
    let words = Set(line.split { !($0.isLetter || $0 == "_") }.map(String.init))
    return key.allSatisfy(words.contains)
  }

  /// The tags of its section CONFIGURATION.
  private static func configurationOfManual() throws -> [String] {
    let lines = try packageFile("man/lookout.1").components(separatedBy: "\n")
    let section = lines.drop { $0 != ".SH CONFIGURATION" }.dropFirst().prefix { !$0.hasPrefix(".SH ") }
    return section.filter { $0.hasPrefix(".B ") }
  }

  @Test("every metric stands in README's table, by its whole name, and the table names none that is not there")
  func everyMetric() throws {
    let source = try packageFile("Sources/Lookout/Observe/Metrics.swift")
    let metrics = Set(source.matches(of: /name: "([a-z_]+)"/).map { String($0.1) })
    #expect(metrics.count > 50)
    let readme = try packageFile("README.md")
    let start = try #require(readme.range(of: "\n## Metrics\n"))
    let rest = readme[start.upperBound...]
    let table = rest.prefix(upTo: rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)
    let named = Set(table.matches(of: /`((?:lookout|process|probe|pg|odoo|blackbox)_[a-z_]+)`/).map { String($0.1) })
    #expect(metrics.subtracting(named).sorted() == [] && named.subtracting(metrics).sorted() == [])
  }

  @Test("counters end in _total, times are in seconds, and every metric has help")
  func names() throws {
    let source = try packageFile("Sources/Lookout/Observe/Metrics.swift")
    for metric in source.matches(of: /name: "([a-z_]+)", kind: \.([a-z]+),\s+help: "([^"]+)"/) {
      #expect((metric.2 == "counter") == metric.1.hasSuffix("_total"), "\(metric.1)")
      #expect(!metric.1.contains("_ms") && !metric.1.contains("_kb") && !metric.3.isEmpty)
    }
  }
}
