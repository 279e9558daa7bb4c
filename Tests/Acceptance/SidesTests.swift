import Foundation
import Testing

@testable import Lookout

/// Odoo seen from more than one side: by its second process, and past its proxy.
@Suite(.serialized, .needsProgram, .sharedCluster)
struct SidesTests {
  private static let checks =
    "{interval: 1s, costly_interval: 30s, worker_share: 1, timeout: 2s, costly_timeout: 8s, budgets: {page: 6s, dashboard: 5s}}"

  /// With further keys of Odoo's section, known once the stand-in runs.
  private func start(_ installation: Installation, _ keys: [String]) async throws {
    let lines = keys.map { "\n  \($0)" }.joined()
    try installation.reconfigure { $0.replacing("\n  login: monitor", with: "\n  login: monitor\(lines)") }
    try await installation.agent.start()
    try await installation.agent.becomesHealthy()
  }

  @Test("users' slow requests hold all workers: that is told, with their route, and neither Odoo nor its dashboards are called broken")
  func saturated() async throws {
    try await withInstallation(Settings(checks: Self.checks), running: false) { installation in
      let odoo = installation.odoo
      try await start(installation, ["websocket_url: http://127.0.0.1:\(odoo.controlPort)"])
      try await odoo.turnOn("slow", "?seconds=5&route=/crm/dashboard/performers")
      let session = try await odoo.logIn()
      let users = (0..<6).map { _ in
        Task { while !Task.isCancelled { _ = try? await odoo.call("/crm/dashboard/performers", session: session) } }
      }
      defer { for user in users { user.cancel() } }
      let message = try await installation.message()
      #expect(message.headline == "firing OdooSaturated")
      let alert = try #require(message.alerts.first)
      #expect(alert.labels["component"] == "workers" && alert.labels["check"] == "odoo_health")
      #expect(alert.annotations["reason"] == "saturated" && alert.annotations["cause"] == "workers")
      try await eventually("the route that holds the workers is named") {
        try await installation.agent.health()["odoo_health"]?.output?.contains("/crm/dashboard/performers took ") == true
      }
      try await odoo.turnOff("slow")
      for user in users { user.cancel() }
      let end = try await installation.message(after: 1)
      #expect(end.headline == "resolved OdooSaturated")
    }
  }

  @Test("the proxy answers for an Odoo that is well: the proxy is broken; it has stopped: the same; Odoo has: Odoo is down", .needsNginx)
  func proxy() async throws {
    try await withInstallation(Settings(checks: Self.checks), running: false) { installation in
      let proxy = try await Nginx.start(in: installation.folder, before: installation.odoo.port)
      try installation.reconfigure {
        $0.replacing("url: http://127.0.0.1:\(installation.odoo.port)", with: "url: http://127.0.0.1:\(proxy.port)")
      }
      try await start(installation, ["direct_url: http://127.0.0.1:\(installation.odoo.port)"])
      // It passes on to where nobody listens.
      try await proxy.passOn(to: 1)
      let broken = try await installation.message()
      #expect(broken.headline == "firing ProxyBroken" && broken.alerts.first?.annotations["reason"] == "http_status")
      #expect(broken.alerts.first?.annotations["cause"] == "proxy")
      try await proxy.passOn(to: installation.odoo.port)
      #expect(try await installation.message(after: 1).headline == "resolved ProxyBroken")
      try await installation.odoo.turnOn("stopped")
      let down = try await installation.message(after: 2)
      #expect(down.headline == "firing OdooDown" && down.alerts.first?.annotations["cause"] == "process")
      try await installation.odoo.turnOff("stopped")
      #expect(try await installation.message(after: 3).headline == "resolved OdooDown")
      await proxy.program.kill()
    }
  }
}

/// nginx as it stands before an Odoo, as a process of its own.
private struct Nginx: Sendable {
  let program: Program
  let port: Int
  let file: String

  static func start(in folder: String, before odoo: Int) async throws -> Nginx {
    let file = "\(folder)/nginx.conf"
    let port = try freePort()
    try write(file, folder, port: port, odoo: odoo)
    let nginx = try #require(Tool.path("nginx"))
    let program = try await Program.start([nginx, "-p", folder, "-c", file], in: folder, name: "nginx")
    let proxy = Nginx(program: program, port: port, file: file)
    try await eventually("nginx answers") { (try? await ask("GET", "/web/health", port: port))?.status == 200 }
    return proxy
  }

  /// Reads its file again, as `systemctl reload nginx` has it.
  func passOn(to odoo: Int) async throws {
    try Self.write(file, (file as NSString).deletingLastPathComponent, port: port, odoo: odoo)
    program.signal(SIGHUP)
  }

  private static func write(_ file: String, _ folder: String, port: Int, odoo: Int) throws {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/nginx-\($0);" }.joined(
      separator: " ")
    let text = """
      daemon off; pid \(folder)/nginx.pid; error_log stderr crit; worker_processes 1;
      events { worker_connections 256; }
      http {
        access_log off; \(temporary)
        server { listen 127.0.0.1:\(port); location / { proxy_pass http://127.0.0.1:\(odoo); proxy_set_header Host $http_host; } }
      }
      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
  }

  /// Free now; nginx itself cannot choose one.
  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

extension Trait where Self == ConditionTrait {
  fileprivate static var needsNginx: Self { .needs("nginx", from: "nginx-light") }
}
