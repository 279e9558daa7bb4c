import Foundation
import OdooLog
import Testing

@testable import Lookout

@Suite("Reading a log that grows", .timeLimit(.minutes(1)))
struct LogReaderTests {
  private func lines(_ reader: LogReader) -> UInt64 { reader.readAppended().statistics.lines }

  @Test("a log that is met for the first time is followed from its end; what is appended is read once")
  func appending() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("before the agent"))
      let reader = LogReader(path: folder.log, checkpoint: nil)
      #expect(lines(reader) == 0)
      try folder.append(logRecord("one") + logRecord("two", "ERROR"))
      #expect(lines(reader) == 2)
      #expect(lines(reader) == 2)
      let progress = reader.readAppended()
      #expect(progress.statistics.errors == 1 && progress.unreadable == nil)
      #expect(progress.checkpoint?.offset == Int64(try Data(contentsOf: URL(filePath: folder.log)).count))
    }
  }

  @Test("a line that is not finished is counted when it is, and its beginning is not yet behind the position")
  func unfinished() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = lines(reader)
      try folder.append(logRecord("one") + "2026-11-22 13:0")
      #expect(lines(reader) == 1)
      #expect(reader.readAppended().checkpoint?.offset == Int64(logRecord("one").utf8.count))
      try folder.append("9:10,000 31255 INFO crm odoo: two \n")
      #expect(lines(reader) == 2)
      #expect(reader.readAppended().statistics.strayLines == 0)
    }
  }

  @Test("after a rotation by renaming, what was still written to the old file is kept, and the new one is read from its beginning")
  func rotation() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = lines(reader)
      try folder.append(logRecord("one"))
      #expect(lines(reader) == 1)
      try folder.move("odoo.log", to: "odoo.log.1")
      try folder.append(logRecord("two, by a worker that has not reopened yet"), to: "odoo.log.1")
      #expect(lines(reader) == 2)
      try folder.append(logRecord("three"), to: "odoo.log.1")
      try folder.append(logRecord("four"))
      #expect(lines(reader) == 4)
      try folder.append(logRecord("five"))
      #expect(lines(reader) == 5)
    }
  }

  @Test("a rotation ends an unfinished line: it does not run into the new file's first one")
  func rotationWithinLine() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = lines(reader)
      try folder.append(logRecord("one").dropLast(3).description)
      #expect(lines(reader) == 0)
      try folder.move("odoo.log", to: "odoo.log.1")
      try folder.append(logRecord("two", "ERROR"))
      let statistics = reader.readAppended().statistics
      #expect(statistics.lines == 2 && statistics.errors == 1)
    }
  }

  @Test("a truncated log (copytruncate) is read from its beginning")
  func truncation() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = lines(reader)
      try folder.append(logRecord("one") + logRecord("two"))
      #expect(lines(reader) == 2)
      folder.truncate()
      try folder.append(logRecord("three"))
      #expect(lines(reader) == 3)
      folder.truncate()
      #expect(lines(reader) == 3)
      try folder.append(logRecord("four"))
      #expect(lines(reader) == 4)
    }
  }

  @Test("a log that vanishes and comes again is read from its beginning")
  func vanishing() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = lines(reader)
      try folder.append(logRecord("one"))
      folder.remove()
      #expect(lines(reader) == 1)
      #expect(lines(reader) == 1)
      try folder.append(logRecord("two"))
      #expect(lines(reader) == 2)
    }
  }

  @Test("a log that is not there yet says so; when it comes, its first line counts")
  func later() async throws {
    try await withLogFolder { folder in
      let reader = LogReader(path: folder.log, checkpoint: nil)
      let progress = reader.readAppended()
      #expect(progress.unreadable == "\(folder.log): No such file or directory" && progress.checkpoint == nil)
      try folder.append(logRecord("one"))
      #expect(lines(reader) == 1)
      #expect(reader.readAppended().unreadable == nil)
    }
  }

  @Test("a folder, a pipe and a device are no logs")
  func noFiles() async throws {
    try await withLogFolder { folder in
      try #require(mkfifo(folder.path + "/pipe", 0o600) == 0)
      for path in [folder.path, folder.path + "/pipe", "/dev/null"] {
        #expect(LogReader(path: path, checkpoint: nil).readAppended().unreadable == "\(path) is no ordinary file")
      }
    }
  }

  @Test("a log that may not be read says so, and is read when it may", .enabled(if: getuid() != 0, "root may read everything"))
  func forbidden() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      chmod(folder.log, 0)
      let reader = LogReader(path: folder.log, checkpoint: nil)
      #expect(reader.readAppended().unreadable == "\(folder.log): Permission denied")
      chmod(folder.log, 0o600)
      #expect(reader.readAppended().unreadable == nil)
    }
  }

  @Test("a link that leads to itself says so, and is followed when it leads to a log")
  func links() async throws {
    try await withLogFolder { folder in
      try #require(symlink(folder.log, folder.log) == 0)
      let reader = LogReader(path: folder.log, checkpoint: nil)
      #expect(reader.readAppended().unreadable == "\(folder.log): Too many levels of symbolic links")
      folder.remove()
      try folder.append("", to: "real.log")
      try #require(symlink("real.log", folder.log) == 0)
      #expect(lines(reader) == 0)
      try folder.append(logRecord("one"), to: "real.log")
      #expect(lines(reader) == 1)
    }
  }

  @Test("a log behind a file that is no folder says so")
  func notAFolder() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      #expect(LogReader(path: folder.log + "/x", checkpoint: nil).readAppended().unreadable?.hasSuffix("Not a directory") == true)
    }
  }

  // MARK: - After a restart

  /// Reads one line of three, ends, and leaves what a second reader begins with.
  private func firstRun(_ folder: LogFolder) throws -> LogReader.Checkpoint {
    try folder.append("")
    let reader = LogReader(path: folder.log, checkpoint: nil)
    _ = reader.readAppended()
    try folder.append(logRecord("one"))
    let checkpoint = try #require(reader.readAppended().checkpoint)
    try folder.append(logRecord("two", "ERROR"))
    return checkpoint
  }

  @Test("reading goes on at the position, and the counts with it")
  func resuming() async throws {
    try await withLogFolder { folder in
      let checkpoint = try firstRun(folder)
      let reader = LogReader(path: folder.log, checkpoint: checkpoint)
      let statistics = reader.readAppended().statistics
      #expect(statistics.lines == 2 && statistics.errors == 1)
    }
  }

  @Test("a position within an unfinished line counts that line once, as a whole")
  func resumingWithinLine() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let first = LogReader(path: folder.log, checkpoint: nil)
      _ = first.readAppended()
      let record = logRecord("one", "ERROR")
      try folder.append(record.prefix(30).description)
      let checkpoint = first.readAppended().checkpoint
      try folder.append(record.dropFirst(30).description)
      let statistics = LogReader(path: folder.log, checkpoint: checkpoint).readAppended().statistics
      #expect(statistics.lines == 1 && statistics.errors == 1 && statistics.strayLines == 0)
    }
  }

  @Test(
    "where the file was rotated meanwhile, its rest comes first and the new one after it", arguments: ["odoo.log.1", "odoo.log-20261122"])
  func resumingRotated(name: String) async throws {
    try await withLogFolder { folder in
      let checkpoint = try firstRun(folder)
      try folder.move("odoo.log", to: name)
      try folder.append(logRecord("three"))
      let reader = LogReader(path: folder.log, checkpoint: checkpoint)
      #expect(lines(reader) == 3)
      try folder.append(logRecord("four"))
      #expect(lines(reader) == 4)
    }
  }

  @Test("where the old file is gone, the new one is read from its beginning")
  func resumingGone() async throws {
    try await withLogFolder { folder in
      let checkpoint = try firstRun(folder)
      try folder.append(logRecord("three") + logRecord("four"), to: "new")
      try folder.move("new", to: "odoo.log")
      #expect(lines(LogReader(path: folder.log, checkpoint: checkpoint)) == 3)
    }
  }

  @Test("another file that got the inode is told by its first bytes, a truncated one by its length")
  func sameInode() async throws {
    try await withLogFolder { folder in
      let checkpoint = try firstRun(folder)
      folder.truncate()
      try folder.append(String(repeating: "x", count: 10) + logRecord("three") + logRecord("four") + logRecord("five"))
      let other = LogReader(path: folder.log, checkpoint: checkpoint)
      #expect(lines(other) == 4)
      folder.truncate()
      try folder.append("short\n")
      #expect(lines(LogReader(path: folder.log, checkpoint: checkpoint)) == 2)
    }
  }

  @Test("a rotated file that may not be the one is left alone, and so are strangers with a similar name")
  func strangers() async throws {
    try await withLogFolder { folder in
      let checkpoint = try firstRun(folder)
      try folder.append(logRecord("never read"), to: "odoo.log.1")
      try folder.append(logRecord("never read"), to: "odoo.log.old")
      try #require(mkdir(folder.log + ".d", 0o700) == 0)
      #expect(lines(LogReader(path: folder.log, checkpoint: checkpoint)) == 2)
    }
  }

  @Test("a position of nonsense does no harm", arguments: [Int64.max, -1, 0] as [Int64])
  func nonsense(offset: Int64) async throws {
    try await withLogFolder { folder in
      var checkpoint = try firstRun(folder)
      checkpoint.offset = offset
      let reader = LogReader(path: folder.log, checkpoint: checkpoint)
      #expect(reader.readAppended().unreadable == nil)
      #expect(lines(reader) == 3)
    }
  }

  @Test("a hundred thousand lines and a line of a megabyte are read, over rotations between any two bytes")
  func much() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = LogReader(path: folder.log, checkpoint: nil)
      _ = reader.readAppended()
      try folder.append(String(repeating: accessRecord(), count: 100_000))
      #expect(lines(reader) == 100_000)
      try folder.append(String(repeating: "x", count: 1 << 20) + "\n")
      #expect(lines(reader) == 100_001)
      #expect(reader.readAppended().statistics.routes["/crm/dashboard/data"]?.requests == 100_000)
    }
  }
}

extension LogReader.Checkpoint {
  /// Of the one file of the log.
  fileprivate var offset: Int64 {
    get { if case .file(let position)? = kept.places.first?.place { position.offset } else { -1 } }
    set {
      guard case .file(var position)? = kept.places.first?.place else { return }
      position.offset = newValue
      kept.places = kept.places.map { KeptPlace(name: $0.name, place: .file(position), stream: $0.stream) }
    }
  }
}
