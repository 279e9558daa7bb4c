import Foundation
import Testing

@testable import Lookout

@Suite("Moments and spans")
struct TimestampTests {
  @Test(
    "RFC 3339 in UTC with milliseconds",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (-86_400_000, "1969-12-31T00:00:00.000Z"),
      (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_799_999, "2000-02-29T23:59:59.999Z"),
      (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
      (1_740_700_800_000, "2025-02-28T00:00:00.000Z"),
      (1_740_787_200_000, "2025-03-01T00:00:00.000Z"),
      (1_795_352_949_329, "2026-11-22T13:09:09.329Z"),
      (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func rfc3339(milliseconds: Int64, text: String) {
    let moment = Timestamp(milliseconds: milliseconds)
    #expect(moment.rfc3339 == text)
    #expect(moment.date == text.prefix(10))
  }

  @Test("agrees with Foundation on a moment of every day of 200 years")
  func agreesWithFoundation() {
    for day in stride(from: Int64(-36_500), to: 36_500, by: 1) {
      let seconds = day * 86_400 + (day * 7919).magnitudeWithin(86_400)
      let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).dropLast() + ".000Z"
      #expect(Timestamp(milliseconds: seconds * 1000).rfc3339 == expected)
    }
  }

  @Test("a moment is written as a bare number of milliseconds")
  func coding() throws {
    let moment = Timestamp(milliseconds: -1_500)
    let bytes = try JSONEncoder().encode([moment])
    #expect(String(decoding: bytes, as: UTF8.self) == "[-1500]")
    #expect(try JSONDecoder().decode([Timestamp].self, from: bytes) == [moment])
  }

  @Test("adding, subtracting and comparing")
  func arithmetic() {
    let moment = Timestamp(milliseconds: 10_000)
    #expect(moment + .milliseconds(1) > moment)
    #expect(moment - .seconds(11) == Timestamp(milliseconds: -1000))
    #expect(moment - (moment + .seconds(3)) == .seconds(-3))
    #expect(moment.seconds == 10)
  }

  @Test(
    "a span in milliseconds and in seconds",
    arguments: [
      (.zero, 0, 0), (.milliseconds(1500), 1500, 1.5), (.milliseconds(-1500), -1500, -1.5), (.microseconds(999), 0, 0.000999),
      (.seconds(86_400 * 365), 31_536_000_000, 31_536_000),
    ] as [(Duration, Int64, Double)])
  func spans(span: Duration, milliseconds: Int64, seconds: Double) {
    #expect(span.milliseconds == milliseconds)
    #expect(span.inSeconds == seconds)
  }

  @Test(
    "numbers as sentences show them",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (1.5, "1.5"), (0.001, "0.001"), (0.0004, "0"), (-0.0004, "0"), (0.0006, "0.001"),
      (1.0996, "1.1"), (12.3456, "12.346"), (-2.25, "-2.25"), (0.05, "0.05"), (999_999_999_999_999, "999999999999999"),
      (1e16, "1e+16"), (0.9996, "1"), (-0.9996, "-1"), (123_456_789_012.5, "123456789012.5"), (.infinity, "inf"), (.nan, "nan"),
    ] as [(Double, String)])
  func numbers(number: Double, text: String) {
    #expect(number.formatted() as String == text)
  }

  @Test("the system's timeline goes forward from the wall clock's time")
  func system() async throws {
    let before = WallClock.now()
    let timeline = Timeline.system()
    let first = timeline.now()
    try await timeline.sleep(first - .seconds(1))
    let second = timeline.now()
    #expect(first >= before && second >= first && second <= WallClock.now() + .seconds(1))
  }
}

extension Int64 {
  fileprivate func magnitudeWithin(_ bound: Int64) -> Int64 { (self % bound + bound) % bound }
}
