import Foundation
import GRDB
import Testing

@testable import Lookout

@Suite("The state directory")
struct StateDirectoryTests {
  private let log = KeptLog()

  private func open(_ path: String) throws -> StateDirectory { try StateDirectory(path, logger: log.logger) }

  @Test("is one agent's: a second one is told whose it is")
  func taken() throws {
    try withFolder { folder in
      let first = try open(folder)
      let error = #expect(throws: AgentError.self) { try open(folder) }
      #expect(error?.description.contains("another agent works in the state directory \(folder) (process \(getpid()))") == true)
      withExtendedLifetime(first) {}
    }
  }

  @Test("is free again when the one before has ended")
  func free() throws {
    try withFolder { folder in
      for _ in 0..<3 {
        let trouble = try open(folder).trouble
        #expect(trouble == nil)
      }
      #expect(log.count("") == 0)
    }
  }

  @Test("that cannot be used is said loudly, and memory takes its place", arguments: ["/proc/none/lookout", "/dev/null", "/proc"])
  func unusable(path: String) async throws {
    let directory = try open(path)
    #expect(directory.trouble?.hasPrefix("nothing outlives a restart until this is mended and the agent restarted: cannot ") == true)
    #expect(log.count("critical nothing outlives a restart") == 1)
    try await directory.database.remember(7, as: "x")
    #expect(try await directory.database.recall("x", as: Int.self) == 7)
  }

  @Test("whose database is damaged moves it away, starts afresh and says so; the copy is kept")
  func damaged() async throws {
    try await withNotifyDirectory { folder in
      do {
        let directory = try open(folder)
        try await directory.database.remember(String(repeating: "x", count: 20_000), as: "long")
        try directory.database.close()
      }
      let path = URL(fileURLWithPath: folder + "/state.db")
      let broken = Data(repeating: 0xa5, count: try Data(contentsOf: path).count)
      try broken.write(to: path)
      let directory = try open(folder)
      #expect(directory.trouble?.contains("was damaged and lies in \(folder)/state.db.damaged-") == true)
      #expect(try await directory.database.recall("long", as: String.self) == nil)
      try await directory.database.remember(1, as: "new")
      let kept = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("damaged") }
      let copy = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(kept.first ?? "")"))
      #expect(kept.count == 1 && copy == broken)
    }
  }

  @Test("of a newer version is not touched: the agent does not start")
  func newer() async throws {
    try await withNotifyDirectory { folder in
      do {
        let directory = try open(folder)
        try await directory.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
      }
      #expect(throws: StateDatabaseError.self) { try open(folder) }
    }
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
