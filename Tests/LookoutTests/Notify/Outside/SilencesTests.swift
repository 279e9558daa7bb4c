import Testing

@testable import Lookout

@Suite("Silences")
struct SilencesTests {
  private func at(_ seconds: Int) -> Timestamp { notifyStart + .seconds(seconds) }

  private func silence(_ text: String, _ start: Int, _ end: Int, id: String = "") throws -> Silence {
    Silence(
      id: id, matchers: try MatcherSyntax.matchers(text), startsAt: at(start), endsAt: at(end), updatedAt: at(0), author: "me", comment: "c"
    )
  }

  @Test("hold from their start to their end")
  func states() throws {
    var silences = Silences()
    let id = try silences.set(silence("a=b", 10, 20), at: at(0))
    #expect([0, 10, 19, 20].map { silences.byID[id]?.state(at: at($0)) } == [.pending, .active, .active, .expired])
    #expect(silences.nextChange(after: at(0)) == at(10) && silences.nextChange(after: at(10)) == at(20))
    #expect(silences.active(at: at(15)).mute(["a": "b", "c": "d"]))
    #expect(!silences.active(at: at(15)).mute(["a": "c"]) && !silences.active(at: at(20)).mute(["a": "b"]))
  }

  @Test("are refused where they make no sense", arguments: [("a=b", 20, 20), ("a=b", -20, -10), ("a=~\".*\"", 0, 10), ("", 0, 10)])
  func refusals(text: String, start: Int, end: Int) throws {
    var silences = Silences()
    let given = try silence(text, start, end)
    #expect(throws: Silences.Refusal.self) { try silences.set(given, at: at(0)) }
  }

  @Test("are refused where they are too large")
  func size() throws {
    var silences = Silences()
    var given = try silence("a=b", 0, 10)
    given.comment = String(repeating: "x", count: Silences.byteLimit)
    #expect(throws: Silences.Refusal.self) { try silences.set(given, at: at(0)) }
  }

  @Test("are changed in place where that changes nothing of the past, and replaced otherwise")
  func changes() throws {
    var silences = Silences()
    let id = try silences.set(silence("a=b", 0, 100), at: at(0))
    let same = try silences.set(silence("a=b", 0, 200, id: id), at: at(50))
    #expect(same == id)
    #expect(silences.byID[id]?.endsAt == at(200))
    let other = try silences.set(silence("a=c", 0, 200, id: id), at: at(60))
    #expect(other != id && silences.byID[id]?.endsAt == at(60) && silences.byID[other]?.startsAt == at(60))
    #expect(throws: Silences.Refusal.notFound) { try silences.set(silence("a=c", 0, 200, id: "none"), at: at(60)) }
  }

  @Test("end when somebody ends them, once, and are forgotten in time")
  func expiry() throws {
    var silences = Silences()
    let id = try silences.set(silence("a=b", 10, 100), at: at(0))
    try silences.expire(id, at: at(5))
    #expect(silences.byID[id]?.state(at: at(5)) == .expired)
    #expect(throws: Silences.Refusal.self) { try silences.expire(id, at: at(6)) }
    #expect(throws: Silences.Refusal.notFound) { try silences.expire("none", at: at(6)) }
    silences.forgetOld(at: at(5) + Silences.memory)
    #expect(silences.byID.count == 1)
    silences.forgetOld(at: at(6) + Silences.memory)
    let changed = silences.takeChanged()
    #expect(silences.byID.isEmpty && changed == [id])
  }
}
