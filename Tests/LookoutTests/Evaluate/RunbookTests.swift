import Foundation
import Subprocess
import Testing

@testable import Lookout

@Suite(.timeLimit(.minutes(2)))
struct RunbookTests {
  private let blocks: [MarkdownBlock]
  private let headings: Set<String>

  init() throws {
    blocks = MarkdownBlock.all(in: try RuleData.text("Alerts/README.md"))
    headings = Set(blocks.compactMap(Self.heading))
  }

  private static func heading(_ block: MarkdownBlock) -> String? {
    if case .heading(_, let text) = block { text.lowercased() } else { nil }
  }

  @Test("every reason has a heading", arguments: Reason.allCases)
  func reasons(reason: Reason) {
    #expect(headings.contains(reason.rawValue))
  }

  @Test("every component has a heading", arguments: Component.allCases)
  func components(component: Component) {
    #expect(headings.contains("component \(component.rawValue)"))
  }

  @Test("every shipped alert has a heading and a line in the list of alerts, and its annotation leads there")
  func alerts() throws {
    let lists = blocks.compactMap { block -> [[String]]? in
      if case .table(let head, let rows) = block, head.first == "alert" { rows } else { nil }
    }
    let list = try #require(lists.first)
    let rules = try RuleSet.shipped().alertRules
    #expect(list.count == rules.count)
    for rule in rules {
      #expect(headings.contains(rule.name.lowercased()))
      #expect(rule.annotations["runbook"]?.text == "Alerts/README.md#\(rule.name.lowercased())")
      let line = list.first { $0.first == "[\(rule.name)](#\(rule.name.lowercased()))" }
      #expect(line?.dropFirst().first == rule.labels["severity"]?.text, "\(rule.name)")
    }
  }

  @Test("no heading is there of an alert that does not exist")
  func noOthers() throws {
    let rules = Set(try RuleSet.shipped().alertRules.map { $0.name.lowercased() })
    let start = try #require(blocks.firstIndex(of: .heading(level: 2, "Alerts")))
    let section = blocks[(start + 1)...].prefix { block -> Bool in
      if case .heading(2, _) = block { false } else { true }
    }
    let named = section.compactMap(Self.heading)
    #expect(Set(named) == rules && named.count == rules.count)
  }

  /// Every block of commands, those in lists too.
  private static func commands(_ blocks: [MarkdownBlock]) -> [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .code(let text): [text]
      case .list(_, let items): items.flatMap { commands($0) }
      default: []
      }
    }
  }

  @Test("every command can be pasted into a shell as it stands")
  func shell() async throws {
    let commands = Self.commands(blocks)
    #expect(commands.count > 40)
    for command in commands {
      let result = try await Subprocess.run(
        .name("bash"), arguments: ["-n", "-c", command], output: .string(limit: 4096), error: .string(limit: 4096))
      #expect(result.terminationStatus.isSuccess, "\(command): \(result.standardError)")
    }
  }

  @Test("every statement is one that PostgreSQL understands, in a database with Odoo's tables")
  func statements() async throws {
    let statements = Self.commands(blocks).flatMap { $0.matches(of: /-c "([^"]+)"/).map { String($0.1) } }
    #expect(statements.count > 20)
    try await withPrivateCluster { cluster in
      try await DemoDatabase.create(in: cluster)
      for statement in statements {
        await #expect(throws: Never.self, "\(statement)") { _ = try await cluster.sql(statement, database: "crm") }
      }
    }
  }
}
