import Foundation
import Glibc
import Testing

private enum Unit {
  static let text = Tool.packageFile("systemd/lookout.service")

  static func values(_ directive: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix(directive + "=") }.map { String($0.dropFirst(directive.count + 1)) }
  }
}

/// systemd/lookout.service, held against systemd's own checks and against what the agent really does.
@Suite(.serialized)
struct UnitFileTests {
  @Test("systemd's own rating of the sandbox is at most 1.5", .needs("systemd-analyze", from: "systemd"))
  func exposure() async throws {
    try await withFolder { folder in
      let command = [
        "systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=15", "\(Tool.packageRoot)/systemd/lookout.service",
      ]
      let rating = try await run(command, in: folder)
      #expect("\(rating.status)" == "exited(0)", "\(rating.output.suffix(200)) \(rating.errors)")
      let overall = try #require(rating.output.firstMatch(of: /Overall exposure level for lookout\.service: ([0-9.]+)/))
      #expect(Double(overall.1).map { $0 <= 1.5 } == true)
    }
  }

  @Test("systemd takes every line of it", .needs("systemd-analyze", from: "systemd"))
  func verified() async throws {
    try await withFolder { folder in
      // With programs that are there on any machine, for those need not be.
      let text = Unit.text.replacing("/usr/bin/lookout", with: "/bin/sh").replacing("Documentation=man:lookout(1)\n", with: "")
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/lookout.service"))
      let said = try await run(["systemd-analyze", "verify", "--man=no", "\(folder)/lookout.service"], in: folder)
      let aboutIt = (said.output + said.errors).split(separator: "\n").filter { $0.contains("lookout.service") }
      #expect(aboutIt.isEmpty, "\(aboutIt)")
    }
  }

  @Test("it leaves the agent what it needs: other users' processes, its memory, and time for a round of its slowest loop")
  func needs() {
    #expect(Unit.values("ProtectProc") == ["default"] && Unit.values("ProcSubset") == ["all"])
    #expect(Unit.values("Type") == ["notify"] && Unit.values("ExecReload") == ["/bin/kill -HUP $MAINPID"])
    #expect(Unit.values("WatchdogSec") == ["60s"] && Unit.values("StateDirectory") == ["lookout"])
    #expect(Unit.values("User") == ["lookout"] && Tool.packageFile("systemd/lookout.sysusers").contains("\nu     lookout "))
    #expect(Unit.values("LoadCredential").contains("odoo.password:/etc/lookout/odoo.password"))
  }

}

/// What the agent really does, held against what the unit allows.
@Suite(
  .serialized, .needsProgram, .sharedCluster, .needs("strace", from: "strace"), .needs("systemd-analyze", from: "systemd"), .needsTracing)
struct SandboxTests {
  /// The system calls that the unit allows: lists are taken one after the other, a leading `~` takes away (systemd.exec(5)).
  private static func allowedCalls(in folder: String) async throws -> Set<String> {
    let listed = try await run(["systemd-analyze", "syscall-filter", "--no-pager"], in: folder)
    var sets: [String: [String]] = [:]
    var current = ""
    for line in listed.output.split(separator: "\n") {
      let word = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("@") {
        current = word
      } else if line.hasPrefix(" "), !word.hasPrefix("#") {
        sets[current, default: []].append(word)
      }
    }
    func expanded(_ word: String) -> Set<String> { word.hasPrefix("@") ? Set((sets[word] ?? []).flatMap { expanded($0) }) : [word] }
    // What any filter allows, so that a service can be started at all.
    var allowed = expanded("@default").union(["execve"])
    for list in Unit.values("SystemCallFilter") {
      let words = Set(list.drop { $0 == "~" }.split(separator: " ").flatMap { expanded(String($0)) })
      if list.hasPrefix("~") { allowed.subtract(words) } else { allowed.formUnion(words) }
    }
    return allowed
  }

  @Test("the agent makes no system call, opens no kind of socket and maps no memory that the unit forbids")
  func systemCalls() async throws {
    try await withInstallation(Settings(wrapper: ["strace", "-f", "-qq", "-e", "signal=none", "-o", "trace"])) { installation in
      let pid = try #require(pid_t(Tool.number(in: "\(installation.folder)/state/lock")))
      defer { kill(pid, SIGKILL) }
      try await installation.agent.becomesHealthy()
      for path in ["/", "/health", "/metrics", "/readyz", "/runbook"] {
        #expect(try await installation.agent.page(path, headers: ["Accept-Encoding: gzip"]).status == 200)
      }
      try await installation.odoo.turnOn("stopped")
      #expect(try await installation.message().headline == "firing OdooDown")
      try await installation.odoo.turnOff("stopped")
      kill(pid, SIGHUP)
      try await eventually("it reloads") { installation.agent.printed.contains("the configuration was reloaded") }
      kill(pid, SIGTERM)
      try await eventually("it ends") { installation.agent.printed.contains("ended") }
      let trace = Trace("\(installation.folder)/trace")
      var forbidden = trace.calls.subtracting(try await Self.allowedCalls(in: installation.folder))
      // SQLite gives its files to the owner of the database, but only as root (os_unix.c).
      if geteuid() == 0 { forbidden.remove("fchown") }
      #expect(forbidden.sorted() == [])
      #expect(trace.calls.count > 40)
      let families = Set(Unit.values("RestrictAddressFamilies").flatMap { $0.split(separator: " ").map(String.init) })
      #expect(!trace.families.isEmpty && trace.families.subtracting(families).sorted() == [])
      #expect(trace.writableAndExecutable.isEmpty)
    }
  }
}

/// What strace has seen of the agent from its own first call on.
private struct Trace {
  let calls: Set<String>
  let families: Set<String>
  let writableAndExecutable: [String]

  init(_ file: String) {
    let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.drop { $0.isNumber }.drop { $0 == " " } }
    calls = Set(
      lines.filter { !$0.hasPrefix("<") && !$0.hasPrefix("+") && !$0.hasPrefix("-") && !$0.hasPrefix("?") }.map {
        String($0.prefix { $0 != "(" })
      })
    families = Set(lines.filter { $0.hasPrefix("socket(") }.map { String($0.dropFirst("socket(".count).prefix { $0 != "," }) })
    writableAndExecutable = lines.filter { $0.contains("PROT_WRITE") && $0.contains("PROT_EXEC") }.map(String.init)
  }
}

extension Tool {
  /// The number at the beginning of a file.
  static func number(in file: String) -> String {
    String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self).filter(\.isNumber)
  }
}

extension Trait where Self == ConditionTrait {
  static var needsTracing: Self {
    .enabled("this process may not trace another one") {
      guard Tool.path("strace") != nil else { return false }
      return try await "\(run(["strace", "-f", "-qq", "-o", "trace-test", "true"], in: NSTemporaryDirectory()).status)" == "exited(0)"
    }
  }
}
