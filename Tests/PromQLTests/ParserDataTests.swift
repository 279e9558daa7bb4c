import Foundation
import PromQL
import Testing

@Suite("Prometheus' parser cases", .enabled(if: AcceptanceData.folder != nil, Comment(rawValue: AcceptanceData.reason)))
struct ParserDataTests {
  private struct Case: Decodable {
    let input: String
    let fail: Bool
    let errors: [String]
  }

  private struct Pair: Decodable {
    let `in`: String
    let out: String
  }

  private func decoded<Element: Decodable>(_ path: String) throws -> [Element] {
    try JSONDecoder().decode([Element].self, from: Data(AcceptanceData.text(path).utf8))
  }

  private func refusal(of text: String) -> PromQLError? {
    do throws(PromQLError) {
      _ = try Expression(parsing: text)
      return nil
    } catch {
      return error
    }
  }

  /// In Prometheus' source these hold a byte that is no UTF-8, which no Swift string can.
  private let invalidUTF8 = ["some_metric{a=\"\u{ff}\"}", "label_replace(a, `b`, `c\u{ff}`, `d`, `.*`)"]

  @Test("what Prometheus accepts is accepted or refused by name, what it rejects is rejected")
  func verdicts() throws {
    let cases: [Case] = try decoded("parser/parse_exprs.json")
    #expect(cases.count > 300)
    for example in cases where !invalidUTF8.contains(example.input) {
      let error = refusal(of: example.input)
      if example.fail {
        #expect(error != nil, "accepted: \(example.input)")
      } else {
        #expect(error == nil || error?.kind == .unsupported, "\(example.input): \(error?.message ?? "")")
      }
    }
  }

  @Test("most messages are those of Prometheus, word for word")
  func messages() throws {
    let cases: [Case] = try decoded("parser/parse_exprs.json")
    let comparable = cases.compactMap { example -> (Case, PromQLError)? in
      guard let first = example.errors.first, !first.isEmpty, let error = refusal(of: example.input), error.kind != .unsupported else {
        return nil
      }
      return (example, error)
    }
    let same = comparable.filter { $0.0.errors.contains($0.1.message) }
    #expect(Double(same.count) > 0.85 * Double(comparable.count), "\(same.count) of \(comparable.count)")
  }

  @Test("expressions print as Prometheus prints them")
  func printing() throws {
    let pairs: [Pair] = try decoded("parser/printer.json")
    let printed = pairs.compactMap { pair in
      (try? Expression(parsing: pair.in)).map { (pair, $0.description) }
    }
    #expect(printed.count > 30)
    for (pair, text) in printed { #expect(text == pair.out) }
  }
}

@Suite("rules people run", .enabled(if: AcceptanceData.folder != nil, Comment(rawValue: AcceptanceData.reason)))
struct RuleFileTests {
  /// Two rules use MetricsQL, which Prometheus rejects as well: a function of its own, and the sum of a range.
  private static let foreign = ["lag(vmanomaly_start_time_seconds", "sum(vmanomaly_cpu_cores_available{job=~\".*vmanomaly.*\"}[5m])"]

  @Test(
    "every rule parses, or is refused for a construct that the message names",
    arguments: AcceptanceData.files(in: "rules", named: [".yml", ".yaml", ".rules"]))
  func rules(_ file: String) throws {
    for text in RuleExpressions.all(in: try AcceptanceData.text(file)) {
      do throws(PromQLError) {
        let expression = try Expression(parsing: text)
        #expect(try Expression(parsing: expression.description).description == expression.description)
      } catch {
        guard !Self.foreign.contains(where: { text.contains($0) }) else { continue }
        #expect(error.kind == .unsupported && error.message.hasSuffix(" not supported"), "\(text): \(error)")
      }
    }
  }

  @Test("the rule files hold a thousand expressions, of which a good part needs no more than the engine has")
  func share() throws {
    let all = try AcceptanceData.files(in: "rules", named: [".yml", ".yaml", ".rules"]).flatMap {
      RuleExpressions.all(in: try AcceptanceData.text($0))
    }
    let parsed = all.filter { (try? Expression(parsing: $0)) != nil }
    #expect(all.count > 1000)
    #expect(parsed.count > all.count / 2)
  }
}

/// The `expr` values of a rule file, as far as YAML is used in rule files.
enum RuleExpressions {
  static func all(in yaml: String) -> [String] {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.indices.compactMap { index in
      guard let match = lines[index].prefixMatch(of: /(\s*(?:- )?)expr:\s*/) else { return nil }
      let head = String(lines[index][match.range.upperBound...]).trimmingWhitespace()
      let block = lines[(index + 1)...].prefix { $0.allSatisfy(\.isWhitespace) || indent(of: $0) > match.1.count }.map {
        $0.trimmingWhitespace()
      }
      return value(head, block)
    }
  }

  private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

  private static func value(_ head: String, _ block: [String]) -> String? {
    if head.hasPrefix("|") || head.hasPrefix(">") { return block.joined(separator: "\n") }
    let text = ([head] + block).joined(separator: " ").trimmingWhitespace()
    if text.hasPrefix("'") { return String(text.dropFirst().dropLast()).replacing("''", with: "'") }
    guard text.hasPrefix("\"") else { return text.replacing(/\s#.*$/, with: "") }
    return try? JSONDecoder().decode(String.self, from: Data(text.utf8))
  }
}
