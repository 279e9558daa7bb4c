import Foundation

/// A log to be read once, from its beginning: a file, also one that gzip has packed, or standard input.
struct LogSource: Sendable, Equatable {
  /// `-` is standard input.
  let path: String
  /// Packed, as it lies there; 0 where that is not known.
  let bytes: Int
  /// When it was last written to, in milliseconds since 1970; nil of standard input.
  let changedAt: Int64?

  /// - Throws: `AgentError` where it cannot be read.
  init(path: String) throws {
    self.path = path
    guard path != "-" else {
      (bytes, changedAt) = (0, nil)
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw AgentError("\(path): \(String(cString: strerror(errno)))") }
    let type = status.st_mode & S_IFMT
    guard type != S_IFDIR else { throw AgentError("\(path) is a folder: name the files in it") }
    bytes = type == S_IFREG ? Int(status.st_size) : 0
    changedAt = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
  }

  /// For a person.
  var name: String { path == "-" ? "standard input" : path }

  /// Hands on everything in it, unpacked. Blocks.
  /// - Parameter progress: told the bytes read since it was last told, packed.
  /// - Throws: `AgentError` where it cannot be read to its end; what came before was handed on.
  func read(progress: (Int) -> Void, _ take: (Span<UInt8>) -> Void) throws {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AgentError("\(name): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var gzip: GzipReader?
    var isFirst = true
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw AgentError("\(name): \(String(cString: strerror(errno)))") }
      guard count > 0 else { break }
      if isFirst, GzipReader.isGzip(buffer.prefix(count)) { gzip = GzipReader() }
      isFirst = false
      progress(count)
      try hand(buffer.span.extracting(0..<count), gzip, take)
    }
    do {
      try gzip?.finish()
    } catch {
      throw AgentError("\(name) ends before it should: its last lines are missing")
    }
  }

  private func hand(_ bytes: Span<UInt8>, _ gzip: GzipReader?, _ take: (Span<UInt8>) -> Void) throws {
    guard let gzip else { return take(bytes) }
    do {
      try gzip.unpack(bytes, take)
    } catch {
      throw AgentError("\(name) is damaged: it cannot be unpacked beyond this place")
    }
  }
}
