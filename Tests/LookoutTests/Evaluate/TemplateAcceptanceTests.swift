import Foundation
import PromQL
import Testing

@testable import Lookout

@Suite(
  "templates as Prometheus expands them", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
struct TemplateAcceptanceTests {
  private struct Recorded: Decodable {
    struct Case: Decodable { let template, value, out: String }
    struct Refused: Decodable { let template, error: String }
    let cases: [Case]
    let load_errors: [Refused]
  }

  /// Functions that Prometheus has got since.
  private static let newer = ["urlQueryEscape", "toDuration"]

  @Test("recorded expansions come out the same, errors included, and what was refused is refused in the same words")
  func recorded() throws {
    let file = try #require(RuleData.acceptance).appending(path: "template/visible_annotations_3.5.3.json")
    let recorded = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: file))
    #expect(recorded.cases.count >= 800)
    for (index, test) in recorded.cases.enumerated() {
      let value = Double(test.value.replacing("Inf", with: "inf")) ?? .nan
      let data = TemplateData(
        labels: ["instance": "h1:9100", "job": "node exporter"], externalLabels: ["region": "eu"], value: value,
        externalURL: "http://prom.example:9090/pre", query: { (text) throws(GoError) in try Self.answer(text) })
      let alert = test.out.firstMatch(of: #/template __alert_(\w+):/#).map { String($0.1) } ?? "V\(index)"
      let out = try Template(test.template).expand(with: data, alert: alert)
      #expect(out == test.out, "\(test.template) of \(test.value)")
    }
    for refused in recorded.load_errors where !Self.newer.contains(where: refused.template.contains) {
      let error = #expect(throws: TemplateError.self) { try Template(refused.template) }
      #expect(error?.described(as: "__alert_A") == refused.error)
    }
  }

  /// What the recording Prometheus answered to these queries.
  private static func answer(_ text: String) throws(GoError) -> [GoSample] {
    do {
      let expression = try Expression(parsing: text)
      guard case .vector(let elements) = try expression.evaluate(at: 1000, over: SeriesBlockSource()).value else { return [] }
      return elements.map { element in
        GoSample(labels: Dictionary(uniqueKeysWithValues: element.labels.pairs.map { ($0.name, $0.value) }), value: element.value)
      }
    } catch {
      throw GoError("\(error)")
    }
  }

  private struct SeriesBlockSource: SeriesSource {
    func select(_ request: SeriesRequest) -> any SeriesSelection { SeriesBlock([]) }
  }
}

/// The cases of Prometheus' own test of its templates.
@Suite(
  "templates of Prometheus' own tests", .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
struct TemplateCaseTests {
  private struct Case: Decodable {
    struct Element: Decodable {
      let metric: [String: String]
      let value: String
    }
    let text: String
    let output, error, input_go: String?
    let query_result: [Element]
    let should_fail, html, options: Bool
  }

  /// The Go literals that the cases hand in.
  private static func input(_ literal: String?) -> GoValue {
    guard let literal, let open = literal.firstIndex(of: "{"), literal.hasPrefix("[]") else { return .none }
    let type = literal[..<open].dropFirst(2)
    let items = literal[open...].dropFirst().dropLast().replacing("math.MaxInt64", with: "9223372036854775807")
      .replacing("math.MinInt64", with: "-9223372036854775808").replacing("math.MaxUint64", with: "18446744073709551615")
      .replacing("86400 + 3600", with: "90000").replacing("-(86400*2 + 3600*3 + 60*4 + 5)", with: "-183845")
      .replacing("math.Inf(1)", with: "inf").replacing("math.Inf(-1)", with: "-inf").replacing("math.NaN()", with: "nan")
    return .list(
      items.split(separator: ", ").map { item in
        switch type {
        case "string": .text(String(item.dropFirst().dropLast()))
        case "int64", "int": .int(Int64(item) ?? 0)
        case "uint64", "uint": .uint(UInt64(item) ?? 0)
        default: .float(Double(item.hasPrefix(".") ? "0" + item : item) ?? 0)
        }
      })
  }

  @Test("each comes out the same; those for pages of HTML and of native histograms are not for alerts")
  func upstream() throws {
    let file = try #require(RuleData.acceptance).appending(path: "template/template_cases.json")
    let all = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    let cases = all.filter {
      !$0.html && !($0.input_go ?? "").contains("Histogram") && !$0.query_result.contains { $0.value.contains("Histogram") }
    }
    #expect(cases.count >= 80)
    for test in cases {
      let samples = test.query_result.map { GoSample(labels: $0.metric, value: Double($0.value) ?? .nan) }
      let data = TemplateData(
        labels: [:], value: 0, externalURL: "http://testhost:9090/path/prefix", now: 1_353_755_652_000,
        query: { (_) throws(GoError) in samples })
      let dot = Self.input(test.input_go)
      do throws(GoError) {
        let template: GoTemplate
        do throws(TemplateError) { template = try GoTemplate(test.text) } catch {
          throw GoError("error parsing template test: \(error.described(as: "test"))")
        }
        let out: String
        do throws(GoError) { out = try template.expand(dot, as: "test", with: data) } catch {
          throw GoError("error executing template test: \(error.message)")
        }
        // A case that asks for Go's option missingkey=error has no meaning in a rule.
        if !(test.options && test.should_fail) { #expect(!test.should_fail && out == test.output, "\(test.text): \(out)") }
      } catch {
        #expect(test.should_fail && error.message == test.error, "\(test.text): \(error.message)")
      }
    }
  }
}
