import Foundation
import Testing

@testable import Lookout

@Suite("Changes of a file", .timeLimit(.minutes(1)))
struct FileChangesTests {
  private func expectTold(_ changes: FileChanges, of change: () throws -> Void) async throws {
    // What came before is taken, and what the name leads to now is watched.
    while await changes.wait(atMost: .milliseconds(1)) {}
    try change()
    #expect(await changes.wait(atMost: .seconds(1)))
  }

  @Test("written to, replaced, truncated, made anew: each is told")
  func told() async throws {
    try await withLogFolder { folder in
      try folder.append("one\n")
      let changes = FileChanges(of: folder.log)
      try await expectTold(changes) { try folder.append("two\n") }
      try await expectTold(changes) { try folder.move("odoo.log", to: "odoo.log.1") }
      try await expectTold(changes) { try folder.append("three\n") }
      try await expectTold(changes) { try folder.append("four\n") }
      try await expectTold(changes) { folder.truncate() }
      try await expectTold(changes) { folder.remove() }
      try await expectTold(changes) { try folder.append("five\n") }
    }
  }

  @Test("without a word from the kernel time alone tells, also where there is not even a folder")
  func blind() async throws {
    let changes = FileChanges(of: "/nonexistent/folder/odoo.log")
    #expect(await !changes.wait(atMost: .seconds(1)))
    #expect(await !changes.wait(atMost: .milliseconds(1)))
  }

  @Test("after a change of which the kernel said nothing it is looked more often")
  func deaf() async throws {
    try await withLogFolder { folder in
      let manager = FileManager.default
      let link = folder.path + "/current"
      for name in ["a", "b"] {
        try manager.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        try Data(name.utf8).write(to: URL(filePath: "\(folder.path)/\(name)/odoo.log"))
      }
      try manager.createSymbolicLink(atPath: link, withDestinationPath: "a")
      let changes = FileChanges(of: link + "/odoo.log")
      while await changes.wait(atMost: .milliseconds(1)) {}
      try manager.removeItem(atPath: link)
      try manager.createSymbolicLink(atPath: link, withDestinationPath: "b")
      #expect(await !changes.wait(atMost: .milliseconds(1)))
      let elapsed = await ContinuousClock().measure { await changes.wait(atMost: FileChanges.longestWait) }
      #expect(elapsed < FileChanges.longestWait / 2)
    }
  }

  @Test("a wait ends with its task")
  func cancelled() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let changes = FileChanges(of: folder.log)
      let task = Task { while !Task.isCancelled { await changes.wait(atMost: .seconds(1)) } }
      task.cancel()
      await task.value
    }
  }
}
