import Testing

@testable import Lookout

@Suite("Times in RFC 3339")
struct TimestampReadingTests {
  @Test(
    "are read with every fraction and offset",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-03-01T08:00:00.000Z", 1_772_352_000_000), ("2026-03-01T09:30:00.5+01:30", 1_772_352_000_500),
      ("2026-03-01T08:00:00.123456789Z", 1_772_352_000_123), ("1969-12-31T23:59:59.999Z", -1), ("2024-02-29t00:00:00z", 1_709_164_800_000),
      ("2026-03-01 03:00:00-05:00", 1_772_352_000_000),
    ])
  func good(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(
    "that are none are refused",
    arguments: [
      "", "now", "2026-03-01", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:00:00",
      "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00Zx", "2026-03-01T00:00:00+25:00", "２０２６-03-01T00:00:00Z",
    ])
  func bad(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }
}
