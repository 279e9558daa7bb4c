import Foundation

/// Small files that people write.
enum TextFile {
  /// The text of a file of at most `limit` bytes; invalid UTF-8 becomes U+FFFD.
  static func read(_ path: String, limit: Int) throws(AgentError) -> String {
    String(decoding: try bytes(path, limit: limit), as: UTF8.self)
  }

  static func bytes(_ path: String, limit: Int) throws(AgentError) -> [UInt8] {
    let file = fopen(path, "re")
    guard let file else { throw AgentError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw AgentError("\(path) cannot be read: it is no ordinary file") }
    guard count <= limit else { throw AgentError("\(path) is larger than \(limit >> 10) KiB") }
    return Array(bytes.prefix(count))
  }

  /// Modification time in nanoseconds since 1970; 0 when there is no such file.
  static func modified(_ path: String) -> Int64 {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}
