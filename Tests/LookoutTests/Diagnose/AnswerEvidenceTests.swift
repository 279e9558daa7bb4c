import Testing

@testable import Lookout

@Suite("What of an answer may be shown")
struct AnswerEvidenceTests {
  @Test(
    "names of the program stay, values go",
    arguments: [
      ("", ""), ("'planned_revenue'", "'planned_revenue'"),
      ("Invalid field 'user_id' on model 'crm.lead'", "Invalid field 'user_id' on model 'crm.lead'"),
      ("no user 'John Doe' here", "no user … here"), ("value \"secret\" refused", "value … refused"), ("it's 5 o'clock", "it…clock"),
      ("lead 123 of 4567", "lead 123 of …"), ("phone +32 475 123456", "phone +32 475 …"), ("it's", "it's"),
      ("mail to john.doe@example.com failed", "mail to … failed"), ("<john@example.com>", "…"),
      ("two\nlines\tand", "two lines\tand"), ("\"open", "\"open"), ("''", "''"), ("\"\"", "…"),
      (
        "null value in column \"name\" violates not-null constraint\nDETAIL:  Failing row contains (12, John).",
        "null value in column … violates not-null constraint"
      ),
      ("syntax error\nLINE 1: SELECT secret", "syntax error"),
    ] as [(String, String)])
  func redacted(text: String, shown: String) {
    #expect(AnswerEvidence.redacted(text) == shown)
  }

  @Test("a long message is cut, whatever it is made of", arguments: ["x", "'", "\"", "1", "@ ", "'\"", "ü", "\u{0}"])
  func long(piece: String) {
    #expect(AnswerEvidence.redacted(String(repeating: piece, count: 100_000)).count <= 300)
  }

  @Test("status, bytes and slow phases, where there were any")
  func all() {
    #expect(AnswerEvidence.all(.unanswered(.connect)).isEmpty)
    var exchange = HTTPExchange.made(404, "gone")
    exchange.phases = .init(resolve: 0.0001, connect: 0.25, processing: 1.5, total: 1.75)
    let shown = AnswerEvidence.all(exchange).map { "\($0.name)=\($0.value)" }
    #expect(shown == ["status=404", "bytes=4", "phases=connect 0.25 s, processing 1.5 s"])
  }
}
