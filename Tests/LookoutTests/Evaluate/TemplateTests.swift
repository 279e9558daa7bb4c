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
    #expect(try Template(text).expand(with: data, alert: "A") == expected)
  }

  @Test(
    "values, control structures and functions are Go's",
    arguments: [
      ("{{ if gt $value 100.0 }}much{{ else if gt $value 50.0 }}some{{ else }}little{{ end }}", "some"),
      ("{{ with $labels.missing }}{{ . }}{{ else with $labels.target }}[{{ . }}]{{ end }}", "[crm]"),
      ("{{ range $name, $text := $labels }}{{ $name }}={{ $text }},{{ end }}", "check=dashboard data,target=crm,"),
      ("{{ range $i, $x := args 1 2 3 }}{{ if eq $i \"arg1\" }}{{ continue }}{{ end }}{{ $x }}{{ end }}", "13"),
      ("{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" $value }}{{ block \"b\" 1 }}{{ . }}{{ end }}", "<98.7654321>1"),
      ("{{ range query \"up\" | sortByLabel \"job\" }}{{ .Labels.job }}:{{ .Value }} {{ end }}", "a:2 b:1 "),
      ("{{ query \"up\" | first | label \"job\" }} {{ (query \"up\" | first).Value }}", "b 1"),
      ("{{ $n := 0 }}{{ range 3 }}{{ $n = . }}{{ end }}{{ $n }}", "2"),
      ("{{ reReplaceAll \"a*\" \"<$0>\" \"baac\" }}", "<>b<aa>c<>"), ("{{ reReplaceAll \"(?P<x>d).t\" \"${x}o\" \"dat dit\" }}", "do do"),
      ("{{ match \"a.b\" \"a\\nb\" }}", "false"), ("{{ stripDomain \"web-1.example.com:80\" }}", "web-1:80"),
      ("{{ index $labels \"target\" }} {{ len $labels }} {{ slice \"abcdef\" 1 3 }}", "crm 2 bc"),
      ("{{ printf \"%[2]d %[1]q %x\" \"a\" 255 }}", "255 \"a\" ff"), ("{{ printf \"%*d|%-4d|%+d\" 4 7 7 7 }}", "   7|7   |+7"),
      (
        "{{ printf \"%d\" $value }} {{ printf \"%s\" }} {{ printf \"x\" 1 }} {{ printf \"%\" }}",
        "%!d(float64=98.7654321) %!s(MISSING) x%!(EXTRA int=1) %!(NOVERB)"
      ),
      ("{{ 0x10 }} {{ 1e3 }} {{ 'a' }} {{ 1_000 }} {{ -3 }}", "16 1000 97 1000 -3"),
      ("{{ and 1 0 (index) }} {{ or \"\" \"x\" }} {{ not \"\" }}", "0 x true"),
      ("{{ $value | toTime }} {{ (toDuration 90.5).String }}", "1970-01-01 00:01:38.765 +0000 UTC 1m30.5s"),
    ])
  func speaksGo(text: String, expected: String) throws {
    var data = data
    data.query = { (_) throws(GoError) in [GoSample(labels: ["job": "b"], value: 1), GoSample(labels: ["job": "a"], value: 2)] }
    #expect(try Template(text).expand(with: data, alert: "A") == expected)
  }

  @Test(
    "what cannot be expanded says why in its place, in Prometheus' words",
    arguments: [
      ("{{ gt $value 1 }}", "115: executing \"__alert_A\" at <gt $value 1>: error calling gt: incompatible types for comparison"),
      ("{{ $value.x }}", "121: executing \"__alert_A\" at <$value.x>: can't evaluate field x in type float64"),
      (
        "{{ query \"up\" | first }}",
        "115: executing \"__alert_A\" at <query \"up\">: error calling query: there is nothing to query here"
      ),
      (
        "{{ $labels.target | humanize }}",
        "132: executing \"__alert_A\" at <humanize>: error calling humanize: strconv.ParseFloat: parsing \"crm\": invalid syntax"
      ),
      ("{{ toUpper 1 }}", "123: executing \"__alert_A\" at <1>: expected string; found 1"),
      (
        "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}",
        "140: executing \"t\" at <{{template \"t\"}}>: exceeded maximum template depth (100)"
      ),
    ])
  func failing(text: String, reason: String) throws {
    #expect(
      try Template(text).expand(with: data, alert: "A")
        == "<error expanding template: error executing template __alert_A: template: __alert_A:1:\(reason)>")
  }

  @Test(
    "a template that would never end, or write without end, ends with an error",
    arguments: [
      "{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}", "{{ range 100000 }}{{ printf \"%500d\" . }}{{ end }}",
    ])
  func endless(text: String) throws {
    let expanded = try Template(text).expand(with: data, alert: "A")
    #expect(expanded.contains("more than 200000 steps") || expanded.contains("more than 256 KiB of text"), "\(expanded.prefix(300))")
  }

  @Test(
    "what Go's parser refuses is refused where it stands",
    arguments: [
      ("a {{ $labels.x", 14, "unclosed action"), ("{{ }}", 3, "missing value for command"),
      ("{{ $value := }}", 13, "missing value for command"), ("{{ $label.x }}", 3, "undefined variable \"$label\""),
      ("{{ titel $value }}", 3, "function \"titel\" not defined"), ("{{ $labels. }}", 10, "unexpected <.> in operand"),
      ("{{ $labels.a-b }}", 12, "bad character U+002D '-'"),
      ("{{ \"a", 3, "unterminated quoted string"), ("{{ `a", 3, "unterminated raw quoted string"), ("{{/* a", 0, "unclosed comment"),
      ("{{\u{a0}$value }}", 2, "unrecognized character in action: U+00A0"), ("é{{ break }}", 5, "{{break}} outside {{range}}"),
      ("{{ if $value }}x", 16, "unexpected EOF"), ("{{ end }}", 0, "unexpected {{end}}"), ("{{ (1 }}", 6, "unclosed left paren"),
      ("{{ $value | 1 }}", 12, "non executable command in pipeline stage 2"), ("{{ 1x }}", 3, "bad number syntax: \"1x\""),
      ("{{ range $a, $b, $c := $labels }}{{ end }}", 15, "too many declarations in range"),
      ("{{ \"\\z\" }}", 3, "invalid syntax"), ("{{ define 1 }}{{ end }}", 10, "unexpected \"1\" in define clause"),
    ])
  func refuses(text: String, offset: Int, message: String) {
    let error = #expect(throws: TemplateError.self) { try Template(text) }
    #expect(error?.offset == offset && error?.message == message, "\(String(describing: error))")
  }

  @Test("nests that nobody writes are refused")
  func nests() {
    for piece in ["{{(", "{{if 1}}", "{{ range $x := "] {
      #expect(throws: TemplateError.self) { try Template(String(repeating: piece, count: 100_000)) }
    }
    #expect(throws: TemplateError.self) { try Template("{{ " + String(repeating: "(", count: 100_000)) }
  }

  @Test("no bytes crash it")
  func hostile() {
    let pieces = [
      "{{", "}}", "-", " ", "\"", "`", "\\", "$", ".", "|", "/*", "*/", "printf", "%", "9", "\u{0}", "é", "\n", "$value", "humanize",
      "range", "end", "if ", "else", "define \"a\"", "template \"a\"", "(", ")", ":=", "$x", "query \"up\"", ",", "'", "1.5", "with . ",
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      _ = try? Template(text).expand(with: data, alert: "A")
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
}
