import Foundation

/// Reads what is appended to a file, over rotation by renaming and by truncation. Blocks; belongs to one queue.
final class LogFile {
  /// Where reading goes on after a restart. The head tells a file from another that got its inode.
  struct Position: Equatable, Sendable {
    let device: UInt64
    let inode: UInt64
    var offset: Int64
    /// The file's first bytes, up to 256.
    let head: [UInt8]
  }

  /// What a read came upon besides bytes.
  enum Event {
    /// The file was replaced or truncated; what comes next is the beginning of another. An unfinished last line ends here.
    case restarted
  }

  private let path: String
  private var descriptor: Int32 = -1
  private var identity = stat()
  private var offset: Int64 = 0
  private var resume: Position?
  private var isFirstOpening = true
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  init(path: String, resume: Position?) {
    self.path = path
    self.resume = resume
  }

  deinit {
    closeFile()
  }

  /// Hands on everything that has been appended since.
  /// - Throws: `AgentError` when the file is not there or may not be read; a later call tries again.
  func readAppended(_ take: (Span<UInt8>) -> Void, on event: (Event) -> Void) throws {
    if descriptor < 0 { try open() }
    try readToEnd(take)
    while let change = changed() {
      // Between the last read and the renaming the writer may have added a line to the old file.
      if change == .replaced { try readToEnd(take) }
      event(.restarted)
      if change == .replaced { try open() } else { rewind() }
      try readToEnd(take)
    }
  }

  /// The place after all bytes handed on but the last `unfinished` ones.
  func position(unfinished: Int) -> Position? {
    guard descriptor >= 0 else { return nil }
    return Position(
      device: UInt64(identity.st_dev), inode: UInt64(identity.st_ino), offset: offset - Int64(unfinished),
      head: Self.head(of: descriptor, Int(min(256, offset))))
  }

  // MARK: - Opening

  private func open() throws {
    closeFile()
    if let resume, let rotated = rotatedFile(resume) { return adopt(rotated, at: resume.offset) }
    let opened = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      let code = errno
      // A file that is made later is read from its beginning.
      if code == ENOENT { isFirstOpening = false }
      throw AgentError("\(path): \(String(cString: strerror(code)))")
    }
    var status = stat()
    fstat(opened, &status)
    guard status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(opened)
      throw AgentError("\(path) is no ordinary file")
    }
    // Met for the first time, a log is followed from its end: what it holds has been before the agent.
    let start = isFirstOpening && resume == nil ? Int64(status.st_size) : 0
    let known = resume.flatMap { Self.continues($0, opened, status) ? $0.offset : nil }
    adopt(opened, at: known ?? start)
  }

  private func adopt(_ opened: Int32, at start: Int64) {
    descriptor = opened
    fstat(opened, &identity)
    offset = start
    resume = nil
    isFirstOpening = false
  }

  /// The file that was read before the restart, where it has been renamed since (`odoo.log.1`): its rest comes first.
  private func rotatedFile(_ resume: Position) -> Int32? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let siblings = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for sibling in siblings where sibling != name && sibling.hasPrefix(name) {
      let opened = Glibc.open(folder + sibling, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard opened >= 0 else { continue }
      var status = stat()
      fstat(opened, &status)
      if Self.continues(resume, opened, status) { return opened }
      Glibc.close(opened)
    }
    return nil
  }

  private static func continues(_ position: Position, _ descriptor: Int32, _ status: stat) -> Bool {
    position.device == UInt64(status.st_dev) && position.inode == UInt64(status.st_ino)
      && (0...Int64(status.st_size)).contains(position.offset)
      && position.head == head(of: descriptor, position.head.count)
  }

  private static func head(of descriptor: Int32, _ length: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  private func closeFile() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  // MARK: - Reading

  private func readToEnd(_ take: (Span<UInt8>) -> Void) throws {
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(offset))
      guard count >= 0 else { throw AgentError("\(path): \(String(cString: strerror(errno)))") }
      guard count > 0 else { return }
      offset += Int64(count)
      take(buffer.span.extracting(0..<count))
    }
  }

  private enum Change {
    case replaced, truncated
  }

  private func changed() -> Change? {
    var now = stat()
    fstat(descriptor, &now)
    if Int64(now.st_size) < offset { return .truncated }
    var atPath = stat()
    guard stat(path, &atPath) == 0 else { return nil }
    return atPath.st_ino != identity.st_ino || atPath.st_dev != identity.st_dev ? .replaced : nil
  }

  private func rewind() {
    offset = 0
  }
}
