/// What can be broken in the demo, and how.
struct DemoBreaker: Sendable {
  struct Fault: Sendable {
    let key: Character
    /// As the stand-in's control door knows it.
    let name: String
    let meaning: String
    /// Strikes once and does not stay.
    var isShort = false
  }

  static let faults = [
    Fault(key: "1", name: "stopped", meaning: "Odoo refuses connections"),
    Fault(key: "2", name: "hanging", meaning: "Odoo never answers"),
    Fault(key: "3", name: "slow", meaning: "dashboards take 3 s"),
    Fault(key: "4", name: "rpc_error", meaning: "an exception under HTTP 200"),
    Fault(key: "5", name: "data_error", meaning: "success: true, and an error within"),
    Fault(key: "6", name: "empty_kpis", meaning: "no figures, and no error"),
    Fault(key: "7", name: "asset_missing", meaning: "the page comes, its bundle does not"),
    Fault(key: "8", name: "log_errors", meaning: "errors in the log only"),
    Fault(key: "9", name: "session_expired", meaning: "all sessions gone: heals silently", isShort: true),
  ]

  let odoo: StandInProcess
  let cluster: PrivateCluster
  let client: HTTPClient
  /// What is broken now.
  let broken = Board<Set<String>>([])

  static let database = "postgresql"

  var faultsURL: String { "http://127.0.0.1:\(odoo.controlPort)/stand-in/faults" }

  /// Breaks or mends what the key stands for; does nothing for other keys.
  func press(_ key: Character) async {
    if let fault = Self.faults.first(where: { $0.key == key }) { await toggle(fault) }
    if key == "p" { await toggleDatabase() }
    if key == "0" { await mendAll() }
  }

  private func toggle(_ fault: Fault) async {
    if fault.isShort { return await ask("POST", "/\(fault.name)?seconds=0") }
    let isOn = broken.latest.contains(fault.name)
    await ask(isOn ? "DELETE" : "POST", "/\(fault.name)")
    mark(fault.name, broken: !isOn)
  }

  private func toggleDatabase() async {
    let isDown = broken.latest.contains(Self.database)
    if isDown { try? await cluster.start() } else { await cluster.stop(mode: .fast) }
    mark(Self.database, broken: !isDown)
  }

  private func mendAll() async {
    await ask("DELETE", "")
    if broken.latest.contains(Self.database) { try? await cluster.start() }
    broken.post([])
  }

  private func mark(_ name: String, broken isBroken: Bool) {
    broken.update { if isBroken { $0.insert(name) } else { $0.remove(name) } }
  }

  private func ask(_ method: String, _ path: String) async {
    _ = await client.perform(HTTPRequest(method: method, url: faultsURL + path, timeout: .seconds(2)))
  }
}
