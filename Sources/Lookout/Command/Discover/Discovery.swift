/// What is found on a machine: every Odoo, and what could not be read.
struct Discovery: Sendable {
  private(set) var odoos: [FoundOdoo] = []
  /// What a person should know, with the cure where there is one.
  private(set) var notes: [String] = []
  private let tree: FileTree

  /// Beyond this nobody reads on.
  private static let limit = 20
  static let moduleName = "crm_executive_dashboard"

  init(_ tree: FileTree) {
    self.tree = tree
    findUnits()
    findProcesses()
    findFiles()
    let postgres = PostgresPlace(tree)
    for index in odoos.indices {
      odoos[index].postgres = postgres
      odoos[index].front = FrontServer.find(in: tree, passingTo: odoos[index].httpPort)
      odoos[index].module = module(of: odoos[index])
    }
    // The one that people use first: it has a web server in front, or a configuration at least.
    odoos =
      odoos.filter { $0.front != nil } + odoos.filter { $0.front == nil && $0.isConfigRead }
      + odoos.filter { $0.front == nil && !$0.isConfigRead }
  }

  // MARK: - Where an Odoo shows

  private mutating func findUnits() {
    var seen: Set<String> = []
    for directory in SystemdUnit.directories {
      for name in tree.names(in: directory) where name.hasSuffix(".service") && seen.insert(name).inserted {
        guard let unit = unit(name, in: directory) else { continue }
        for command in unit.commands {
          guard let arguments = OdooArguments(command) else { continue }
          add(arguments, source: "unit \(name)", environment: unit.environment, workingDirectory: unit.workingDirectory)
        }
      }
    }
  }

  private mutating func unit(_ name: String, in directory: String) -> SystemdUnit? {
    var unit = SystemdUnit()
    guard let text = read("\(directory)/\(name)", cure: nil) else { return nil }
    unit.take(text)
    for folder in SystemdUnit.directories.map({ "\($0)/\(name).d" }).reversed() {
      for part in tree.names(in: folder) where part.hasSuffix(".conf") {
        if let text = read("\(folder)/\(part)", cure: nil) { unit.take(text) }
      }
    }
    return unit
  }

  private mutating func findProcesses() {
    for pid in tree.names(in: "/proc").compactMap(Int.init).sorted() {
      guard let bytes = try? tree.bytes("/proc/\(pid)/cmdline", limit: 64 << 10) else { continue }
      let words = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
      guard let arguments = OdooArguments(words) else { continue }
      let environment = (try? tree.bytes("/proc/\(pid)/environ", limit: 1 << 20)).map(Self.variables) ?? [:]
      add(arguments, source: "process \(pid)", environment: environment, workingDirectory: tree.link("/proc/\(pid)/cwd"))
    }
  }

