import Foundation

/// The configuration that `lookout check` goes by.
struct ConfigurationSource {
  let configuration: Configuration
  /// False where nobody has said how to log in: what needs that cannot be looked at.
  var hasLogin = true
  /// Where it comes from, where that is not what a person said.
  var remark: String?
  /// What the report should say about it.
  var notes: [String] = []

  static let usualPath = "/etc/lookout/lookout.yml"

  /// The file named, or the usual one, or what is found on the machine.
  static func find(_ path: String?, tree: FileTree = FileTree()) throws -> ConfigurationSource {
    if let path { return ConfigurationSource(configuration: try Configuration.read(path)) }
    if tree.exists(usualPath) {
      return ConfigurationSource(configuration: try Configuration.read(tree.root + usualPath), remark: "goes by \(usualPath)")
    }
    let discovery = Discovery(tree)
    guard let odoo = discovery.odoos.first else {
      throw AgentError("there is no \(usualPath) and no --config, and \(Discovery.nothing)")
    }
    return ConfigurationSource(
      configuration: try discovered(odoo), hasLogin: false,
      remark: "there is no \(usualPath); goes by what was found (\(odoo.sources.joined(separator: "; ")))",
      notes: ["the pages and dashboards were not looked at: that needs a configuration with a login ('lookout config discover' writes one)"]
        + discovery.notes)
  }

  private static func discovered(_ odoo: FoundOdoo) throws -> Configuration {
    let database = odoo.databases.first
    let address: WebAddress
    do { address = try WebAddress(odoo.url) } catch { throw AgentError("what was found of Odoo gives no URL: \(odoo.url.prefix(100))") }
    let target = Configuration.Target(
      name: database ?? "odoo",
      odoo: Configuration.Odoo(
        url: address, database: database ?? "", login: "", password: .text(""), workers: max(1, odoo.number("workers") ?? 2)),
      postgresql: postgresql(odoo, database), log: odoo.value("logfile").map { LogSettings(files: [$0.text]) })
    let state = ProcessInfo.processInfo.environment["STATE_DIRECTORY"] ?? "/var/lib/lookout"
    return Configuration(targets: [target], stateDirectory: state, externalURL: "")
  }

  private static func postgresql(_ odoo: FoundOdoo, _ database: String?) -> Configuration.PostgreSQL? {
    guard let database, let file = odoo.configFile, odoo.isConfigRead else { return nil }
    let port = odoo.number("db_port").flatMap { (1...65_535).contains($0) ? $0 : nil } ?? 5432
    let hasPassword = (try? OdooConfiguration(readingFrom: file))?["db_password"] != nil
    return Configuration.PostgreSQL(
      host: odoo.value("db_host")?.text ?? odoo.postgres.server(port: port)?.directory ?? "/var/run/postgresql", port: port,
      user: odoo.value("db_user")?.text ?? "odoo", password: hasPassword ? .odooConfiguration(file, key: "db_password") : nil,
      database: database)
  }
}
