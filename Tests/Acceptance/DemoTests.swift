import Foundation
import Glibc
import Testing

@Suite(.serialized, .needsProgram)
struct DemoTests {
  @Test("the demo runs without a terminal, can be broken as it says, and ends without a trace", arguments: [SIGTERM, SIGINT])
  func demo(signal: CInt) async throws {
    try await withDemo { demo, folder in
      let port = try await eventually("the demo says where its pages are") {
        demo.output.firstMatch(of: /Lookout: http:\/\/127\.0\.0\.1:(\d+)\//).flatMap { Int($0.1) }
      }
      try await eventually("the demo's Odoo is well") { try await ask("GET", "/health", port: port).status == 200 }
      let door = try #require(demo.output.firstMatch(of: /curl -X POST http:\/\/127\.0\.0\.1:(\d+)(\S+)\/rpc_error/))
      let control = try #require(Int(door.1))
      #expect(try await ask("POST", "\(door.2)/rpc_error", port: control).status == 200)
      try await eventually("the demo shows the message") {
        demo.output.contains("message: firing: DashboardBroken (rpc_error, cause: dashboard)")
      }
      try await expectNothingLeft(of: demo, in: folder, after: signal)
      #expect(demo.errors.isEmpty)
    }
  }

  @Test("a demo that is ended while it sets itself up leaves nothing behind either", arguments: [0, 200, 500, 1000, 2000])
  func endingEarly(milliseconds: Int) async throws {
    try await withDemo { demo, folder in
      try await eventually("the demo says that it begins") { !demo.output.isEmpty }
      try await Task.sleep(for: .milliseconds(milliseconds))
      try await expectNothingLeft(of: demo, in: folder, after: SIGTERM)
    }
  }

  /// A demo whose temporary files all lie in a folder of its own.
  private func withDemo(_ body: (Program, String) async throws -> Void) async throws {
    try await withFolder { folder in
      let temporary = "\(folder)/t"
      try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
      let demo = try await Program.start(
        [try Built.path(), "demo", "--port", "0"], in: folder, name: "demo", environment: ["TMPDIR": temporary])
      do {
        try await body(demo, temporary)
      } catch {
        Issue.record(error, "the demo printed: \(demo.output)\(demo.errors)")
      }
      await demo.kill()
    }
  }

  private func expectNothingLeft(of demo: Program, in folder: String, after signal: CInt) async throws {
    let family = Process.descendants(of: try #require(demo.pid))
    let start = ContinuousClock.now
    demo.signal(signal)
    let end = try await demo.wait(within: .seconds(20))
    #expect("\(end)" == "exited(0)")
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(family.filter(Process.isAlive).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }
}

/// Processes of this machine, by proc(5).
private enum Process {
  static func descendants(of ancestor: pid_t) -> [pid_t] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let parents = entries.compactMap { pid_t($0) }.compactMap { pid in parent(of: pid).map { (pid, $0) } }
    var found: [pid_t] = []
    var open = [ancestor]
    while let next = open.popLast() {
      let children = parents.filter { $0.1 == next }.map(\.0)
      found += children
      open += children
    }
    return found
  }

  static func isAlive(_ pid: pid_t) -> Bool { fields(pid).first.map { $0 != "Z" } ?? false }

  private static func parent(of pid: pid_t) -> pid_t? { fields(pid).dropFirst().first.flatMap { pid_t($0) } }

  /// Those after the name, which may hold blanks: state, parent …
  private static func fields(_ pid: pid_t) -> [Substring] {
    let text = FileManager.default.contents(atPath: "/proc/\(pid)/stat").map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard let end = text.lastIndex(of: ")") else { return [] }
    return text[text.index(after: end)...].split(separator: " ")
  }
}
