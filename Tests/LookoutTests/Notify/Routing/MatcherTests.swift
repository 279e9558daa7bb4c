import Testing

@testable import Lookout

@Suite("Matchers")
struct MatcherTests {
  @Test(
    "are read in the newer and in the older syntax, and written as Alertmanager writes them",
    arguments: [
      ("a=b", ["a=\"b\""]), ("{ a = \"b\" , c!~d, }", ["a=\"b\"", "c!~\"d\""]), ("", []), ("{}", []),
      ("\"a b\"=~\"x\\\"y\"", ["\"a b\"=~\"x\\\"y\""]),
      ("näme=wért", ["näme=\"wért\""]), ("a=\"\\u00e4\\n\"", ["a=\"\\\\u00e4\\n\""]), ("a=b c", ["a=\"b c\""]), ("a=[x]", ["a=\"[x]\""]),
      ("a=\"b\\d\"", ["a=\"b\\\\d\""]), ("foo=~bar.*,", ["foo=~\"bar.*\""]), ("a=", ["a=\"\""]), ("a==b", ["a=\"=b\""]),
      ("{a=b}}", ["a=\"b}\""]), ("ä=\"\\u00e4\"", ["ä=\"ä\""]),
    ])
  func good(text: String, written: [String]) throws {
    #expect(try MatcherSyntax.matchers(text).map(\.description) == written)
  }

  @Test("that are none are refused", arguments: ["a", "=b", "a=\"b", "a=~(", "1a=b c", "a=b\"c", "{{a=b", "a!b", "\"a\"", "\"a\"=\"\\q\""])
  func bad(text: String) {
    #expect(throws: MatcherMistake.self, "\(text)") { try MatcherSyntax.matchers(text) }
  }

  @Test("hold an absent label for an empty one, match whole values, and no line feed with a dot")
  func matching() throws {
    let labels = ["a": "xyz", "b": "1\n2"]
    for (text, expected) in [
      ("a=xyz", true), ("a=~xy", false), ("a=~\"x.*\"", true), ("c=\"\"", true), ("c!=\"\"", false), ("c=~\".*\"", true),
      ("c=~\".+\"", false),
      ("b=~\"1.2\"", false), ("b=~\"1\\\\s2\"", true), ("a!~\"x|y\"", true),
    ] {
      #expect(try MatcherSyntax.matchers(text).matches(labels) == expected, "\(text)")
    }
  }

  @Test("are told apart by their bytes")
  func bytes() throws {
    let composed = try Matcher("a", .equal, "\u{e9}")
    #expect(!composed.matches(["a": "e\u{301}"]))
  }
}
