import Foundation
import Glibc
import Logging

/// The directory of what must outlive the process. One agent works in it at a time; where it cannot be used, the agent goes on from memory
/// and says so, for watching matters more than remembering.
final class StateDirectory: Sendable {
  let database: StateDatabase
  /// What is wrong with it; nil when nothing is.
  let trouble: String?
  /// Held until the process ends, however that comes.
  private let lock: Int32?

  /// Blocks: for start-up. Throws `AgentError` when another agent works there, `StateDatabaseError` when a newer one has.
  init(_ path: String, logger: Logger) throws {
    do {
      try StateDatabase.createDirectory(path)
      lock = try Self.lock(path)
    } catch let error as StateDatabaseError {
      (lock, database, trouble) = (nil, try StateDatabase.inMemory(), Self.forgetful(error))
      Self.say(trouble, logger)
      return
    }
    (database, trouble) = try Self.open(path)
    Self.say(trouble, logger)
  }

  deinit {
    if let lock { close(lock) }
  }

  private static func open(_ path: String) throws -> (StateDatabase, String?) {
    do {
      return (try StateDatabase(directory: path), nil)
    } catch let error as StateDatabaseError where error.kind == .damaged {
      guard let moved = moveAway(path) else { return (try StateDatabase.inMemory(), forgetful(error)) }
      let lost = "the state database was damaged and lies in \(moved) now; earlier alerts, silences and log positions are lost"
      return (try StateDatabase(directory: path), lost)
    } catch let error as StateDatabaseError where error.kind == .unusable {
      return (try StateDatabase.inMemory(), forgetful(error))
    }
  }

  private static func forgetful(_ error: StateDatabaseError) -> String {
    "nothing outlives a restart until this is mended and the agent restarted: \(error)"
  }

  private static func say(_ trouble: String?, _ logger: Logger) {
    if let trouble { logger.critical("\(trouble)") }
  }

  /// Where the damaged database lies now, with what SQLite keeps beside it; nil when it could not be moved.
  private static func moveAway(_ directory: String) -> String? {
    let name = "state.db.damaged-\(WallClock.now().milliseconds / 1000)"
    guard rename("\(directory)/state.db", "\(directory)/\(name)") == 0 else { return nil }
    for suffix in ["-wal", "-shm"] { rename("\(directory)/state.db\(suffix)", "\(directory)/\(name)\(suffix)") }
    return "\(directory)/\(name)"
  }

  /// Two agents would tell everything twice and forget what the other has told.
  private static func lock(_ directory: String) throws -> Int32 {
    let path = "\(directory)/lock"
    let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StateDatabaseError.unusable(path, errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      defer { close(file) }
      guard errno == EWOULDBLOCK else { throw StateDatabaseError.unusable(path, errno) }
      let holder = (try? TextFile.read(path, limit: 64)).flatMap { Int($0.prefix { $0.isNumber }) }.map { " (process \($0))" } ?? ""
      throw AgentError(
        "another agent works in the state directory \(directory)\(holder); end it, or give this one another 'state_directory'")
    }
    let pid = Array("\(getpid())\n".utf8)
    ftruncate(file, 0)
    _ = pid.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    return file
  }
}
