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
      "target", "odoo", "postgresql", "log", "checks", "rules", "notify", "listen", "public_listen", "web_config_file", "allowed_hosts",
      "state_directory", "external_url",
    ])
    let directory = Directory(of: document.file, environment: environment)
    routing = try Self.routing(top["notify"], directory)
    // Who only passes on the alerts of others watches nothing.
    targets = try top["odoo"] == nil && routing != nil ? Self.noTargets(top) : [Self.target(top, directory)]
    ruleFiles = try Self.ruleFiles(top["rules"], directory)
    webhooks = try routing == nil ? top["notify"].map { node throws(ConfigurationError) in try Webhook.list(node, directory) } ?? [] : []
    stateDirectory =
      try top["state_directory"].map { node throws(ConfigurationError) in directory.path(try node.nonEmptyString()) }
      ?? Self.usualStateDirectory(environment)
    externalURL = try top["external_url"]?.webAddress().description ?? ""
    try readListeners(top, directory)
  }

  private static func target(_ top: YAMLMapping, _ directory: Directory) throws(ConfigurationError) -> Target {
    let section = try top.required("odoo").mapping(known: [
      "url", "database", "login", "password_file", "config_file", "workers", "viewer", "websocket_url",
    ])
    let odooFile = try OdooConfiguration.named(section["config_file"], in: directory)
    let odoo = try Odoo(section, odooFile, directory)
    return Target(
      name: try top["target"]?.nonEmptyString() ?? odoo.database, odoo: odoo,
      postgresql: try PostgreSQL.from(top["postgresql"], odooFile, odoo, directory),
      logFile: try logFile(top["log"], odooFile, directory),
      checks: try top["checks"].map { node throws(ConfigurationError) in try Checks(node) } ?? Checks())
  }

  private static func noTargets(_ top: YAMLMapping) throws(ConfigurationError) -> [Target] {
    for key in ["target", "postgresql", "log", "checks"] {
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

  private static func logFile(
    _ node: YAMLNode?, _ odooFile: OdooConfiguration?, _ directory: Directory
  ) throws(ConfigurationError) -> String? {
    guard let node else { return odooFile?["logfile"] }
    return directory.path(try node.mapping(known: ["file"]).required("file").nonEmptyString())
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
