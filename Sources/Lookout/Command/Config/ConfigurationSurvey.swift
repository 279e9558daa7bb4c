import Foundation
import Yams

/// A configuration with all files that it names, gone through for a person: mistakes, warnings, and in short what would be watched.
struct ConfigurationSurvey {
  private(set) var mistakes: [String] = []
  private(set) var warnings: [String] = []
  private(set) var summary: [String] = []

  init(readingFrom path: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    let text: String
    do {
      text = try TextFile.read(path, limit: YAMLNode.sizeLimit)
    } catch {
      mistakes = ["\(error)".hasPrefix(path) ? "\(error)" : "\(path): \(error)"]
      return
    }
    let examination = ConfigurationExamination(text, file: path, environment: environment)
    mistakes = examination.mistakes.map(\.description)
    guard let configuration = examination.configuration else { return }
    let places = ConfigurationPlaces(file: path, document: examination.document, environment: environment)
    // Whatever a configuration names besides itself is gone through here.
    readRules(configuration)
    readSecrets(configuration, places)
    readReceivers(configuration, places)
    findUnwise(configuration, places)
    summary = ConfigurationSummary(configuration).lines
  }

  // MARK: - Its files

  private mutating func readRules(_ configuration: Configuration) {
    for file in configuration.ruleFiles { mistakes += RuleFileExamination(file).mistakes }
  }

  /// A file that is there but empty is as bad as one that is not.
  private mutating func readSecrets(_ configuration: Configuration, _ places: ConfigurationPlaces) {
    for target in configuration.targets {
      note(places["odoo", "password_file"]) { _ = try target.odoo.password.reveal() }
      note(places["postgresql", "password_file"]) { _ = try target.postgresql?.password?.reveal() }
    }
  }

  private mutating func readReceivers(_ configuration: Configuration, _ places: ConfigurationPlaces) {
    note(places["notify", "webhook_file"] ?? places["notify", "file"] ?? places["notify"]) { _ = try configuration.notificationPlan() }
  }

  private mutating func note(_ place: String?, _ read: () throws -> Void) {
    do { try read() } catch { mistakes.append("\(place.map { "\($0): " } ?? "")\(error)") }
  }

  // MARK: - What is allowed and unwise

  private mutating func findUnwise(_ configuration: Configuration, _ places: ConfigurationPlaces) {
    let file = places.file
    if !configuration.hasReceiver { warn(file, "there is no receiver under 'notify': alerts show on the pages only") }
    warnings += configuration.routing?.warnings ?? []
    for target in configuration.targets {
      if target.log == nil { warn(file, "Odoo's log is not followed: name it under 'log', 'file'") }
      if target.postgresql == nil { warn(file, "PostgreSQL is not watched: say where it is under 'postgresql'") }
      for log in target.log?.files ?? [] where log != "-" && !log.isPattern && access(log, R_OK) != 0 {
        warn(places["log", "file"] ?? file, "\(log) cannot be read by this user now: \(String(cString: strerror(errno)))")
      }
      if target.odoo.url.sendsPasswordInTheClear {
        warn(
          places["odoo", "url"] ?? file,
          "the password goes to \(target.odoo.url.host) unencrypted: use https, or an address of this machine")
      }
      if ["admin", "administrator", "root"].contains(target.odoo.login.lowercased()) {
        let why = "each login of an administrator rewrites Odoo's web.base.url; whether this is one is known only after a login"
        warn(places["odoo", "login"] ?? file, "'\(target.odoo.login)' looks like an administrator: \(why)")
      }
    }
    findUnwiseDoors(configuration, places)
    for (section, key) in [("odoo", "password_file"), ("postgresql", "password_file"), ("notify", "webhook_file")] {
      guard let path = places.path(section, key), let mode = Self.mode(path), mode & 0o004 != 0 else { continue }
      warn(places[section, key] ?? file, "everybody on this machine can read \(path): chmod 600 it")
    }
  }

  private mutating func findUnwiseDoors(_ configuration: Configuration, _ places: ConfigurationPlaces) {
    guard let web = configuration.web else { return }
    let place = places["web_config_file"] ?? places.file
    if web.tls == nil, !web.users.isEmpty, !configuration.listen.isLoopback {
      warn(place, "users' passwords go over the network unencrypted: add 'tls_server_config' to \(web.file)")
    }
    if let tls = web.tls, let day = tls.expired(at: Date()) {
      warn(web.file, "the certificate in \(tls.certificateFile) expired on \(day)")
    }
    for path in [web.tls?.keyFile, web.users.isEmpty ? nil : web.file].compactMap({ $0 }) {
      guard let mode = Self.mode(path), mode & 0o004 != 0 else { continue }
      warn(place, "everybody on this machine can read \(path): chmod 600 it")
    }
  }

  private mutating func warn(_ place: String, _ text: String) {
    warnings.append("\(place): warning: \(text)")
  }

  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }
}

extension WebAddress {
  fileprivate var sendsPasswordInTheClear: Bool {
    scheme == "http" && !(host == "localhost" || host.hasPrefix("127.") || host == "[::1]")
  }
}

/// Where in its file a value of the configuration stands.
struct ConfigurationPlaces {
  let file: String
  let document: YAMLNode?
  var environment: [String: String] = [:]

  /// `lookout.yml:3:7`; nil for what the file does not say.
  subscript(keys: String...) -> String? {
    node(keys).flatMap(\.mark).map { "\(file):\($0.line):\($0.column)" }
  }

  /// A file that it names, seen from the file's folder.
  func path(_ keys: String...) -> String? {
    node(keys).flatMap { try? Directory(of: file, environment: environment).path(of: YAMLNode(file: file, node: $0)) }
  }

  private func node(_ keys: [String]) -> Yams.Node? {
    keys.reduce(document?.node) { node, key in
      guard case .mapping(let mapping)? = node else { return nil }
      return mapping.first { $0.key.string == key }?.value
    }
  }
}
