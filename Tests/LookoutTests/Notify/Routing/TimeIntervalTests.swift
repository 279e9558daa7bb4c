import Foundation
import Testing

@testable import Lookout

@Suite("Time intervals")
struct TimeIntervalTests {
  private func interval(_ text: String) throws -> Lookout.TimeInterval {
    try Lookout.TimeInterval(#require(try YAMLNode.document(text, file: "t.yml")))
  }

  private func moment(_ text: String) throws -> Timestamp {
    Timestamp(milliseconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970 * 1000))
  }

  @Test(
    "hold when all their parts do",
    arguments: [
      ("{weekdays: ['monday:friday'], times: [{start_time: '09:00', end_time: '17:00'}]}", "2026-11-27T09:00:00Z", true),
      ("{weekdays: ['monday:friday'], times: [{start_time: '09:00', end_time: '17:00'}]}", "2026-11-27T17:00:00Z", false),
      ("{weekdays: ['monday:friday']}", "2026-11-28T12:00:00Z", false), ("{weekdays: [saturday]}", "2026-11-28T23:59:59Z", true),
      ("{days_of_month: ['-1']}", "2024-02-29T00:00:00Z", true), ("{days_of_month: ['-1']}", "2026-02-28T00:00:00Z", true),
      ("{days_of_month: ['30:31']}", "2026-02-28T00:00:00Z", false), ("{days_of_month: ['28:31']}", "2026-02-28T00:00:00Z", true),
      ("{months: [november], years: [2026]}", "2026-11-01T00:00:00Z", true), ("{months: ['1:3']}", "2026-04-01T00:00:00Z", false),
      ("{years: ['2024:2025']}", "2026-01-01T00:00:00Z", false), ("{}", "2026-01-01T00:00:00Z", true),
      ("{times: [{start_time: '00:00', end_time: '24:00'}]}", "2026-01-01T23:59:59Z", true),
      // The night when Paris' clocks went forward, and one when they were back.
      ("{location: Europe/Paris, times: [{start_time: '03:00', end_time: '03:30'}]}", "2026-03-29T01:00:00Z", true),
      ("{location: Europe/Paris, times: [{start_time: '01:30', end_time: '02:00'}]}", "2026-03-29T00:59:00Z", true),
      ("{location: Europe/Paris, times: [{start_time: '02:00', end_time: '02:01'}]}", "2026-11-28T01:00:30Z", true),
      // Far behind the last transition of the file its rule counts.
      ("{location: America/New_York, times: [{start_time: '12:00', end_time: '12:01'}]}", "2099-07-01T16:00:00Z", true),
      ("{location: America/New_York, times: [{start_time: '12:00', end_time: '12:01'}]}", "2099-12-01T17:00:00Z", true),
      ("{location: Australia/Sydney, times: [{start_time: '12:00', end_time: '12:01'}]}", "2099-12-01T01:00:00Z", true),
      ("{location: Australia/Sydney, times: [{start_time: '12:00', end_time: '12:01'}]}", "2099-07-01T02:00:00Z", true),
    ])
  func holds(text: String, at: String, expected: Bool) throws {
    #expect(try interval(text).contains(moment(at)) == expected)
  }

  @Test(
    "a zone's rule is read in every form",
    arguments: [
      ("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z", -4 * 3600), ("EST5EDT,M3.2.0,M11.1.0", "2026-01-01T00:00:00Z", -5 * 3600),
      ("<+0330>-3:30", "2026-01-01T00:00:00Z", 12_600), ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600), ("A0B,J60,J300", "2024-03-01T12:00:00Z", 3600),
      ("A0B,J60/0,J300", "2024-02-29T12:00:00Z", 0), ("A0B,59/0,300", "2024-02-29T12:00:00Z", 3600),
    ])
  func rules(text: String, at: String, seconds: Int) throws {
    let rule = try #require(PosixTimeZone(text))
    #expect(rule.offset(at: try moment(at).milliseconds / 1000) == seconds)
  }

  @Test(
    "a rule that is none is refused", arguments: ["", "5", "EST", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0", "A0B,J0,J1", "A0B,J1,J2x"])
  func badRules(text: String) {
    #expect(PosixTimeZone(text) == nil)
  }

  @Test("a damaged zone file is refused at any length")
  func damagedFile() throws {
    let bytes = try TextFile.bytes("/usr/share/zoneinfo/Europe/Paris", limit: 1 << 20)
    for length in stride(from: 0, to: bytes.count - 30, by: 7) { #expect(TimeZoneFile(Array(bytes.prefix(length))) == nil, "\(length)") }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      var copy = bytes
      copy[Int.random(in: 0..<copy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? TimeZoneRules(copy, name: "x").offset(at: 1_800_000_000)
    }
  }

  @Test("a zone's name leads nowhere else", arguments: ["../../etc/passwd", "/etc/passwd", "Europe/../../../etc/passwd", "a\\b", "."])
  func names(name: String) {
    #expect(throws: TimeZoneRules.Mistake.self) { try TimeZoneRules.named(name) }
  }
}
