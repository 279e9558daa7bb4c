import Foundation

/// A file that was rotated away from a log and lies beside it: `odoo.log.1`, `odoo.log-20261122`, `odoo-20261122.log`, each also packed.
struct RotatedFile {
  /// The place behind the last byte that was read; nil where there was none.
  struct End {
    let place: LogFile.Position?
  }

  let path: String
  let status: stat

  var isPacked: Bool { path.hasSuffix(".gz") }
  private var modified: Int64 { Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec) }

  /// Those that there are, the oldest first. Looked for again until nothing is renamed meanwhile.
  static func all(of log: String) -> [RotatedFile] {
    var found = list(of: log)
    for _ in 0..<10 {
      let again = list(of: log)
      if again.map(\.identity) == found.map(\.identity) { break }
      found = again
    }
    return found
  }

  private static func list(of log: String) -> [RotatedFile] {
    let folder = log.lastIndex(of: "/").map { String(log[...$0]) } ?? "./"
    let name = log.split(separator: "/").last.map(String.init) ?? log
    let siblings = Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    // One that is being packed is there twice, and only the plain one is whole.
    let whole = siblings.filter { !$0.hasSuffix(".gz") || !siblings.contains(String($0.dropLast(3))) }
    let files = whole.filter { isRotated($0, from: name) }.compactMap { RotatedFile(folder + $0) }
    // By their numbers where all have one, the highest being the oldest; the clock of files is a coarse one.
    let numbers = files.compactMap { $0.number(behind: folder + name) }
    guard numbers.count == files.count else {
      return files.sorted { ($0.modified, $0.path) < ($1.modified, $1.path) }
    }
    return zip(files, numbers).sorted { $0.1 > $1.1 }.map(\.0)
  }

  /// 7 of `odoo.log.7` and `odoo.log.7.gz`.
  private func number(behind log: String) -> Int? {
    let rest = path.dropFirst(log.count).drop { $0 == "." }
    return Int(isPacked ? rest.dropLast(3) : rest).flatMap { $0 < 10_000_000 ? $0 : nil }
  }

  private var identity: String { "\(path) \(status.st_dev) \(status.st_ino)" }

  /// Whether it is the file of that descriptor.
  func isOpen(as descriptor: Int32?) -> Bool {
    var opened = stat()
    guard let descriptor, fstat(descriptor, &opened) == 0 else { return false }
    return status.isSameFile(as: opened)
  }

  /// Whether it was just made of the file that begins so, which is about to be emptied.
  func isCopy(ofHead head: [UInt8]) -> Bool {
    guard !head.isEmpty, status.st_size > 0, !isPacked else { return false }
    return head.starts(with: beginning(head.count))
  }

  /// The place behind its last byte, as far as that is known without reading it; nil of an empty one.
  var end: LogFile.Position? {
    let head = beginning(LogFile.headLength)
    return head.isEmpty ? nil : position(isPacked ? Int64(head.count) : Int64(status.st_size), head)
  }

  private func position(_ size: Int64, _ head: [UInt8]) -> LogFile.Position {
    LogFile.Position(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), offset: size, head: head)
  }

  private init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    (self.path, self.status) = (path, status)
  }

  /// What follows the name, or stands before its extension, is a number or a date.
  static func isRotated(_ sibling: String, from name: String) -> Bool {
    let plain = sibling.hasSuffix(".gz") ? String(sibling.dropLast(3)) : sibling
    guard plain != name else { return false }
    if plain.hasPrefix(name) { return isNumber(plain.dropFirst(name.count)) }
    guard let dot = name.lastIndex(of: "."), plain.hasPrefix(name[..<dot]), plain.hasSuffix(name[dot...]),
      plain.count > name.count
    else { return false }
    return isNumber(plain.dropFirst(name[..<dot].count).dropLast(name[dot...].count))
  }

  private static func isNumber(_ text: Substring) -> Bool {
    guard let first = text.first, ".-_".contains(first) else { return false }
    return text.contains(where: \.isNumber) && text.allSatisfy { $0.isNumber || ".-_TZ:".contains($0) }
  }

  /// Whether it is the file of that place, by its inode, or what was made of it since: a packed one, or a copy.
  func holds(_ position: LogFile.Position) -> Bool {
    if isPacked { return beginning(position.head.count) == position.head && !position.head.isEmpty }
    guard let descriptor = openSame() else { return false }
    defer { close(descriptor) }
    return position.continues(descriptor, status) || isCopy(of: position) && Int64(status.st_size) >= position.offset
  }

  /// Whether it has the same beginning, and another inode. It may have ended sooner.
  func isCopy(of position: LogFile.Position) -> Bool {
    guard position.inode != UInt64(status.st_ino) || position.device != UInt64(status.st_dev) else { return false }
    let beginning = beginning(position.head.count)
    return !beginning.isEmpty && position.head.starts(with: beginning)
  }

  private func beginning(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    readAll { piece in
      for index in 0..<min(piece.count, length - bytes.count) { bytes.append(piece[index]) }
      return bytes.count < length
    }
    return bytes
  }

  /// Hands on what stands from there on, and returns the place behind its last byte, of which an empty one has none. Nil where it is not
  /// there any more.
  func read(from offset: Int64, _ take: (Span<UInt8>) -> Void) -> End? {
    var size: Int64 = 0
    var head: [UInt8] = []
    let isThere = readAll { piece in
      let skipped = Int(min(max(0, offset - size), Int64(piece.count)))
      size += Int64(piece.count)
      for index in 0..<min(piece.count, LogFile.headLength - head.count) { head.append(piece[index]) }
      if skipped < piece.count { take(piece.extracting(skipped..<piece.count)) }
      return true
    }
    return isThere ? End(place: head.isEmpty ? nil : position(size, head)) : nil
  }

  /// In pieces, unpacked, for as long as `take` wants more. What cannot be read or unpacked ends it.
  @discardableResult
  private func readAll(_ take: (Span<UInt8>) -> Bool) -> Bool {
    guard let descriptor = openSame() else { return false }
    defer { close(descriptor) }
    let gzip = isPacked ? GzipReader() : nil
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var wantsMore = true
    while wantsMore {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return true }
      let bytes = buffer.span.extracting(0..<count)
      guard let gzip else {
        wantsMore = take(bytes)
        continue
      }
      do { try gzip.unpack(bytes) { piece in if wantsMore { wantsMore = take(piece) } } } catch { return true }
    }
    return true
  }

  /// This very file, also where it has been renamed since it was found.
  private func openSame() -> Int32? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    for _ in 0..<3 {
      if let descriptor = openIfSame(path) { return descriptor }
      for other in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        if let descriptor = openIfSame(folder + other) { return descriptor }
      }
    }
    return nil
  }

  private func openIfSame(_ path: String) -> Int32? {
    var found = stat()
    guard stat(path, &found) == 0, isUnchanged(found) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    if fstat(descriptor, &found) == 0, isUnchanged(found) { return descriptor }
    close(descriptor)
    return nil
  }

  /// A new file soon gets the inode of one that was removed.
  private func isUnchanged(_ found: stat) -> Bool {
    found.isSameFile(as: status) && found.st_size == status.st_size && found.st_mtim.tv_sec == status.st_mtim.tv_sec
      && found.st_mtim.tv_nsec == status.st_mtim.tv_nsec
  }
}
