import Testing

@testable import OdooLog

@Suite struct LogScannerTests {
  @Test("an incomplete line is not counted, and reading resumes at its start")
  func incomplete() {
    let (first, rest) = (access("/web") + "2026-11-22 13", ":09:09,329 1 INFO ? odoo: x\n")
    var scanner = LogScanner()
    var statistics = LogStatistics()
    scanner.feed(Array(first.utf8).span, into: &statistics)
    #expect(scanner.incompleteBytes == 13)
    #expect(statistics.lines == 1)
    #expect(statistics.bytes == UInt64(first.utf8.count - 13))
    scanner.feed(Array(rest.utf8).span, into: &statistics)
    #expect(scanner.incompleteBytes == 0)
    #expect(statistics.lines == 2)
    #expect(statistics.bytes == UInt64(first.utf8.count + rest.utf8.count))
  }

  @Test("resumed at any byte, every line is counted once")
  func resume() {
    let bytes = Array(everyForm.utf8)
    let whole = withStatistics(of: bytes)
    for cut in 0...bytes.count {
      var statistics = LogStatistics()
      var before = LogScanner()
      before.feed(bytes.span.extracting(first: cut), into: &statistics)
      var after = LogScanner()
      after.feed(bytes.span.extracting((cut - before.incompleteBytes)..<bytes.count), into: &statistics)
      #expect(statistics == whole, "cut at \(cut)")
    }
  }

  @Test("a last line without its end is counted when the file is finished, once")
  func finish() {
    var scanner = LogScanner()
    var statistics = LogStatistics()
    scanner.feed(Array("2026-11-22 13:09:09,329 1 INFO ? odoo: x".utf8).span, into: &statistics)
    scanner.finish(into: &statistics)
    scanner.finish(into: &statistics)
    #expect(statistics.lines == 1)
    #expect(statistics.bytes == 40)
    #expect(scanner.incompleteBytes == 0)
  }

  @Test("nothing fed is nothing counted")
  func nothing() {
    #expect(withStatistics(of: "", finish: true) == LogStatistics())
    var scanner = LogScanner()
    var statistics = LogStatistics()
    scanner.feed(Span(), into: &statistics)
    #expect(statistics == LogStatistics())
    #expect(scanner.incompleteBytes == 0)
  }

  @Test("lines of a length around the limit are cut alike, fed whole or in pieces", arguments: 126...130)
  func limit(length: Int) {
    let line = record(String(repeating: "x", count: length - 46), logger: "a").utf8.dropLast() + Array("\n".utf8)
    let bytes = Array(line)
    let whole = withStatistics(of: bytes, lineLimit: 128)
    #expect(whole.truncatedLines == (bytes.count - 1 > 128 ? 1 : 0))
    #expect(withStatistics(of: bytes, lineLimit: 128) { 1 } == whole)
    #expect(withStatistics(of: bytes, lineLimit: 128) { 50 } == whole)
  }

  @Test("a line of 50 MB costs the memory of its start")
  func huge() {
    var scanner = LogScanner()
    var statistics = LogStatistics()
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
    scanner.feed(Array(record("x").utf8.dropLast()).span, into: &statistics)
    for _ in 0..<50 { scanner.feed(piece.span, into: &statistics) }
    #expect(scanner.keptBytes == 65_536)
    #expect(scanner.incompleteBytes == 50_000_000 + record("x").utf8.count - 1)
    scanner.feed([UInt8(ascii: "\n")].span, into: &statistics)
    #expect(statistics.truncatedLines == 1)
    #expect(statistics.records.values.reduce(0, +) == 1)
    #expect(scanner.keptBytes == 0)
  }
}
