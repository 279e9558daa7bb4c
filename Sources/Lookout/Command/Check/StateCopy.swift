import Foundation

/// The agent's `state.db` as it is now, for somebody who must not touch it: a copy, whose files are gone before it is used, so that nothing
/// is left behind however the program ends. Opening the file itself read-only would not do: SQLite may create a `-shm` and a `-wal` beside
/// it (https://sqlite.org/wal.html#readonly), owned by another user than the agent.
enum StateCopy {
  /// Files larger than this are not the state of an agent that works, and not worth the wait.
  private static let sizeLimit = 256 << 20

  /// Empty where the state cannot be read; `note` is told why.
  static func open(of directory: String, note: (String) -> Void) throws -> StateDatabase {
    let copy = try temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: copy) }
    do {
      if try copyFiles(from: directory, to: copy) { return try StateDatabase(directory: copy) }
    } catch {
      note("whether the agent's login was refused is not known: \(error)")
      for file in files { try? FileManager.default.removeItem(atPath: "\(copy)/\(file)") }
    }
    return try StateDatabase(directory: copy)
  }

  static func exists(in directory: String) -> Bool { access("\(directory)/state.db", F_OK) == 0 }

  private static let files = ["state.db", "state.db-wal"]

  /// False where there is no state. Copied again while the agent writes to it.
  private static func copyFiles(from directory: String, to copy: String) throws -> Bool {
    guard access("\(directory)/state.db", F_OK) == 0 else {
      if errno == EACCES { throw AgentError("\(directory) cannot be read by this user") }
      return false
    }
    for _ in 1...5 {
      let before = files.map { version("\(directory)/\($0)") }
      for file in files { try copyFile("\(directory)/\(file)", to: "\(copy)/\(file)") }
      if before == files.map({ version("\(directory)/\($0)") }) { return true }
    }
    throw AgentError("\(directory)/state.db is written to without a pause")
  }

  private static func copyFile(_ path: String, to copy: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      try? FileManager.default.removeItem(atPath: copy)
      return
    }
    guard status.st_size <= sizeLimit else { throw AgentError("\(path) is larger than \(sizeLimit >> 20) MiB") }
    guard let bytes = FileManager.default.contents(atPath: path) else { throw AgentError("\(path) cannot be read by this user") }
    guard FileManager.default.createFile(atPath: copy, contents: bytes) else { throw AgentError("\(copy) cannot be written") }
  }

  private static func version(_ path: String) -> [Int64] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    return [Int64(status.st_ino), Int64(status.st_size), TextFile.modified(path)]
  }

  private static func temporaryDirectory() throws -> String {
    let place = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(place)/lookout-check-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw AgentError("no temporary directory can be made in \(place): \(String(cString: strerror(errno))); name another with TMPDIR")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
