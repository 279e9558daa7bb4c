import Foundation
import Testing

@testable import Lookout

@Suite("A copy of the agent's state")
struct StateCopyTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  private func files(_ folder: String) throws -> [String: Data?] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(folder)/\($0)")) })
  }

  @Test("what the agent remembers is known, while it runs and afterwards; nothing in its directory changes", arguments: [true, false])
  func remembered(isRunning: Bool) async throws {
    try await withFolder { folder in
      let agent = try StateDatabase(directory: folder)
      try await agent.remember("refused", as: "login")
      if !isRunning { try agent.close() }
      let before = try files(folder)
      let copy = try StateCopy.open(of: folder) { Issue.record("\($0)") }
      #expect(try await copy.recall("login", as: String.self) == "refused")
      try await copy.remember("other", as: "login")
      #expect(try files(folder) == before)
      if isRunning { #expect(try await agent.recall("login", as: String.self) == "refused") }
    }
  }

  @Test("where there is no state it is empty, and nothing is made there")
  func absent() async throws {
    try await withFolder { folder in
      let copy = try StateCopy.open(of: folder + "/nowhere") { Issue.record("\($0)") }
      #expect(try await copy.recall("login", as: String.self) == nil)
      #expect(try files(folder).isEmpty)
    }
  }

  @Test("a damaged state is said, and taken for an empty one")
  func damaged() async throws {
    try await withFolder { folder in
      try Data(repeating: 7, count: 10_000).write(to: URL(filePath: folder + "/state.db"))
      let notes = Board<[String]>([])
      let copy = try StateCopy.open(of: folder) { note in notes.update { $0.append(note) } }
      #expect(try await copy.recall("login", as: String.self) == nil)
      #expect(notes.latest.count == 1 && notes.latest[0].hasPrefix("whether the agent's login was refused is not known: "))
    }
  }
}
