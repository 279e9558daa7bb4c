import Foundation
import OdooLog
import Subprocess
import Testing

@testable import Lookout

@Suite("What a log is read from", .timeLimit(.minutes(1)))
struct LogInputTests {
  private func reader(_ folder: LogFolder, _ files: [String] = ["odoo.log"], start: LogSettings.Start = .end, kept: LogState? = nil)
    -> LogReader
  {
    LogReader(LogSettings(files: files.map { "\(folder.path)/\($0)" }, start: start), kept: kept, errors: [])
  }

  private func lines(_ reader: LogReader) -> UInt64 { reader.readAppended().statistics.lines }

  private func pack(_ name: String, in folder: LogFolder) async throws {
    let result = try await Subprocess.run(.name("gzip"), arguments: ["\(folder.path)/\(name)"], output: .discarded, error: .discarded)
    #expect(result.terminationStatus.isSuccess)
  }

  // MARK: - Rotation

  @Test("over two rotations while nobody read, one of them packed, no line is lost or counted twice", arguments: [true, false])
  func twice(isPacked: Bool) async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let first = reader(folder)
      _ = lines(first)
      try folder.append(logRecord("one"))
      let kept = try #require(first.readAppended().checkpoint).kept
      try folder.append(logRecord("two"))
      try folder.move("odoo.log", to: "odoo.log.2")
      if isPacked { try await pack("odoo.log.2", in: folder) }
      try folder.append(logRecord("three") + logRecord("four"), to: "odoo.log.1")
      try folder.append(logRecord("five"))
      #expect(lines(reader(folder, kept: kept)) == 5)
    }
  }

  @Test("two rotations between two looks, and nothing is lost")
  func quick() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let reader = reader(folder)
      _ = lines(reader)
      try folder.append(logRecord("one"))
      try folder.move("odoo.log", to: "odoo.log.2")
      try folder.append(logRecord("two"), to: "odoo.log.1")
      try folder.append(logRecord("three"))
      #expect(lines(reader) == 3)
    }
  }

  @Test("copytruncate: what was copied and not read yet is read in the copy, and nothing is said of a loss")
  func copied() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("before"))
      let reader = reader(folder, start: .beginning)
      #expect(lines(reader) == 1)
      try folder.append(logRecord("not read yet"))
      try FileManager.default.copyItem(atPath: folder.log, toPath: folder.log + ".1")
      folder.truncate()
      try folder.append(logRecord("after"))
      let progress = reader.readAppended()
      #expect(progress.statistics.lines == 3 && progress.losses == LogReader.Losses())
    }
  }

  @Test("bytes that were read and are missing in the copy are lost by copytruncate: that is said, with their number")
  func uncopied() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("before"))
      let reader = reader(folder, start: .beginning)
      _ = lines(reader)
      try FileManager.default.copyItem(atPath: folder.log, toPath: folder.log + ".1")
      try folder.append(logRecord("in between"))
      #expect(lines(reader) == 2)
      folder.truncate()
      let progress = reader.readAppended()
      #expect(progress.losses.count == 1 && progress.losses.bytes == UInt64(logRecord("in between").utf8.count))
      #expect(progress.losses.latest?.contains("copytruncate lost") == true)
    }
  }

  @Test("a log that is emptied and has grown beyond what was read is known by the bytes before that place; without a copy that is said")
  func emptied() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("one") + logRecord("two"))
      let reader = reader(folder, start: .beginning)
      #expect(lines(reader) == 2)
      folder.truncate()
      try folder.append((0..<5).map { logRecord("new \($0)") }.joined())
      let progress = reader.readAppended()
      #expect(progress.statistics.lines == 7 && progress.statistics.strayLines == 0)
      #expect(progress.losses.count == 1 && progress.losses.latest?.contains("without a copy") == true)
    }
  }

  @Test("after a restart a file that was emptied meanwhile is gone on with in its copy; one that is gone is said")
  func restarts() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("one"))
      let first = reader(folder, start: .beginning)
      let kept = try #require(first.readAppended().checkpoint).kept
      try folder.append(logRecord("two"))
      try FileManager.default.copyItem(atPath: folder.log, toPath: folder.log + ".1")
      folder.truncate()
      try folder.append(logRecord("three") + logRecord("four") + logRecord("five"))
      let copied = reader(folder, kept: kept).readAppended()
      #expect(copied.statistics.lines == 5 && copied.losses.count == 0)
      folder.remove("odoo.log.1")
      let gone = reader(folder, kept: kept).readAppended()
      #expect(gone.statistics.lines == 4 && gone.losses.count == 1)
    }
  }

  @Test(
    "copied and emptied, written again, renamed, linked elsewhere, and that copied and emptied: all between two looks",
    arguments: [false, true])
  func everything(isRestarted: Bool) async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("one"))
      var reader = reader(folder, start: .beginning)
      let kept = try #require(reader.readAppended().checkpoint).kept
      if isRestarted { reader = self.reader(folder, kept: kept) }
      #expect(lines(reader) == 1)
      try folder.append(logRecord("two"))
      try FileManager.default.copyItem(atPath: folder.log, toPath: folder.log + ".3")
      folder.truncate()
      try folder.append((0..<9).map { logRecord("three \($0)") }.joined())
      try folder.move("odoo.log", to: "odoo.log.2")
      try #require(symlink("real", folder.log) == 0)
      try folder.append(logRecord("four"), to: "real")
      try FileManager.default.copyItem(atPath: folder.path + "/real", toPath: folder.log + ".1")
      _ = truncate(folder.path + "/real", 0)
      #expect(lines(reader) == 12)
      try folder.append(logRecord("five"), to: "real")
      #expect(lines(reader) == 13)
    }
  }

  @Test("a link that is switched to another file is followed there, and the rest of the old one is read")
  func switched() async throws {
    try await withLogFolder { folder in
      try folder.append("", to: "a.log")
      try #require(symlink("a.log", folder.log) == 0)
      let reader = reader(folder)
      _ = lines(reader)
      try folder.append(logRecord("one"), to: "a.log")
      try folder.append(logRecord("two"), to: "b.log")
      folder.remove()
      try #require(symlink("b.log", folder.log) == 0)
      #expect(lines(reader) == 2)
      try folder.append(logRecord("three"), to: "b.log")
      #expect(lines(reader) == 3)
    }
  }

  @Test(
    "a log that was never read begins where it is told to: at its end, its beginning, or with what was rotated away",
    arguments: [(.end, 0), (.beginning, 1), (.rotated, 4)] as [(LogSettings.Start, UInt64)])
  func starts(start: LogSettings.Start, count: UInt64) async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("one") + logRecord("two"), to: "odoo.log.2")
      try await pack("odoo.log.2", in: folder)
      try folder.append(logRecord("three"), to: "odoo.log.1")
      try folder.append(logRecord("not of it"), to: "odoo.log.old")
      try folder.append(logRecord("four"))
      let reader = reader(folder, start: start)
      #expect(lines(reader) == count)
      try folder.append(logRecord("five"))
      #expect(lines(reader) == count + 1)
    }
  }

  @Test("an error of long ago, caught up on, is no news of now")
  func past() async throws {
    try await withLogFolder { folder in
      try folder.append(logRecord("bad", "ERROR") + logRecord("end"), to: "odoo.log.1")
      try folder.append(logRecord("worse \"x\"", "ERROR", logger: "odoo.other") + logRecord("end"))
      let log = reader(folder, start: .rotated).readAppended(at: Timestamp(milliseconds: 1_900_000_000_000)).log
      let states = log.errorStates(at: 1_900_000_000_000)[.failure]
      #expect(states == [.resolved: 1, .new: 1])
    }
  }

  @Test(
    "rotated files are known by a number or a date behind the name, or before its extension",
    arguments: [
      ("odoo.log.1", true), ("odoo.log.12.gz", true), ("odoo.log-20261122", true), ("odoo.log-20261122.gz", true),
      ("odoo-20261122.log", true),
      ("odoo-2026-11-22_03.log.gz", true), ("odoo.log.old", false), ("odoo.log", false), ("odoo.log.gz", false), ("odoo-cron.log", false),
      ("odoo2.log", false), ("odoo.log.1.bak", false),
    ])
  func names(name: String, isRotated: Bool) {
    #expect(RotatedFile.isRotated(name, from: "odoo.log") == isRotated)
  }

  // MARK: - Several

  @Test("several files and those of a pattern are one log; lines continue the record of their own file")
  func several() async throws {
    try await withLogFolder { folder in
      for name in ["a.log", "b.log"] { try folder.append(logRecord("old"), to: name) }
      try folder.append("", to: "other.txt")
      let reader = reader(folder, ["*.log", "other.txt"])
      #expect(lines(reader) == 0)
      let head = logRecord("Exception during request handling.", "ERROR", logger: "odoo.http")
      let frames = "Traceback (most recent call last):\n  File \"/opt/odoo/addons/shop/a.py\", line 7, in total\n    x\n"
      try folder.append(head + frames, to: "a.log")
      try folder.append(logRecord("in between"), to: "b.log")
      _ = reader.readAppended()
      try folder.append("KeyError: 'x'\n", to: "a.log")
      try folder.append(logRecord("x"), to: "other.txt")
      let log = reader.readAppended().log
      #expect(log.statistics.lines == 7 && log.statistics.strayLines == 0)
      try folder.append(logRecord("end"), to: "a.log")
      let groups = reader.readAppended().log.errorGroups.groups
      #expect(groups.map(\.exceptionClass) == ["KeyError"] && groups.first?.culprit == "shop/a.py:7 in total")
    }
  }

  @Test("a file that comes later is read from its beginning; one that is gone is forgotten; packed and rotated ones are left alone")
  func patterns() async throws {
    try await withLogFolder { folder in
      let reader = reader(folder, ["odoo*.log*"])
      #expect(reader.readAppended().unreadable == "no file matches")
      try folder.append(logRecord("one"), to: "odoo-a.log")
      #expect(lines(reader) == 1)
      try folder.append(logRecord("two"), to: "odoo-a.log")
      try folder.move("odoo-a.log", to: "odoo-a.log.1")
      try folder.append(logRecord("three"), to: "odoo-a.log")
      try folder.append("packed\n", to: "odoo-b.log.gz")
      #expect(lines(reader) == 3)
      folder.remove("odoo-a.log")
      folder.remove("odoo-a.log.1")
      _ = lines(reader)
      #expect(reader.readAppended().unreadable == "no file matches")
      try folder.append(logRecord("four"), to: "odoo-a.log")
      #expect(lines(reader) == 4)
    }
  }

  @Test("the places of all files are kept, and what is between two lines of each", arguments: 0..<10)
  func places(seed: UInt64) async throws {
    try await withLogFolder { folder in
      for name in ["a.log", "b.log", "c.log"] { try folder.append("", to: name) }
      var reader = reader(folder, ["*.log"])
      _ = lines(reader)
      var count: UInt64 = 0
      for round in 0..<12 {
        for name in ["a.log", "b.log", "c.log"] {
          try folder.append(logRecord("bad \(name)", "ERROR") + "Traceback (most recent call last):\n", to: name)
          if round % 3 == 0 { try folder.append("  File \"/opt/odoo/addons/\(name)/a.py\", line 7, in x\nKeyError: 1\n", to: name) }
          count += round % 3 == 0 ? 4 : 2
        }
        let progress = reader.readAppended()
        #expect(progress.statistics.lines == count)
        let stored = try JSONDecoder().decode(LogState.self, from: JSONEncoder().encode(#require(progress.checkpoint).kept))
        if (Int(seed) + round) % 2 == 0 { reader = self.reader(folder, ["*.log"], kept: stored) }
      }
      #expect(reader.readAppended().statistics.lines == count)
    }
  }

  @Test("standard input is read as it comes; when it ends, that is said")
  func standardInput() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let input = StandardInput(ends[0])
    var bytes: [UInt8] = []
    func read() throws { try input.readAppended({ piece in for index in 0..<piece.count { bytes.append(piece[index]) } }, on: { _ in }) }
    try read()
    #expect(bytes.isEmpty)
    let text = Array(logRecord("one").utf8)
    #expect(write(ends[1], text, text.count) == text.count)
    try read()
    #expect(bytes == text && input.place(unfinished: 0) == nil)
    close(ends[1])
    #expect(throws: AgentError.self) { try read() }
    #expect(throws: AgentError.self) { try read() }
    close(ends[0])
  }
}

