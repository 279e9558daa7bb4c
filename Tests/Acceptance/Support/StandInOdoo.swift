import Foundation

/// The stand-in Odoo as a process of its own, and the door at which its faults are switched.
struct StandInOdoo: Sendable {
  let program: Program
  let port: Int
  let logFile: String
  let controlPort: Int

  static func start(in folder: String, databasePort: Int, workers: Int) async throws -> StandInOdoo {
    let log = "\(folder)/odoo.log"
    let command = [
      try Built.path(), "stand-in", "--port", "0", "--control-port", "0", "--log", log, "--database-port", "\(databasePort)",
      "--workers", "\(workers)",
    ]
    let program = try await Program.start(command, in: folder, name: "stand-in")
    do {
      let ports = try await eventually("the stand-in says where it listens") {
        let words = program.output.split(separator: " ").map { $0.filter { !$0.isNewline } }
        guard words.count == 3, words[0] == "listening", let port = Int(words[1]), let control = Int(words[2]) else {
          return (Int, Int)?.none
        }
        return (port, control)
      }
      return StandInOdoo(program: program, port: ports.0, logFile: log, controlPort: ports.1)
    } catch {
      await program.kill()
      throw error
    }
  }

  /// An answer means that the change has taken effect.
  func turnOn(_ fault: String, _ query: String = "") async throws { try await change("POST", fault + query) }
  func turnOff(_ fault: String) async throws { try await change("DELETE", fault) }

  private func change(_ method: String, _ fault: String) async throws {
    let answer = try await ask(method, "/stand-in/faults/\(fault)", port: controlPort)
    guard answer.status == 200 else { throw NeverHappened(description: "the stand-in did not take \(fault): \(answer.text)") }
  }

  /// How many requests a fault has struck since it was turned on.
  func struck(by fault: String) async throws -> Int {
    struct Entry: Decodable {
      let name: String
      let struck: Int
    }
    let list = try await ask("GET", "/stand-in/faults", port: controlPort)
    return try JSONDecoder().decode([Entry].self, from: Data(list.body)).first { $0.name == fault }?.struck ?? 0
  }

  /// A user's session.
  func logIn() async throws -> String {
    let login = #"{"jsonrpc": "2.0", "params": {"db": "crm", "login": "monitor", "password": "monitor"}}"#
    let answer = try await ask("POST", "/web/session/authenticate", port: port, headers: ["Content-Type: application/json"], body: login)
    guard let cookie = answer.headers["set-cookie"]?.prefix(while: { $0 != ";" }) else {
      throw NeverHappened(description: "the stand-in took no login: \(answer.text)")
    }
    return String(cookie)
  }

  /// A user's request to a JSON route.
  func call(_ route: String, session: String) async throws -> Answer {
    try await ask("POST", route, port: port, headers: ["Cookie: \(session)", "Content-Type: application/json"], body: #"{"params": {}}"#)
  }

  /// Requests answered on that path, with its query, from its log.
  func requests(on path: String) -> Int { log.components(separatedBy: " \(path) HTTP/").count - 1 }

  /// How often someone has logged in, from its log.
  var logins: Int { log.components(separatedBy: "Login successful for db:crm login:monitor").count - 1 }

  var log: String { String(decoding: FileManager.default.contents(atPath: logFile) ?? Data(), as: UTF8.self) }
}
