import CProcess
import Foundation

/// Whether Odoo may write its log: where it may not it hangs as a whole (odoo/netsvc.py uses WatchedFileHandler, which opens the file anew
/// at each record that finds it gone). Known only of an Odoo on this machine.
struct LogRights: Sendable {
  /// Nil where it lies in no file, or it is not known in which.
  let path: String?
  /// Odoo's port, where it listens on this machine.
  let port: Int?
  /// Of the latest record in the log.
  let loggedPID: Board<UInt64?>

  /// Why it may not; nil where it may, or where that is not known. Blocks.
  func trouble() -> String? {
    guard let path, path != "-", !path.isPattern else { return nil }
    var status = stat()
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    if stat(path, &status) == 0 { return fullDisk(folder) ?? refusal(of: path, status, writing: 2) }
    guard errno == ENOENT else { return nil }
    guard stat(folder, &status) == 0 else { return "the folder \(folder) is not there" }
    return refusal(of: folder, status, writing: 3).map { "the log is gone, and \($0)" }
  }

  private func fullDisk(_ folder: String) -> String? {
    var disk = statvfs()
    guard statvfs(folder, &disk) == 0 else { return nil }
    if disk.f_flag & UInt(ST_RDONLY) != 0 { return "\(folder) is mounted read-only" }
    return disk.f_blocks > 0 && disk.f_bavail == 0 ? "the disk of \(folder) is full" : nil
  }

  /// - Parameter bits: of one class of users in the mode, 2 to write, 1 to search.
  private func refusal(of path: String, _ status: stat, writing bits: UInt32) -> String? {
    guard let writer = OdooProcessWatch.mainProcess(port: port, logged: loggedPID.latest).flatMap(Processes.owner) else { return nil }
    guard !writer.may(bits, status), lookout_has_access_list(path) == 0 else { return nil }
    let mode = String(status.st_mode & 0o7777, radix: 8)
    return "\(path) (owner \(status.st_uid), group \(status.st_gid), mode \(mode)) may not be written by user \(writer.user), who runs Odoo"
  }
}

/// As whom a process runs.
struct ProcessOwner: Sendable, Equatable {
  let user: UInt32
  let groups: [UInt32]

  /// Whether the mode of a file gives it these rights; root may everything.
  func may(_ bits: UInt32, _ status: stat) -> Bool {
    if user == 0 { return true }
    let shift: UInt32 = user == status.st_uid ? 6 : groups.contains(status.st_gid) ? 3 : 0
    return UInt32(status.st_mode) >> shift & bits == bits
  }
}

extension Processes {
  /// Nil for a process that is not there.
  static func owner(of pid: pid_t) -> ProcessOwner? {
    guard let bytes = contents("/proc/\(pid)/status", atMost: 8192) else { return nil }
    var fields: [Substring: [UInt32]] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(maxSplits: 1) { $0 == ":" }
      if parts.count == 2 { fields[parts[0]] = parts[1].split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) } }
    }
    // Real, effective, saved and of the file system (proc_pid_status(5)).
    guard let users = fields["Uid"], let groups = fields["Gid"], users.count == 4, groups.count == 4 else { return nil }
    return ProcessOwner(user: users[1], groups: [groups[1]] + (fields["Groups"] ?? []))
  }
}
