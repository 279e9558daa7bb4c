import Foundation
import Testing

extension LossTests {
  private static let ownLog = Settings(logFile: "own.log", files: ["own.log": ""])

  @Test("a log of endless lines, NULs and rubbish is counted to the last line, over rotation and truncation")
  func hostileLog() async throws {
    try await withInstallation(Self.ownLog) { installation in
      try await installation.agent.becomesHealthy()
      let log = LogWriter("\(installation.folder)/own.log")
      try log.records(100)
      try log.line([UInt8](repeating: UInt8(ascii: "x"), count: 50 << 20))
      try log.line([UInt8](repeating: 0, count: 10_000))
      try log.line(LogWriter.record + [0, 0, 0, 0xFF, 0xC3, 0x28], isRecord: true)
      try log.line((0..<1 << 20).map { _ in UInt8.random(in: 0x80...0xFF) })
      try log.records(100)
      try await expectCounted(log, installation)
      try log.rename(to: "own.log.1")
      try log.records(100)
      try await expectCounted(log, installation)
      try log.copyAndTruncate(to: "own.log.2")
      try log.records(50)
      try await expectCounted(log, installation)
      let resident = try #require(installation.agent.program).residentBytes
      #expect(resident < 200 << 20)
      #expect(installation.receiver.deliveries.isEmpty)
    }
  }

  @Test("after crashes in the middle of reading, and a rotation meanwhile, every line has been counted exactly once")
  func crashesWhileCounting() async throws {
    try await withInstallation(Self.ownLog) { installation in
      try await installation.agent.becomesHealthy()
      let log = LogWriter("\(installation.folder)/own.log")
      for round in 1...4 {
        for _ in 0..<20 {
          try log.records(500)
          try await Task.sleep(for: .milliseconds(Int.random(in: 5...60)))
        }
        await installation.agent.kill()
        try log.records(300)
        if round == 2 { try log.rename(to: "own.log.1") }
        try log.records(300)
        try await installation.agent.start()
      }
      try await expectCounted(log, installation)
    }
  }

  private func expectCounted(_ log: LogWriter, _ installation: Installation) async throws {
    try await eventually("\(log.lines) lines and \(log.bytes) bytes are counted") {
      let metrics = try await installation.agent.metrics()
      let seen = (metrics.value("odoo_log_lines_total"), metrics.value("odoo_log_bytes_total"))
      guard seen == (Double(log.lines), Double(log.bytes)) else { throw NeverHappened(description: "counted so far: \(seen)") }
      return true
    }
    let metrics = try await installation.agent.metrics()
    #expect(metrics.value("odoo_log_records_total", ["level": "INFO", "logger": LogWriter.logger]) == Double(log.recordCount))
  }
}

/// Writes a log as Odoo does, and knows what is in it.
final class LogWriter {
  static let logger = "odoo.addons.crm.tests"
  static let record = Array("2026-03-01 10:00:00,123 4711 INFO crm \(logger): a line of the test ".utf8)

  private(set) var lines = 0
  private(set) var bytes = 0
  private(set) var recordCount = 0
  private let path: String
  private let folder: String

  init(_ path: String) {
    self.path = path
    folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
  }

  func records(_ count: Int) throws {
    let line = Self.record + [UInt8(ascii: "\n")]
    try append(Array(repeatElement(line, count: count).joined()))
    lines += count
    recordCount += count
  }

  /// One line; `content` holds no newline.
  func line(_ content: [UInt8], isRecord: Bool = false) throws {
    try append(content + [UInt8(ascii: "\n")])
    lines += 1
    if isRecord { recordCount += 1 }
  }

  /// As logrotate does it with Odoo: the file gets another name, and the next line goes to a new file.
  func rename(to name: String) throws {
    try FileManager.default.moveItem(atPath: path, toPath: "\(folder)/\(name)")
    try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
  }

  /// logrotate's `copytruncate`.
  func copyAndTruncate(to name: String) throws {
    try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(name)")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.truncate(atOffset: 0)
  }

  private func append(_ content: [UInt8]) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(content))
    bytes += content.count
  }
}