@Suite("A log in systemd's journal", .timeLimit(.minutes(1)))
struct JournalInputTests {
  /// A program in journalctl's place, which says what it was asked and then these entries.
  private func program(_ folder: LogFolder, _ entries: [String]) throws -> String {
    let path = folder.path + "/journalctl"
    let lines = entries.map { "echo '\($0)'" }.joined(separator: "\n")
    try Data("#!/bin/sh\necho \"$@\" >> \(folder.path)/asked\n\(lines)\n".utf8).write(to: URL(filePath: path))
    chmod(path, 0o700)
    return path
  }

  /// All that comes until it ends, and why that was.
  private func read(_ input: JournalInput) async throws -> (text: String, end: String) {
    var bytes: [UInt8] = []
    while true {
      do {
        try input.readAppended({ piece in for index in 0..<piece.count { bytes.append(piece[index]) } }, on: { _ in })
      } catch {
        return (String(decoding: bytes, as: UTF8.self), "\(error)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test("its entries are lines, whatever their bytes; the last cursor is the place, from which it goes on")
  func entries() async throws {
    try await withLogFolder { folder in
      let entries = [
        #"{"__CURSOR": "s=1;i=1", "MESSAGE": "2026-11-22 one"}"#, #"{"__CURSOR": "s=1;i=2", "MESSAGE": [255, 65]}"#,
        #"{"__CURSOR": "s=1;i=3", "MESSAGE": null}"#, "no JSON", #"{"MESSAGE": "no cursor"}"#,
      ]
      let path = try program(folder, entries)
      let input = JournalInput(unit: "odoo.service", cursor: nil, start: .end, program: path)
      let (text, end) = try await read(input)
      #expect(text == "2026-11-22 one\n\u{FFFD}A\n" && end == "journalctl has ended: status 0")
      #expect(input.place(unfinished: 0) == .journal(cursor: "s=1;i=3"))
      _ = try await read(JournalInput(unit: "odoo.service", cursor: "s=1;i=3", start: .end, program: path))
      let asked = try String(contentsOfFile: folder.path + "/asked", encoding: .utf8).split(separator: "\n")
      #expect(asked.first?.hasSuffix("--follow --lines=0") == true && asked.last?.hasSuffix("--after-cursor=s=1;i=3") == true)
      #expect(asked.allSatisfy { $0.contains("--unit=odoo.service --output=json") })
    }
  }

  @Test("a program that is not there, or has ended, is not started again at once")
  func missing() async throws {
    let input = JournalInput(unit: "odoo.service", cursor: nil, start: .end, program: "/nowhere/journalctl")
    #expect(try await read(input).end == "/nowhere/journalctl cannot be started: No such file or directory")
    #expect(try await read(input).end == "journalctl has ended; it is started again in a moment")
  }
}
