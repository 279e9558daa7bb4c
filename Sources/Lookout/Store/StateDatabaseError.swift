import GRDB
import Glibc

/// Why `state.db` cannot be opened.
struct StateDatabaseError: Error, CustomStringConvertible {
  enum Kind {
    case damaged
    /// Written by a newer version.
    case newer
    case inUse
    /// No rights, no room, no such directory.
    case unusable
  }

  let kind: Kind
  let description: String
}

extension StateDatabaseError {
  init(_ error: DatabaseError, _ path: String) {
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      let what = error.message ?? "\(error.resultCode)"
      self.init(
        kind: .damaged, description: "the state database \(path) is damaged (\(what)); move it away to start afresh, or restore a copy")
    case .SQLITE_SCHEMA:
      self.init(
        kind: .newer,
        description: "the state database \(path) was written by a newer version of Lookout; start that version, or move the file away")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        kind: .inUse,
        description: "the state database \(path) is in use by another process; only one Lookout can work in a state directory")
    case .SQLITE_FULL:
      self.init(kind: .unusable, description: "the state database \(path) cannot be prepared: the disk is full")
    default:
      self.init(kind: .unusable, description: "cannot open the state database \(path): \(error.message ?? "\(error.resultCode)")")
    }
  }

  static func unusable(_ path: String, _ code: CInt) -> StateDatabaseError {
    StateDatabaseError(
      kind: .unusable,
      description: "cannot open \(path) in the state directory: \(String(cString: strerror(code))); "
        + "the directory must exist and be writable by user id \(getuid())")
  }
}
