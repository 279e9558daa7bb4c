import Foundation
import Testing

@testable import Lookout

@Suite("Hostile YAML", .timeLimit(.minutes(5)), .serialized)
struct HostileYAMLTests {
  private static let bomb =
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + (1..<30).map { "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ") + "]\n" }.joined()
  private static let keyBomb =
    "a0: &a0 [x, x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined() + "? *a39\n: y\n? *a38\n: z\n"

  /// Shown by its name: some are megabytes long.
  struct Text: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
  }

  private static let texts = named.map { Text(testDescription: $0.0, text: $0.1) }

  private static let named: [(String, String)] = [
    ("100 000 open brackets", String(repeating: "[", count: 100_000)),
    ("100 000 open braces", String(repeating: "{", count: 100_000)),
    ("100 000 open pairs", String(repeating: "{a: ", count: 100_000)),
    ("100 000 lists in each other", String(repeating: "- ", count: 100_000)),
    ("100 000 keys in each other", String(repeating: "? ", count: 100_000)),
    ("2 000 indented lists", (0..<2000).map { String(repeating: " ", count: $0) + "-\n" }.joined()),
    ("100 000 anchors", (0..<100_000).map { "- &a\($0) x\n" }.joined()),
    ("a bomb of aliases", bomb), ("a bomb of aliases within Odoo's section", "odoo:\n" + bomb.replacing("a", with: "  a")),
    ("a bomb as a key", keyBomb), ("an alias of itself", "odoo: &o {url: *o}"),
    ("NUL", "odoo:\u{0}\n"), ("NUL at the end", "odoo: {}\u{0}"), ("control characters", "odoo: \u{1}\u{7f}\u{1b}[31m"),
    ("a byte order mark", "\u{FEFF}odoo: {}"), ("4 MB of one word", String(repeating: "x", count: 4_000_000)),
    ("4 MB of quotes", String(repeating: "\"", count: 4_000_000)), ("1 MB of colons", String(repeating: ":", count: 1_000_000)),
    ("100 000 documents", String(repeating: "---\n", count: 100_000)), ("100 000 tags", String(repeating: "!!str ", count: 100_000)),
    ("200 000 keys", (0..<200_000).map { "k\($0): v\n" }.joined()), ("a merge", "<<: {odoo: {}}"), ("a list as a key", "[a]: b"),
    ("5 MB", String(repeating: "# comment\n", count: 500_001)), ("a long unknown key", String(repeating: "k", count: 100_000) + ": 1"),
  ]

  @Test("is an error or a configuration, never a crash, and soon", arguments: texts)
  func soon(text: Text) {
    // "Soon" is the suite's time limit: what one of them would take, expanded or compared in full, is years.
    #expect(throws: ConfigurationError.self) { try Configuration(text.text, file: "x.yml", environment: [:]) }
  }

  @Test("bytes that are no UTF-8 are an error with a place or harmless")
  func invalidUTF8() throws {
    try withConfigurationFolder { folder in
      for bytes in [[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x6f, 0xff, 0x3a, 0x20, 0x31]] as [[UInt8]] {
        try Data(bytes).write(to: URL(filePath: folder.path).appending(path: "lookout.yml"))
        #expect(throws: ConfigurationError.self) { try Configuration.read(folder.path + "/lookout.yml") }
      }
    }
  }

  @Test("errors about large things are small")
  func smallErrors() {
    for text in Self.texts {
      do {
        _ = try Configuration(text.text, file: "x.yml", environment: [:])
      } catch {
        #expect(error.description.utf8.count < 2000, "\(text.testDescription)")
      }
    }
  }
}