  private static func variables(_ bytes: [UInt8]) -> [String: String] {
    let pairs = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self).split(separator: "=", maxSplits: 1) }
    return Dictionary(pairs.compactMap { $0.count == 2 ? (String($0[0]), String($0[1])) : nil }) { first, _ in first }
  }

  private mutating func findFiles() {
    let folders = ["/etc/odoo", "/etc/openerp", "/opt/odoo"]
    let others = folders.flatMap { folder in tree.names(in: folder).filter { $0.hasSuffix(".conf") }.map { "\(folder)/\($0)" } }
    let homes = (["/root", "/var/lib/odoo", "/opt/odoo"] + tree.names(in: "/home").map { "/home/\($0)" }).map { "\($0)/.odoorc" }
    for path in OdooConfiguration.usualPaths + others + homes where tree.exists(path) && !tree.isDirectory(path) {
      add(configFile: path, options: [:], source: path)
    }
  }

  // MARK: - Putting it together

  private mutating func add(_ arguments: OdooArguments, source: String, environment: [String: String], workingDirectory: String?) {
    // The order of odoo/tools/config.py: the option, then ODOO_RC, then a file in the home directory.
    let home = environment["HOME"].map { "\($0)/.odoorc" }
    let named = arguments.configFile ?? environment["ODOO_RC"] ?? home.flatMap { tree.exists($0) ? $0 : nil }
    let path = named.map { Self.absolute($0, in: workingDirectory) }
    let options = arguments.options.mapValues { FoundOdoo.Value(text: $0, from: "the command line of \(source)") }
    add(configFile: path, options: options, source: source)
  }

  private mutating func add(configFile: String?, options: [String: FoundOdoo.Value], source: String) {
    if let known = odoos.firstIndex(where: { $0.isSame(configFile, options) }) {
      if !odoos[known].sources.contains(source) { odoos[known].sources.append(source) }
      odoos[known].options.merge(options) { first, _ in first }
      return
    }
    guard odoos.count < Self.limit else { return }
    var odoo = FoundOdoo(sources: [source], configFile: configFile, options: options)
    if let configFile {
      guard let found = readConfig(configFile, named: source != configFile) else { return }
      odoo.isConfigRead = found.isRead
      odoo.options.merge(found.options) { onCommandLine, _ in onCommandLine }
    }
    odoos.append(odoo)
  }

  /// Nil for a file that is none of Odoo's and that nobody said was.
  private mutating func readConfig(_ path: String, named: Bool) -> (isRead: Bool, options: [String: FoundOdoo.Value])? {
    guard let text = read(path, cure: "setfacl -m u:lookout:r \(path), or add the agent's user to the file's group") else {
      return (false, [:])
    }
    let file = OdooConfiguration(text, path: path)
    guard named || file.hasOptions else { return nil }
    if !file.hasOptions { notes.append("\(path) has no section [options]: is it a configuration of Odoo's?") }
    for name in file.repeated.prefix(5) { notes.append("\(path) has '\(name.prefix(60))' more than once; the last one counts here") }
    if !tree.isReadableForAll(path) {
      notes.append("\(path) is for its owner and group only: setfacl -m u:lookout:r \(path), so that the agent's user can read it")
    }
    // Passwords stay where they are.
    let values = file.names.filter { !$0.contains("passw") }.compactMap { name in
      file[name].map { (name, FoundOdoo.Value(text: $0, from: "\(name) in \(path)")) }
    }
    return (true, Dictionary(uniqueKeysWithValues: values))
  }

  private mutating func read(_ path: String, cure: String?) -> String? {
    do throws(FileTree.Trouble) {
      return try tree.text(path)
    } catch {
      switch error {
      case .absent: if cure != nil { notes.append("\(path) is not on this machine (is that Odoo in a container?)") }
      case .denied: notes.append("\(path) cannot be read by this user" + (cure.map { ": \($0)" } ?? ""))
      case .tooLarge: notes.append("\(path) is larger than 1 MiB and was not read")
      case .noFile: if cure != nil { notes.append("\(path) is no ordinary file") }
      case .isBroken(let why): notes.append("\(path) was not read: \(why)")
      }
      return nil
    }
  }

  private static func absolute(_ path: String, in directory: String?) -> String {
    if path.hasPrefix("/") { return path }
    guard let directory, directory.hasPrefix("/") else { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }

  /// The module in one of the folders that Odoo loads modules from.
  private func module(of odoo: FoundOdoo) -> String? {
    let own = odoo.value("data_dir").map { data in tree.names(in: "\(data.text)/addons").map { "\(data.text)/addons/\($0)" } } ?? []
    let named = (odoo.value("addons_path")?.text ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    for folder in (named + own).prefix(100) where folder.hasPrefix("/") {
      guard let manifest = try? tree.text("\(folder)/\(Self.moduleName)/__manifest__.py") else { continue }
      return "\(folder)/\(Self.moduleName)" + (Self.version(manifest).map { ", version \($0)" } ?? "")
    }
    return nil
  }

  /// `'version': '17.0.1.0.0',`
  private static func version(_ manifest: String) -> String? {
    for key in ["'version'", "\"version\""] {
      guard let end = manifest.firstRange(of: key)?.upperBound else { continue }
      let value = manifest[end...].drop { $0 == ":" || $0.isWhitespace }
      guard let quote = value.first, quote == "'" || quote == "\"" else { continue }
      return String(value.dropFirst().prefix { $0 != quote && !$0.isNewline }.prefix(40))
    }
    return nil
  }
}

extension FoundOdoo {
  /// The same installation: by its file, or without one by its port.
  fileprivate func isSame(_ file: String?, _ options: [String: Value]) -> Bool {
    if file != nil || configFile != nil { return file == configFile }
    return options["http_port"]?.text == self.options["http_port"]?.text
  }
}
