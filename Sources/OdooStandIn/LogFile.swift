internal import Glibc
internal import Synchronization

/// One record of Odoo's log, but for its time and its process.
struct Record: Sendable {
  enum Level: String, Sendable { case info = "INFO", warning = "WARNING", error = "ERROR" }

  var level: Level = .info
  var logger: String
  var message: String
  /// Follows on lines of its own.
  var traceback: String?
  /// `nil` where Odoo had no database in hand, written `?`.
  var database: String?
}

/// Odoo's log file, in the format of `odoo.netsvc`: `asctime,ms pid LEVEL database logger: message performance`.
final class LogFile: Sendable {
  private let path: String?
  private let file: Mutex<File>

  private struct File {
    var descriptor: Int32 = -1
    var device: dev_t = 0
    var inode: ino_t = 0
  }

  init(path: String?) {
    self.path = path
    file = Mutex(File())
  }

  deinit {
    file.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
  }

  /// `performance` is empty except on access lines; the blank before it is always there.
  func write(_ record: Record, pid: Int, performance: String = "", at stamp: Stamp = .now()) {
    var text = "\(stamp.log) \(pid) \(record.level.rawValue) \(record.database ?? "?") \(record.logger): \(record.message) \(performance)\n"
    if let traceback = record.traceback { text += traceback.hasSuffix("\n") ? traceback : traceback + "\n" }
    append(Array(text.utf8))
  }

  /// A record goes out in one `write`, so that a reader never sees half of one that fits the page cache.
  private func append(_ bytes: [UInt8]) {
    file.withLock { file in
      let descriptor = path.map { reopen($0, &file) } ?? STDERR_FILENO
      if Self.write(bytes, to: descriptor) { return }
      _ = Self.write(Array("cannot write the log to \(path ?? "stderr"), errno \(errno)\n".utf8), to: STDERR_FILENO)
    }
  }

  /// As Python's WatchedFileHandler: looks before every record whether the path still names the open file.
  private func reopen(_ path: String, _ file: inout File) -> Int32 {
    var status = stat()
    if file.descriptor >= 0, stat(path, &status) == 0, status.st_ino == file.inode, status.st_dev == file.device {
      return file.descriptor
    }
    if file.descriptor >= 0 { close(file.descriptor) }
    file.descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    if file.descriptor >= 0, fstat(file.descriptor, &status) == 0 { (file.device, file.inode) = (status.st_dev, status.st_ino) }
    return file.descriptor
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
