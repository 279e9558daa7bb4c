import Foundation
import Glibc
import PromQL

/// The series in a file, so that ranges, `for` and graphs go on after a restart. It is read whole or not at all.
struct HistoryFile: Sendable {
  let path: String

  /// What a file begins with; the number goes up with the format.
  private static let mark = Array("lookout history 1\n".utf8)
  /// Larger ones are no history of this agent.
  private static let sizeLimit = 1 << 30

  struct Content {
    let table: SeriesTable
    /// When it was written.
    let savedAt: Timestamp
  }

  /// Blocks. Throws `AgentError`.
  func write(_ content: Content) throws {
    var bytes = Self.mark
    bytes.append(number: UInt64(bitPattern: content.savedAt.milliseconds))
    content.table.write(to: &bytes)
    bytes.append(number: checksum(bytes))
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("create", temporary) }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", temporary) }
      written += count
    }
    guard fsync(file) == 0 else { throw failure("write", temporary) }
    guard rename(temporary, path) == 0 else { throw failure("replace", path) }
  }

  private func failure(_ what: String, _ path: String) -> AgentError {
    AgentError("cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }

  /// Blocks. Nil where there is none; throws `AgentError` for one that cannot be used.
  func read() throws -> Content? {
    guard access(path, F_OK) == 0 else { return nil }
    guard let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int, size <= Self.sizeLimit,
      let data = FileManager.default.contents(atPath: path)
    else { throw AgentError("cannot read \(path)") }
    let bytes = Array(data)
    guard bytes.starts(with: Self.mark), bytes.count >= Self.mark.count + 16 else {
      throw AgentError("\(path) is no history of this version")
    }
    let end = bytes.count - 8
    var footer = ByteReader(bytes, from: end)
    guard footer.number() == checksum(bytes[..<end]) else { throw AgentError("\(path) is damaged") }
    var reader = ByteReader(bytes, from: Self.mark.count)
    guard let savedAt = reader.number(), let table = SeriesTable(reading: &reader), reader.position == end else {
      throw AgentError("\(path) is damaged")
    }
    return Content(table: table, savedAt: Timestamp(milliseconds: Int64(bitPattern: savedAt)))
  }

  /// FNV-1a over words, bytes at the end: for what a disk does to a file, not for what an enemy does.
  private func checksum(_ bytes: some Collection<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }
    let isDone = bytes.withContiguousStorageIfAvailable { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      let words = raw.count / 8
      for index in 0..<words { mix(raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) }
      for byte in raw[(words * 8)...] { mix(UInt64(byte)) }
      return true
    }
    if isDone == nil { for byte in bytes { mix(UInt64(byte)) } }
    return hash
  }
}
