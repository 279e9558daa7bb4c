import Foundation

/// Reads what is appended to a file, over rotation by renaming and by truncation. Blocks; belongs to one queue.
final class LogFile: LogInput {
  /// Where reading goes on after a restart. The head tells a file from another that got its inode; the anchor, the bytes right before the
  /// offset, from one that was emptied and has grown since.
  struct Position: Equatable, Sendable, Codable {
    let device: UInt64
    let inode: UInt64
    var offset: Int64
    /// The file's first bytes, up to 256.
    let head: [UInt8]
    var anchor: [UInt8] = []
  }

  /// What was read last before the file that is open: what was rotated away after it comes first.
  private enum Before {
    /// Nobody knows, and nobody asked for it.
    case unknown
    /// Nothing had been rotated away.
    case nothing
    case place(Position)
  }

  let name: String
  let descriptor: Int32? = nil
  /// Whether it belongs to the log only as long as it is there.
  private let isTransient: Bool
  private var file: Int32 = -1
  private var identity = stat()
  private var offset: Int64 = 0
  private var head: [UInt8] = []
  private var anchor: [UInt8] = []
  private var before: Before
  private var start: LogSettings.Start
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  static let headLength = 256
  private static let anchorLength = 64

  /// - Parameters:
  ///   - start: where reading begins where there is no place to resume at.
  ///   - isTransient: whether it is forgotten when it is gone.
  init(path: String, resume: Position?, start: LogSettings.Start = .end, isTransient: Bool = false) {
    (name, self.start, self.isTransient) = (path, resume == nil ? start : .beginning, isTransient)
    before = resume.map(Before.place) ?? .unknown
  }

  deinit {
    closeFile()
  }

  var isOver: Bool { isTransient && file < 0 && access(name, F_OK) != 0 }

  /// Whether that is the file which is open, under whatever name.
  func reads(_ status: stat) -> Bool { file >= 0 && identity.isSameFile(as: status) }

  func readAppended(_ take: (Span<UInt8>) -> Void, on event: (LogInputEvent) -> Void) throws {
    if file < 0 { try begin(take, event) }
    try readToEnd(take, event)
    while isReplaced {
      // Between the last read and the renaming the writer may have added a line to the old file.
      try readToEnd(take, event)
      let opened = try open()
      event(.restarted)
      if offset > 0 { before = .place(position()) }
      adopt(opened, at: 0)
      readUnread(take, event)
      try readToEnd(take, event)
    }
    if isTransient, file >= 0, access(name, F_OK) != 0, errno == ENOENT {
      event(.restarted)
      closeFile()
    }
  }

  func place(unfinished: Int) -> LogPlace? {
    if file >= 0, offset > 0 { return .file(position(unfinished: unfinished)) }
    // Of an empty file only its inode is known, which is little: the end of the one before it is the place.
    if case .place(let position) = before { return .file(position) }
    return file >= 0 ? .file(position()) : nil
  }

  private func position(unfinished: Int = 0) -> Position {
    Position(
      device: UInt64(identity.st_dev), inode: UInt64(identity.st_ino), offset: offset - Int64(unfinished),
      head: Array(head.prefix(Int(clamping: offset))), anchor: anchor.dropLast(unfinished).map(\.self))
  }

  // MARK: - Opening

  private func begin(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) throws {
    let opened: Int32
    do {
      opened = try open()
    } catch {
      // What was rotated away before the restart need not wait for the new file. A file that is made later is read from its beginning.
      if access(name, F_OK) != 0, errno == ENOENT {
        catchUp(take, event)
        start = .beginning
      }
      throw error
    }
    var status = stat()
    fstat(opened, &status)
    if case .place(let resume) = before, resume.continues(opened, status) { return adopt(opened, at: resume.offset) }
    let isFromEnd = start == .end
    adopt(opened, at: isFromEnd ? Int64(status.st_size) : 0)
    catchUp(take, event)
  }

