import Testing

@testable import PromQL

@Suite("Several patterns at once")
struct PatternSetTests {
  private func matches(_ set: PatternSet, _ text: String) -> [Int]? {
    let bytes = Array(text.utf8)
    return set.matches(in: bytes.span.bytes)
  }

  @Test("tells those that match anywhere, in their order; `.` matches a line feed too")
  func numbers() throws {
    let set = try PatternSet(["a+", "b", "^c", "a.b", ""])
    #expect(matches(set, "xxb a\nb") == [0, 1, 3, 4] && matches(set, "c") == [2, 4] && matches(set, "") == [4])
    #expect(matches(try PatternSet([]), "x") == [])
  }

  @Test("one that does not compile is told as a pattern alone is", arguments: ["(", "a{9999}", "[z-a]", "\\"])
  func mistakes(pattern: String) {
    #expect(throws: PatternError.self) { try PatternSet(["a", pattern]) }
  }

  @Test("any bytes may be looked at, and much of them")
  func hostile() throws {
    let set = try PatternSet(["(a|aa)+$", "(x+x+)+y", "\\x00"])
    #expect(matches(set, String(repeating: "a", count: 100_000) + "b\u{0}") == [2])
    #expect(matches(set, String(repeating: "x", count: 100_000)) == [])
    let bytes: [UInt8] = [0xFF, 0xFE, 0]
    #expect(set.matches(in: bytes.span.bytes) == [2])
  }
}
