import Testing

@testable import Lookout

@Suite("What is watched beside one Odoo")
struct ProbeConfigurationTests {
  private static let odoo = "{url: \"http://127.0.0.1:8069\", database: crm, login: lookout, password_file: password}"

  @Test("several targets share what stands beside them, and each says what differs")
  func targets() throws {
    try withConfigurationFolder { folder in
      let read = try folder.read(
        """
        targets:
          - {name: north, odoo: \(Self.odoo), labels: {region: north}}
          - {odoo: \(Self.odoo.replacing("database: crm", with: "database: south")), checks: {interval: 30s}}
        checks: {interval: 20s, timeout: 3s}
        """)
      #expect(read.targets.map(\.name) == ["north", "south"] && read.targets[0].labels == ["region": "north"])
      #expect(read.targets.map(\.checks.interval) == [.seconds(20), .seconds(30)] && read.targets[1].checks.timeout == .seconds(3))
      #expect(read.ownTarget == "lookout")
    }
  }

  @Test("probes: a module of the file, or what to do beside the address")
  func probes() throws {
    try withConfigurationFolder { folder in
      try folder.write("blackbox.yml", "modules: {web: {prober: http, timeout: 4s}}")
      let read = try folder.read(
        configurationText(
          """
          probe_modules: blackbox.yml
          probe_targets: ['https://.*']
          probes:
            - {name: shop, address: "https://shop.example.com/?q=1", module: web, budget: 2s, interval: 1m, labels: {team: web}}
            - {name: mail, address: "mail.example.com:25", tcp: {query_response: [{expect: '^220'}]}, component: mail, target: crm}
          """))
      #expect(read.modules.keys.sorted() == ["web"] && read.probeTargets.count == 1)
      let shop = read.probes[0]
      #expect(
        shop.target == "shop" && shop.moduleName == "web" && shop.budget == 2 && shop.timeout == .seconds(4) && shop.component == .host)
      #expect(read.probes[1].target == "crm" && read.probes[1].moduleName == "mail" && read.probes[1].component == .mail)
      guard case .tcp(let tcp) = read.probes[1].module.prober else { throw SocketError(call: "tcp") }
      #expect(tcp.steps.count == 1)
    }
  }

  @Test("who sees less, where live messages come from, and what the data must hold")
  func access() throws {
    try withConfigurationFolder { folder in
      try folder.write("seller", "s\n")
      let odoo =
        Self.odoo.dropLast()
        + ", viewer: {login: seller, password_file: seller}, websocket_url: \"http://127.0.0.1:8072\", direct_url: \"http://127.0.0.1:8069\"}"
      let checks = "{expect: ['kpis.total_leads > 0'], menus: [CRM], accept_exposed: [database_manager], access_interval: 10m}"
      let read = try folder.read("odoo: \(odoo)\nchecks: \(checks)")
      #expect(read.targets[0].odoo.viewer?.login == "seller" && read.targets[0].odoo.websocketURL?.port == 8072)
      #expect(read.targets[0].odoo.directURL?.port == 8069)
      let read2 = read.targets[0].checks
      #expect(read2.demands["dashboard_data"]?.map(\.description) == ["kpis.total_leads > 0"] && read2.menus == ["CRM"])
      #expect(read2.acceptedExposures == [.databaseManager] && read2.accessInterval == .seconds(600))
      let named = try folder.read("odoo: \(odoo)\nchecks: {expect: {strategic_data: [strategic_kpis]}}")
      #expect(named.targets[0].checks.demands.keys.sorted() == ["strategic_data"])
    }
  }

  @Test(
    "mistakes are told where they stand",
    arguments: [
      ("targets: []", "1:10: at least one target"), ("targets: [{odoo: \(odoo)}, {odoo: \(odoo)}]", "a target of that name already: crm"),
      ("odoo: \(odoo)\ntargets: []", "exclude each other"), ("odoo: \(odoo)\nlabels: {check: x}", "set by the agent itself"),
      ("odoo: \(odoo)\nlabels: {a-b: x}", "no name of a label"), ("odoo: \(odoo)\nprobes: [{name: a}]", "'address' is missing"),
      ("odoo: \(odoo)\nprobes: [{name: a, address: b}]", "'prober' is missing"),
      ("odoo: \(odoo)\nprobes: [{name: a, address: b, module: c}]", "expected one of"),
      ("odoo: \(odoo)\nprobes: [{name: a, address: \"http://u:p@b/\", http: {}}]", "does not belong into a URL"),
      ("odoo: \(odoo)\nprobe_modules: none.yml", "cannot be read"), ("odoo: \(odoo)\nprobe_targets: ['(']", "error parsing regexp"),
      ("odoo: \(odoo)\nchecks: {expect: ['a >']}", "behind > a number"),
      ("odoo: \(odoo)\nchecks: {expect: {page: []}}", "unknown key 'page'"),
      ("odoo: \(odoo)\nchecks: {accept_exposed: [all]}", "expected one of database_manager"),
    ] as [(String, String)])
  func mistakes(text: String, message: String) throws {
    try withConfigurationFolder { folder in
      let mistake = folder.mistake(text) ?? "none"
      #expect(mistake.contains(message), "\(mistake)")
    }
  }
}
