import Foundation
import Testing

@testable import Lookout

@Suite struct TemplateTests {
  private let data = TemplateData(
    labels: ["target": "crm", "check": "dashboard data"], value: 98.7654321, externalURL: "http://lookout:9069")

  @Test(
    "an action gives what Prometheus gives",
    arguments: [
      ("plain", "plain"), ("", ""), ("a } b {", "a } b {"),
      ("{{ $labels.target }}", "crm"), ("{{$labels.target}}", "crm"), ("{{ .Labels.target }}", "crm"), ("{{ $.Labels.target }}", "crm"),
      ("[{{ $labels.missing }}]", "[]"), ("{{ $labels }}", "map[check:dashboard data target:crm]"),
      ("{{ $value }}", "98.7654321"), ("{{ .Value }}s", "98.7654321s"),
      ("{{ $externalURL }}/x", "http://lookout:9069/x"), ("{{ externalURL }}", "http://lookout:9069"),
      ("a {{- $labels.target -}} b", "acrmb"), ("a {{ $labels.target -}}\n b", "a crmb"), ("a\n{{- /* c */ -}} b", "ab"),
      ("x{{/* c }} */}}y", "xy"), ("{{ \"}}\" }}", "}}"), ("{{ `a\\n` }}", "a\\n"), ("{{ \"a\\n\" }}", "a\n"),
      ("{{ $value | humanize }}", "98.77"), ("{{ humanize $value }}", "98.77"), ("{{ humanizeDuration $value }}", "1m 38s"),
      ("{{ $value | humanizePercentage }}", "9877%"), ("{{ $value | printf \"%.2f\" }}", "98.77"),
      ("{{ printf \"%s: %08.3f|%-6s|%+.1f%%\" $labels.target $value `ab` $value }}", "crm: 0098.765|ab    |+98.8%"),
      ("{{ $value\n| humanize\n}}", "98.77"), ("é{{ $labels.target }}ü", "écrmü"),
    ])
  func expands(text: String, expected: String) throws {
    #expect(try Template(text).expand(with: data) == expected)
  }

  @Test(
    "what is mistaken or not supported is refused where it stands",
    arguments: [
      ("a {{ $labels.x", 2), ("{{ }}", 3), ("{{}}", 2), ("{{ $value | }}", 12), ("{{ if $value }}x{{ end }}", 3), ("{{ $label.x }}", 3),
      ("{{ $labels.x.y }}", 3), ("{{ $labels. }}", 3), ("{{ .Nope }}", 3), ("{{ . }}", 3), ("{{ $value | title }}", 12), ("{{ 1 }}", 3),
      ("{{-3}}", 2), ("{{ $value-}}", 9), ("{{ $labels.a-b }}", 12), ("{{ (humanize $value) }}", 3), ("{{ $labels.x | humanize }}", 15),
      ("{{ $value $value }}", 10), ("{{ $value | $value }}", 12), ("{{ \"a", 3), ("{{ `a", 3), ("{{ \"\\x41\" }}", 4), ("{{/* a", 2),
      ("{{/* a */ }}", 9), ("{{ printf }}", 3), ("{{ printf \"%d\" $value }}", 3), ("{{ printf \"%s\" $value }}", 3),
      ("{{ printf \"%.2f\" $labels.x }}", 3), ("{{ printf \"%.2f\" }}", 3), ("{{ printf \"%.2f\" $value $value }}", 3),
      ("{{ printf \"%\" }}", 3),
      ("{{ printf \"%99999999999999999999f\" $value }}", 3), ("{{ printf \"%.101f\" $value }}", 3), ("{{ $x := 1 }}", 6),
      ("{{\u{a0}$value }}", 2), ("{{ query \"up\" }}", 3), ("{{ .ExternalLabels.region }}", 3), ("é{{ break }}", 5),
    ])
  func refuses(text: String, offset: Int) {
    let error = #expect(throws: TemplateError.self) { try Template(text) }
    #expect(error?.offset == offset, "\(error?.message ?? "")")
  }

  @Test("no bytes crash it")
  func hostile() {
    let pieces = [
      "{{", "}}", "-", " ", "\"", "`", "\\", "$", ".", "|", "/*", "*/", "printf", "%", "9", "\u{0}", "é", "\n", "$value", "humanize",
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      _ = try? Template(text).expand(with: data)
    }
  }

  @Test(
    "numbers for people are written as Prometheus writes them",
    arguments: [
      (Humanization.humanize, 0, "0"), (.humanize, 1234567, "1.235M"), (.humanize, 0.00012, "120u"), (.humanize, -1e-7, "-100n"),
      (.humanize, .infinity, "+Inf"), (.humanize, .nan, "NaN"), (.humanize, 1e30, "1e+06Y"),
      (.humanize1024, 1_048_576, "1Mi"), (.humanize1024, 0.5, "0.5"),
      (.humanizeDuration, 0, "0s"), (.humanizeDuration, 59.5, "59.5s"), (.humanizeDuration, 3600, "1h 0m 0s"),
      (.humanizeDuration, -90061, "-1d 1h 1m 1s"), (.humanizeDuration, 0.0012, "1.2ms"), (.humanizeDuration, -.infinity, "-Inf"),
      (.humanizeDuration, 1e21, "-106751991167300d -15h -30m -8s"),
      (.humanizePercentage, 0.1234567, "12.35%"),
    ])
  func humanizes(way: Humanization, value: Double, expected: String) {
    #expect(way.text(of: value) == expected)
  }

  private struct Recorded: Decodable {
    struct Case: Decodable { let template, value, out: String }
    struct Refused: Decodable { let template: String }
    let cases: [Case]
    let load_errors: [Refused]
  }

  @Test(
    "recorded expansions come out the same, or the template is refused",
    .enabled(if: RuleData.acceptance != nil, Comment(rawValue: RuleData.absence)))
  func recorded() throws {
    let file = try #require(RuleData.acceptance).appending(path: "template/visible_annotations_3.5.3.json")
    let recorded = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: file))
    let labels = ["instance": "h1:9100", "job": "node exporter"]
    var expanded = 0
    for test in recorded.cases {
      guard let template = try? Template(test.template) else { continue }
      expanded += 1
      let value = Double(test.value.replacing("Inf", with: "inf")) ?? .nan
      let out = template.expand(with: TemplateData(labels: labels, value: value, externalURL: "http://prom.example:9090/pre"))
      #expect(out == test.out, "\(test.template) of \(test.value)")
    }
    #expect(expanded >= 200)
    for refused in recorded.load_errors { #expect(throws: TemplateError.self) { try Template(refused.template) } }
  }
}
