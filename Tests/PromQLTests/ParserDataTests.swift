import Foundation
import PromQL
import Testing

@testable import promqltest

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

  /// In Prometheus' source these hold the byte 0xFF, which no Swift string can.
  private static func bytes(_ input: String) -> [UInt8] {
    let isInvalid = ["some_metric{a=\"\u{ff}\"}", "label_replace(a, `b`, `c\u{ff}`, `d`, `.*`)"].contains(input)
    return isInvalid ? input.unicodeScalars.map { UInt8($0.value) } : Array(input.utf8)
  }

  private func refusal(of text: String) -> PromQLError? {
    do throws(PromQLError) {
      _ = try Expression(parsing: Self.bytes(text), features: .all)
      return nil
    } catch {
      return error
    }
  }

  @Test("what Prometheus accepts is accepted, what it rejects is rejected, with its words")
  func verdicts() throws {
    let cases: [Case] = try decoded("parser/parse_exprs.json")
    #expect(cases.count > 300)
    for example in cases {
      let error = refusal(of: example.input)
      if example.fail {
        #expect(error != nil, "accepted: \(example.input)")
        if let message = example.errors.first { #expect(error?.message == message, "\(example.input)") }
      } else {
        #expect(error == nil, "\(example.input): \(error?.message ?? "")")
      }
    }
  }

  @Test("what is accepted prints to something that reads the same")
  func roundTrip() throws {
    let cases: [Case] = try decoded("parser/parse_exprs.json")
    for example in cases where !example.fail {
      let printed = try Expression(parsing: example.input, features: .all).description
      #expect(try Expression(parsing: printed, features: .all).description == printed)
    }
  }

  @Test("expressions print as Prometheus prints them")
  func printing() throws {
    let pairs: [Pair] = try decoded("parser/printer.json")
    #expect(pairs.count > 80)
    for pair in pairs { #expect(try Expression(parsing: pair.in, features: .all).description == pair.out) }
  }

  private struct Description: Decodable {
    let input: String
    let fail: Bool
    let values: String?
  }

  @Test("series are read as Prometheus reads them")
  func series() throws {
    let cases: [Description] = try decoded("parser/series_desc.json")
    #expect(cases.count > 20)
    for example in cases {
      let values = (try? SeriesNotation(parsing: example.input))?.values.map { value in
        if case .number(let number) = value { formatPrometheusValue(number) } else { "none" }
      }
      #expect(values?.joined(separator: ", ") == example.values, "\(example.input)")
    }
  }
}

@Suite("rules people run", .enabled(if: AcceptanceData.folder != nil, Comment(rawValue: AcceptanceData.reason)))
struct RuleFileTests {
  /// Two rules use MetricsQL, which Prometheus rejects as well: a function of its own, and the sum of a range.
  private static let foreign = ["lag(vmanomaly_start_time_seconds", "sum(vmanomaly_cpu_cores_available{job=~\".*vmanomaly.*\"}[5m])"]

  @Test(
    "every rule parses, and prints to something that reads the same",
    arguments: AcceptanceData.files(in: "rules", named: [".yml", ".yaml", ".rules"]))
  func rules(_ file: String) throws {
    for text in RuleExpressions.all(in: try AcceptanceData.text(file)) where !Self.foreign.contains(where: { text.contains($0) }) {
      let expression = try Expression(parsing: text)
      #expect(try Expression(parsing: expression.description).description == expression.description)
      #expect(try Expression(parsing: expression.pretty).pretty == expression.pretty)
    }
  }

  @Test("the rule files hold a thousand expressions")
  func count() throws {
    let all = try AcceptanceData.files(in: "rules", named: [".yml", ".yaml", ".rules"]).flatMap {
      RuleExpressions.all(in: try AcceptanceData.text($0))
    }
    #expect(all.count > 1000)
  }
}

/// The `expr` values of a rule file, as far as YAML is used in rule files.
enum RuleExpressions {
  static func all(in yaml: String) -> [String] {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.indices.compactMap { index in
      guard let match = lines[index].prefixMatch(of: /(\s*(?:- )?)expr:\s*/) else { return nil }
      let head = String(lines[index][match.range.upperBound...]).trimmingBlanks
      let block = lines[(index + 1)...].prefix { $0.allSatisfy(\.isWhitespace) || indent(of: $0) > match.1.count }.map {
        $0.trimmingBlanks
      }
      return value(head, block)
    }
  }

  private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

  private static func value(_ head: String, _ block: [String]) -> String? {
    if head.hasPrefix("|") || head.hasPrefix(">") { return block.joined(separator: "\n") }
    let text = ([head] + block).joined(separator: " ").trimmingBlanks
    if text.hasPrefix("'") { return String(text.dropFirst().dropLast()).replacing("''", with: "'") }
    guard text.hasPrefix("\"") else { return text.replacing(/\s#.*$/, with: "") }
    return try? JSONDecoder().decode(String.self, from: Data(text.utf8))
  }
}
