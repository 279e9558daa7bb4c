import Foundation
import PromQL

extension Configuration {
  /// Reads and checks the file at `path`.
  static func read(_ path: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Configuration {
    let text: String
    do {
      text = try TextFile.read(path, limit: YAMLNode.sizeLimit)
    } catch {
      throw ConfigurationError(file: path, message: Self.withoutPath("\(error)", path))
    }
    return try Configuration(text, file: path, environment: environment)
  }

  private static func withoutPath(_ message: String, _ path: String) -> String {
    message.hasPrefix(path + " ") ? String(message.dropFirst(path.count + 1)) : message
  }

  init(_ text: String, file: String, environment: [String: String]) throws(ConfigurationError) {
    guard let document = try YAMLNode.document(text, file: file) else {
      throw ConfigurationError(file: file, message: "is empty; at least 'odoo' with url, database, login and password_file is needed")
    }
    try self.init(document, environment: environment)
    fileHash = Double(xxHash64(Array(text.utf8)) >> 16)
  }

  init(_ document: YAMLNode, environment: [String: String]) throws(ConfigurationError) {
    let top = try document.mapping(known: [
      "target", "odoo", "postgresql", "log", "checks", "labels", "targets", "probes", "probe_modules", "probe_targets", "rules", "notify",
      "listen", "public_listen", "web_config_file", "allowed_hosts", "state_directory", "external_url",
    ])
    let directory = Directory(of: document.file, environment: environment)
    routing = try Self.routing(top["notify"], directory)
    targets = try Self.targets(top, directory, mayBeNone: routing != nil)
    modules = try Self.modules(top["probe_modules"], directory)
    probes = try Self.probes(top["probes"], modules, directory)
    probeTargets =
      try top["probe_targets"]?.list().map { item throws(ConfigurationError) in
        try ProbePattern(item, failsOnMatch: false, anchored: true)
      } ?? []
    ruleFiles = try Self.ruleFiles(top["rules"], directory)
    webhooks = try routing == nil ? top["notify"].map { node throws(ConfigurationError) in try Webhook.list(node, directory) } ?? [] : []
    stateDirectory =
      try top["state_directory"].map { node throws(ConfigurationError) in directory.path(try node.nonEmptyString()) }
      ?? Self.usualStateDirectory(environment)
    externalURL = try top["external_url"]?.webAddress().description ?? ""
    try readListeners(top, directory)
  }

  /// One target, whose keys stand at the top, or a list of them, to which `checks` at the top is the default.
  /// - Parameter mayBeNone: whether there is something to do without any; an agent may also have nothing but probes to look after.
  private static func targets(_ top: YAMLMapping, _ directory: Directory, mayBeNone: Bool) throws(ConfigurationError) -> [Target] {
    guard let list = top["targets"] else {
      let isOfOdoo = top["odoo"] != nil || !mayBeNone && top["probes"] == nil
      return try isOfOdoo ? [Target(top, name: "target", directory)] : noTargets(top)
    }
    if let odoo = top["odoo"] { throw odoo.error("'odoo' and 'targets' exclude each other") }
    for key in ["target", "postgresql", "log", "labels"] {
      if let node = top[key] { throw node.error("'\(key)' belongs to an Odoo: it stands in the list 'targets'") }
    }
    let usual = try top["checks"].map { node throws(ConfigurationError) in try Checks(node) } ?? Checks()
    var targets: [Target] = []
    for item in try list.list() {
      let section = try item.mapping(known: ["name", "odoo", "postgresql", "log", "checks", "labels"])
      let target = try Target(section, name: "name", directory, checks: usual)
      guard !targets.contains(where: { $0.name == target.name }) else {
        throw item.error("there is a target of that name already: \(target.name)")
      }
      targets.append(target)
    }
    guard !targets.isEmpty else { throw list.error("at least one target is needed") }
    return targets
  }

  private static func noTargets(_ top: YAMLMapping) throws(ConfigurationError) -> [Target] {
    for key in ["target", "postgresql", "log", "checks", "labels"] {
      guard let node = top[key] else { continue }
      throw node.error("'\(key)' belongs to an Odoo, and there is no 'odoo'")
    }
    return []
  }

  /// systemd's StateDirectory, or the place the XDG Base Directory Specification names for state.
  private static func usualStateDirectory(_ environment: [String: String]) -> String {
    if let given = environment["STATE_DIRECTORY"], !given.isEmpty { return String(given.prefix { $0 != ":" }) }
    if let state = environment["XDG_STATE_HOME"], !state.isEmpty { return state + "/lookout" }
    return (environment["HOME"] ?? "/var/lib") + "/.local/state/lookout"
  }

  private static func ruleFiles(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) -> [String] {
    guard let node else { return [] }
    return try node.list().map { item throws(ConfigurationError) in
      let path = directory.path(try item.nonEmptyString())
      guard access(path, R_OK) == 0 else { throw item.error("\(path) cannot be read: \(String(cString: strerror(errno)))") }
      return path
    }
  }
}

extension Configuration.Target {
  fileprivate init(
    _ section: YAMLMapping, name nameKey: String, _ directory: Directory, checks usual: Configuration.Checks = .init()
  ) throws(ConfigurationError) {
    let keys = ["url", "database", "login", "password_file", "config_file", "workers", "viewer", "websocket_url"]
    let odooSection = try section.required("odoo").mapping(known: keys)
    let odooFile = try OdooConfiguration.named(odooSection["config_file"], in: directory)
    odoo = try Configuration.Odoo(odooSection, odooFile, directory)
    name = try section[nameKey]?.nonEmptyString() ?? odoo.database
    postgresql = try Configuration.PostgreSQL.from(section["postgresql"], odooFile, odoo, directory)
    log = try LogSettings.from(section["log"], logFile: odooFile?["logfile"], directory)
    checks = try section["checks"].map { node throws(ConfigurationError) in try Configuration.Checks(node, usual) } ?? usual
    labels = try section["labels"]?.labels() ?? [:]
  }
}

extension OdooConfiguration {
  /// The file that the configuration names, which must be readable, or else the first readable one in the usual places.
  fileprivate static func named(_ node: YAMLNode?, in directory: Directory) throws(ConfigurationError) -> OdooConfiguration? {
    guard let node else {
      return usualPaths.lazy.filter { access($0, R_OK) == 0 }.compactMap { try? OdooConfiguration(readingFrom: $0) }.first
    }
    do {
      return try OdooConfiguration(readingFrom: directory.path(of: node))
    } catch let error as AgentError {
      throw node.error(error.description)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw node.error("\(error)")
    }
  }
}