  private func open() throws -> Int32 {
    let opened = Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw AgentError("\(name): \(String(cString: strerror(errno)))") }
    var status = stat()
    fstat(opened, &status)
    guard status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(opened)
      throw AgentError("\(name) is no ordinary file")
    }
    return opened
  }

  /// What is to be read before the file itself: the rest of the one that was read before the restart and what was rotated away after it, or
  /// all that was, where that is asked for.
  private func catchUp(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) {
    if case .place = before {
      if !readUnread(take, event) { lose(.gone, event) }
      return
    }
    if start == .rotated {
      event(.past(true))
      before = .nothing
      readUnread(take, event)
      event(.past(false))
    }
    if case .unknown = before { before = newest }
    start = .beginning
  }

  private func adopt(_ opened: Int32, at start: Int64) {
    closeFile()
    file = opened
    fstat(opened, &identity)
    offset = start
    head = Self.bytes(of: opened, at: 0, Self.headLength)
    anchor = Self.bytes(of: opened, at: max(0, start - Int64(Self.anchorLength)), Int(min(start, Int64(Self.anchorLength))))
  }

  private func closeFile() {
    if file >= 0 { Glibc.close(file) }
    file = -1
  }

  static func bytes(of descriptor: Int32, at offset: Int64, _ length: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    let count = pread(descriptor, &bytes, bytes.count, off_t(offset))
    return Array(bytes.prefix(max(0, count)))
  }

  // MARK: - Rotation

  /// Reads what was rotated away since the place before the file that is open. Asked again when the first byte of that file comes, for it may
  /// have been copied and emptied, or renamed, while there was none. False where the file of that place is not found.
  @discardableResult
  private func readUnread(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) -> Bool {
    // One that is renamed or packed at this very moment is found when it is looked for again.
    for attempt in 0..<5 {
      if attempt > 0 { usleep(Self.beforeLookingAgain) }
      if readUnreadNow(take, event) { return true }
    }
    return false
  }

  /// Microseconds.
  private static let beforeLookingAgain: UInt32 = 10_000

  private func readUnreadNow(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) -> Bool {
    var all = RotatedFile.all(of: name)[...]
    if case .place(let position) = before {
      guard let index = all.lastIndex(where: { $0.holds(position) }), read(all[index], from: position.offset, take, event) else {
        return false
      }
      all = all[(index + 1)...]
    } else if case .unknown = before {
      return true
    }
    return all.prefix { !$0.isOpen(as: file) }.filter { !$0.isCopy(ofHead: head) }.allSatisfy { read($0, from: 0, take, event) }
  }

  /// False where it is not there any more.
  private func read(
    _ rotated: RotatedFile, from offset: Int64, _ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void
  ) -> Bool {
    guard let ends = rotated.read(from: offset, take) else { return false }
    if let end = ends.place { before = .place(end) }
    event(.restarted)
    return true
  }

  /// The file was emptied. What had been copied before and was not read yet is in the copy.
  private func goOnFromBeginning(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) {
    let read = position()
    (offset, head, anchor) = (0, Self.bytes(of: file, at: 0, Self.headLength), [])
    guard read.offset > 0 else { return }
    before = .place(read)
    defer { event(.restarted) }
    if readUnread(take, event) { return }
    guard let copy = RotatedFile.all(of: name).last(where: { $0.isCopy(of: read) }), let end = copy.end else {
      return lose(.truncated, event)
    }
    event(.loss(.uncopied(bytes: max(0, read.offset - end.offset))))
    before = .place(end)
    readUnread(take, event)
  }

  private func lose(_ loss: LogLoss, _ event: (LogInputEvent) -> Void) {
    event(.loss(loss))
    before = newest
  }

  /// The newest of what has been rotated away.
  private var newest: Before {
    let all = RotatedFile.all(of: name)
    return all.last.map { $0.end.map(Before.place) ?? .unknown } ?? .nothing
  }

  /// Shorter than what was read, or with other bytes where the last ones were read.
  private var isEmptied: Bool {
    var now = stat()
    guard offset > 0, fstat(file, &now) == 0 else { return false }
    return Int64(now.st_size) < offset || Self.bytes(of: file, at: offset - Int64(anchor.count), anchor.count) != anchor
  }

  private var isReplaced: Bool {
    var atPath = stat()
    guard file >= 0, stat(name, &atPath) == 0 else { return false }
    return !identity.isSameFile(as: atPath)
  }

  // MARK: - Reading

  private func readToEnd(_ take: (Span<UInt8>) -> Void, _ event: (LogInputEvent) -> Void) throws {
    while file >= 0 {
      let count = pread(file, &buffer, buffer.count, off_t(offset))
      guard count >= 0 else { throw AgentError("\(name): \(String(cString: strerror(errno)))") }
      // Asked after reading: then these bytes do follow those that were read before.
      if isEmptied {
        goOnFromBeginning(take, event)
        continue
      }
      guard count > 0 else { return }
      let isFirst = offset == 0
      if isFirst { head = [] }
      remember(count)
      if isFirst { readUnread(take, event) }
      offset += Int64(count)
      take(buffer.span.extracting(0..<count))
    }
  }

  private func remember(_ count: Int) {
    if offset == Int64(head.count), head.count < Self.headLength { head += buffer[..<min(count, Self.headLength - head.count)] }
    anchor =
      count >= Self.anchorLength
      ? Array(buffer[(count - Self.anchorLength)..<count]) : (anchor + buffer[..<count]).suffix(Self.anchorLength)
  }
}

extension LogFile.Position {
  /// Whether the file that is open is the one, and holds at least what was read.
  func continues(_ descriptor: Int32, _ status: stat) -> Bool {
    device == UInt64(status.st_dev) && inode == UInt64(status.st_ino) && (0...Int64(status.st_size)).contains(offset)
      && head == LogFile.bytes(of: descriptor, at: 0, head.count)
      && anchor == LogFile.bytes(of: descriptor, at: max(0, offset - Int64(anchor.count)), anchor.count)
  }
}

extension stat {
  func isSameFile(as other: stat) -> Bool { st_ino == other.st_ino && st_dev == other.st_dev }
}
