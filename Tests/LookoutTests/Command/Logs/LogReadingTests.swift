import Foundation
import OdooLog
import Testing

@testable import Lookout

@Suite("Reading old logs")
struct LogReadingTests {
  private func reading(_ paths: [String]) throws -> LogReading {
    LogReading(try paths.map(LogSource.init), period: .min..<(.max), slow: 2)
  }

  private func write(_ bytes: [UInt8], _ name: String, in folder: LogFolder, changedBefore seconds: Double) throws {
    let path = "\(folder.path)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-seconds)], ofItemAtPath: path)
  }

  @Test("the oldest file comes first, whatever their order, and packed ones are unpacked")
  func order() async throws {
    try await withLogFolder { folder in
      try write(Array(logRecord("new", "ERROR").utf8), "odoo.log", in: folder, changedBefore: 0)
      try write(Gzip.compress(Array("  continues\n".utf8)), "odoo.log.2.gz", in: folder, changedBefore: 200)
      try write(Array(accessRecord().utf8), "odoo.log.1", in: folder, changedBefore: 100)
      let reading = try reading(["odoo.log", "odoo.log.1", "odoo.log.2.gz"].map { "\(folder.path)/\($0)" })
      let result = reading.run()
      #expect(result.files.map { $0.split(separator: "/").last } == ["odoo.log.2.gz", "odoo.log.1", "odoo.log"])
      #expect(result.digest.statistics.strayLines == 1 && result.digest.statistics.errors == 1 && result.troubles.isEmpty)
      #expect(reading.progress.latest.bytes == reading.totalBytes)
    }
  }

  @Test("a last line without an end counts in each file")
  func lastLine() async throws {
    try await withLogFolder { folder in
      try write(Array(logRecord("x", "ERROR").utf8.dropLast()), "a", in: folder, changedBefore: 10)
      try write(Array(logRecord("x", "ERROR").utf8.dropLast()), "b", in: folder, changedBefore: 0)
      #expect(try reading(["a", "b"].map { "\(folder.path)/\($0)" }).run().digest.statistics.errors == 2)
    }
  }

  @Test("what could be read of a damaged file is told, with the trouble")
  func damaged() async throws {
    try await withLogFolder { folder in
      let packed = try Gzip.compress(Array(String(repeating: accessRecord(), count: 20_000).utf8))
      try write(Array(packed.dropLast(packed.count / 2)), "a.gz", in: folder, changedBefore: 10)
      try write(Array(logRecord("x").utf8), "b", in: folder, changedBefore: 0)
      let result = try reading(["a.gz", "b"].map { "\(folder.path)/\($0)" }).run()
      #expect(result.troubles.count == 1 && result.troubles[0].hasSuffix("its last lines are missing"))
      #expect(result.digest.statistics.lines > 1_000 && result.files.count == 1)
    }
  }

  @Test("what is not there or is a folder is refused before anything is read")
  func refusals() {
    #expect(throws: AgentError.self) { try LogSource(path: "/nowhere/odoo.log") }
    #expect(throws: AgentError.self) { try LogSource(path: "/") }
  }

  @Test("progress fits into the terminal's width")
  func progress() throws {
    let reading = try reading(["/proc/self/status"])
    let line = ProgressLine(of: reading, style: OutputStyle(width: 40)).line(after: .seconds(2))
    #expect(line.count < 40 && line.hasPrefix("reading "))
  }

  @Test(
    "moments are dates, times of day on them, or spans before now",
    arguments: [
      ("2026-11-22", 1_795_305_600_000), ("2026-11-22 13:05", 1_795_352_700_000), ("2026-11-22T13:05:09Z", 1_795_352_709_000),
      ("2026-11-22 13:05:09.5", 1_795_352_709_000), ("1970-01-01", 0), ("2000-02-29", 951_782_400_000), ("2h", 92_800_000),
      ("1d", 13_600_000),
    ] as [(String, Int64)])
  func moments(text: String, milliseconds: Int64) {
    #expect(MomentArgument(text, now: Timestamp(milliseconds: 100_000_000))?.milliseconds == milliseconds)
  }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "yesterday", "2026-13-01", "2026-11-32", "2026-11", "2026-11-22 25:00", "2026-11-22 13", "2026-11-22 13:61", "26-11-22", "-1h",
      "１９７０-01-01",
    ]
  )
  func noMoments(text: String) {
    #expect(MomentArgument(text, now: Timestamp(milliseconds: 0)) == nil)
  }
}
