import Testing

@testable import OdooLog

@Suite struct RedactionTests {
  private func redact(_ message: String) -> String { Redaction.redact(Array(message.utf8)) }

  @Test(
    "words are kept and values left out",
    arguments: [
      ("Exception during request handling. ", "Exception during request handling."),
      ("Error in get_dashboard_data: 'planned_revenue' ", "Error in get_dashboard_data: …"),
      ("You don't have permission to access Strategic CRM dashboard", "You don't have permission to access Strategic CRM dashboard"),
      ("time data 'O'Brien' does not match format '%Y-%m-%d'", "time data … does not match format …"),
      ("connection to server at \"127.0.0.1\", port 5499 failed", "connection to server at …, port … failed"),
      ("connection to server at 127.0.0.1 failed", "connection to server at … failed"),
      ("mail to <jane.doe+x@example.com> and bob@example.org refused", "mail to … and … refused"),
      ("duplicate key DETAIL:  Key (login)=(bob) already exists", "duplicate key"),
      ("null value Failing row contains (1, bob)", "null value"), ("syntax LINE 1: SELECT bob", "syntax"),
      ("user=odoo password=hunter2 dbname=x", "user=… password=… dbname=…"), ("Key (login)=(bob smith) exists", "Key (login)=…) exists"),
      ("login failed, password: hunter2", "login failed, password: …"), ("b'bytes' and u\"text\"", "b… and u…"),
      ("unterminated 'secret goes on", "unterminated …"), ("escaped 'a\\'b c' end", "escaped … end"),
      ("Worker (1459) Exception occurred, exiting...", "Worker (…) Exception occurred, exiting..."),
      ("timeout after 120s in Job #20", "timeout after 120s in Job #20"), ("amount 1,234.56 EUR", "amount … EUR"),
      ("session deadbeef01deadbeef01 of 550e8400-e29b-41d4-a716-446655440000", "session … of …"), ("say “hallo welt” now", "say … now"),
      ("", ""),
    ])
  func redacts(message: String, kept: String) {
    #expect(redact(message) == kept)
  }

  @Test("a long message is cut at 300 bytes, between characters", arguments: ["a ", "ä ", "👩‍🚒", "\u{0}"])
  func cuts(unit: String) {
    let text = redact(String(repeating: unit, count: 20_000))
    #expect(text.utf8.count <= 300)
    #expect(!text.unicodeScalars.contains("\u{FFFD}"))
  }

  @Test("invalid bytes are replaced and the length stays")
  func invalid() {
    #expect(Redaction.redact([UInt8](repeating: 0xFF, count: 5_000)).utf8.count <= 300)
  }
}
