import Testing

@testable import Lookout

@Suite struct RuleFilePlaceTests {
  /// Where the `✗` of an expression stands, according to the error: the sign is no PromQL.
  @Test(
    "the place of a PromQL error is found in every kind of YAML scalar",
    arguments: [
      "expr: up == ✗", "expr: 'up{a=\"it''s\"} == ✗'", "expr: \"up{a=\\\"b\\\"} == ✗\"", "expr: \"up\\u003d\\x3d ✗\"", "expr:   ✗",
      "expr: \"up\\n\\t== ✗\"", "expr: \"up{a='é'}\\\n   ✗\"", "expr: up\n      ==\n\n      ✗", "expr: 'up\n      == ✗'",
      "expr: |\n      up\n\n        == ✗\n      > 1", "expr: |2-\n       up == ✗", "expr: >-\n      up\n      == ✗", "expr: |\n\n      ✗",
      "expr: &anchor up == ✗", "expr: !!str &a '✗'", "expr: &b\n      up ✗", "{expr: up ✗}",
    ])
  func places(field: String) throws {
    let text = "groups:\n- name: g\n  rules:\n  - alert: A\n    \(field)\n"
    try expectPlaceOfMark(in: field.hasPrefix("{") ? text.replacing("- alert: A\n    {", with: "- {alert: A, ") : text)
  }

  @Test("the place holds with a byte order mark, and with the line ends of other systems", arguments: ["\r\n", "\r", "\u{2028}"])
  func lineEnds(end: String) throws {
    let text = "\u{feff}groups: [{name: g, rules: [\n{alert: A,\nexpr: 'up ✗'}]}]"
    try expectPlaceOfMark(in: text.replacing("\n", with: end))
  }

  @Test("an error at the end of an expression stands behind it", arguments: ["expr: up ==", "expr: 'up =='", "expr: |\n      up =="])
  func end(field: String) throws {
    let text = "groups:\n- name: g\n  rules:\n  - alert: A\n    \(field)\n"
    let error = try #require(mistake(in: text))
    let line = text.split(separator: "\n")[try #require(error.line) - 1]
    #expect(line.hasSuffix("==") || line.hasSuffix("=='"))
    #expect(error.column == (line.hasSuffix("'") ? line.count : line.count + 1))
  }

  private func expectPlaceOfMark(in text: String) throws {
    var (line, column) = (1, 1)
    var previous: Unicode.Scalar?
    for character in text.unicodeScalars.drop(while: { $0 == "\u{feff}" }) {
      if character == "✗" { break }
      if character == "\n" && previous == "\r" { previous = character; continue }
      (line, column) = character.breaksLine ? (line + 1, 1) : (line, column + 1)
      previous = character
    }
    let error = try #require(mistake(in: text))
    #expect(error.line == line && error.column == column, "\(error) instead of \(line):\(column)")
  }

  private func mistake(in text: String) -> ConfigurationError? {
    do {
      _ = try RuleSet.load(text, file: "x.yml")
      return nil
    } catch {
      return error.errors.first
    }
  }
}
