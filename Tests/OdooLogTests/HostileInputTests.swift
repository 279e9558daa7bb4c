import Foundation
import Testing

@testable import OdooLog

@Suite struct HostileInputTests {
  private func isSound(_ statistics: LogStatistics, _ bytes: [UInt8]) {
    let records = statistics.records.values.reduce(0, +)
    let requests = statistics.routes.values.map(\.requests).reduce(0, +)
    #expect(statistics.lines == UInt64(bytes.count { $0 == UInt8(ascii: "\n") }))
    #expect(statistics.lines == records + statistics.continuationLines + statistics.strayLines)
    #expect(statistics.bytes == UInt64((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1))
    #expect(requests + statistics.unparsedAccessLines <= records)
  }

  @Test(
    "zero bytes, lone carriage returns and invalid UTF-8 are lines like others",
    arguments: [
      [0, 0, 10, 0], [13, 10, 13, 13, 10], [0xFF, 0xFE, 10], [10, 10, 10], [27, 91, 10], [27],
    ] as [[UInt8]])
  func oddBytes(bytes: [UInt8]) {
    isSound(withStatistics(of: bytes), bytes)
    isSound(withStatistics(of: bytes) { 1 }, bytes)
  }

  @Test("random bytes are counted alike however they are cut", arguments: 1...40)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let alphabet = Array("2026-11-22 13:09:09,329 1 INFO crm werkzeug: \"/?\n\n\r\u{1B}[\u{0}".utf8) + [0xFF]
    let bytes = (0..<5_000).map { _ in
      seed % 2 == 0 ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator) ?? 0
    }
    let whole = withStatistics(of: bytes, lineLimit: 200)
    isSound(whole, bytes)
    #expect(withStatistics(of: bytes, lineLimit: 200) { Int.random(in: 0...300, using: &generator) } == whole)
  }

  @Test("logs with bytes changed, doubled and lost are counted alike however they are cut", arguments: 1...200)
  func damagedLogs(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    var bytes = Array(everyForm.utf8)
    for _ in 0..<Int.random(in: 1...60, using: &generator) {
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.insert(bytes[index], at: index)
      default: bytes.remove(at: index)
      }
    }
    let whole = withStatistics(of: bytes)
    isSound(whole, bytes)
    #expect(withStatistics(of: bytes) { Int.random(in: 0...100, using: &generator) } == whole)
    #expect((whole.lastError?.message.utf8.count ?? 0) <= 300)
  }

  @Test("statistics with damaged bytes are an error or can be counted on with", arguments: 1...300)
  func damagedState(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    var json = [UInt8](try JSONEncoder().encode(withStatistics(of: everyForm)))
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let digits = json.indices.filter { json[$0].isDigit }
      let place = try #require(
        Bool.random(using: &generator) ? digits.randomElement(using: &generator) : json.indices.randomElement(using: &generator))
      json.replaceSubrange(
        place...place, with: Array((["9", "-1", "", "18446744073709551615", "0,0"].randomElement(using: &generator) ?? "").utf8))
    }
    guard var statistics = try? JSONDecoder().decode(LogStatistics.self, from: Data(json)) else { return }
    let lines = statistics.lines
    var scanner = LogScanner()
    scanner.feed(Array(everyForm.utf8).span, into: &statistics)
    #expect(statistics.lines == lines &+ 28)
    #expect(!statistics.routes.isEmpty && !statistics.records.isEmpty)
  }

  @Test("statistics at the end of their range go on instead of stopping the program")
  func overflow() {
    let cost = String(repeating: "9", count: 9) + ".999999"
    let line = access("/web", perf: "999999999999999999 \(cost) \(cost)")
    let statistics = withStatistics(of: String(repeating: line, count: 100))
    #expect(statistics.routes["/web"]?.durations.counts[10] == 100)
  }
}
