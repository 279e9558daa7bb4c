import Foundation
import Testing

@testable import Lookout

@Suite("Reading packed logs")
struct GzipReaderTests {
  private func unpack(_ bytes: [UInt8], piece: Int = .max) throws -> [UInt8] {
    let reader = GzipReader()
    var output: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let end = start + min(piece, bytes.count - start)
      try reader.unpack(bytes.span.extracting(start..<end)) { span in for index in span.indices { output.append(span[index]) } }
      start = end
    }
    try reader.finish()
    return output
  }

  private static let text = Array(String(repeating: logRecord("one") + accessRecord(), count: 5_000).utf8)

  @Test("what was packed comes out again, however it is cut", arguments: [1, 7, 4_096, .max])
  func pieces(piece: Int) throws {
    #expect(try unpack(Gzip.compress(Self.text), piece: piece) == Self.text)
  }

  @Test("members that follow each other are one log, and zeros at the end are nothing")
  func members() throws {
    let packed = try Gzip.compress(Array("one\n".utf8)) + Gzip.compress([]) + Gzip.compress(Array("two\n".utf8)) + [0, 0, 0]
    #expect(try String(decoding: unpack(packed), as: UTF8.self) == "one\ntwo\n")
    #expect(try String(decoding: unpack(packed, piece: 1), as: UTF8.self) == "one\ntwo\n")
  }

  @Test("a megabyte of the same byte needs no more memory than others")
  func bomb() throws {
    let reader = GzipReader()
    var (total, largest) = (0, 0)
    let packed = try Gzip.compress([UInt8](repeating: 0x78, count: 20 << 20))
    try reader.unpack(packed.span) { span in (total, largest) = (total + span.count, max(largest, span.count)) }
    #expect(total == 20 << 20 && largest <= 256 << 10)
  }

  @Test("cut short or damaged is said")
  func damaged() throws {
    let packed = try Gzip.compress(Self.text)
    #expect(throws: GzipReader.Failure.cutShort) { try unpack(Array(packed.dropLast(9))) }
    #expect(throws: GzipReader.Failure.damaged) { try unpack(packed.prefix(40) + [UInt8](repeating: 0xFF, count: 400)) }
    #expect(throws: GzipReader.Failure.damaged) { try unpack([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) }
    #expect(throws: GzipReader.Failure.damaged) { try unpack(packed + Array("rest".utf8)) }
  }

  @Test("random bytes behind a header do no harm", arguments: 1...50)
  func random(seed: Int) {
    var generator = SystemRandomNumberGenerator()
    let bytes: [UInt8] = [0x1F, 0x8B, 8, 0] + (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
    #expect(throws: GzipReader.Failure.self) { try unpack(bytes) }
  }
}
