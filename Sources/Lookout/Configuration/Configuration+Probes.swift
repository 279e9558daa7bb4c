import PromQL

extension Configuration {
  /// The modules of the file that `probe_modules` names, by name.
  static func modules(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) -> [String: ProbeModule] {
    guard let node else { return [:] }
    let path = directory.path(try node.nonEmptyString())
    let text: String
    do { text = try TextFile.read(path, limit: YAMLNode.sizeLimit) } catch { throw node.error("\(error)") }
    guard let document = try YAMLNode.document(text, file: path) else { return [:] }
    return try ProbeModule.modules(document, Directory(of: path))
  }

  /// The list `probes`: each entry names a module of the file, or says what to do itself.
  static func probes(
    _ node: YAMLNode?, _ modules: [String: ProbeModule], _ directory: Directory
  ) throws(ConfigurationError) -> [GenericProbe] {
    var probes: [GenericProbe] = []
    for item in try node?.list() ?? [] {
      let probe = try GenericProbe(item, modules, directory)
      let isNew = !probes.contains { ($0.target, $0.name) == (probe.target, probe.name) }
      guard isNew else { throw item.error("there is a probe of that name already: \(probe.name)") }
      probes.append(probe)
    }
    return probes
  }
}

extension GenericProbe {
  private static let own = ["name", "target", "address", "module", "component", "interval", "budget", "labels"]

  init(_ node: YAMLNode, _ modules: [String: ProbeModule], _ directory: Directory) throws(ConfigurationError) {
    let section = try node.mapping(known: Self.own + ProbeModule.keys)
    name = try section.required("name").nonEmptyString()
    target = try section["target"]?.nonEmptyString() ?? name
    address = try section.required("address").nonEmptyString()
    if let module = section["module"] {
      moduleName = try module.oneOf(modules.keys.sorted())
      guard let known = modules[moduleName] else {
        throw module.error("there is no module '\(moduleName)'; 'probe_modules' names their file")
      }
      self.module = known
    } else {
      module = try ProbeModule(section, directory)
      moduleName = name
    }
    if case .http = module.prober, address.contains("://") { _ = try section.required("address").webAddress(allowsQuery: true) }
    let seconds = Duration.milliseconds(100)...Duration.seconds(600)
    interval = try section["interval"]?.duration(in: .seconds(1)...Duration.seconds(86_400)) ?? interval
    timeout = try section["timeout"]?.duration(in: seconds) ?? module.timeout ?? timeout
    budget = try section["budget"]?.duration(in: seconds).inSeconds
    component =
      try section["component"].map { node throws(ConfigurationError) in
        Component(rawValue: try node.oneOf(Component.allCases.map(\.rawValue)))
      }.flatMap(\.self) ?? component
    labels = try section["labels"]?.labels() ?? [:]
  }
}

extension YAMLNode {
  /// Labels of a person's choice; those that the agent sets itself cannot be chosen.
  func labels() throws(ConfigurationError) -> [String: String] {
    var labels: [String: String] = [:]
    for (key, value) in try texts() {
      let name = try key.nonEmptyString()
      let isName = name.utf8.allSatisfy { $0 == 0x5f || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) }
      guard isName, name.first?.isNumber == false, !name.hasPrefix("__") else {
        throw key.error("'\(name.prefix(60))' is no name of a label")
      }
      guard !Self.takenLabels.contains(name) else { throw key.error("the label '\(name)' is set by the agent itself") }
      labels[name] = try value.string()
    }
    return labels
  }

  /// Labels that the agent sets itself.
  static let takenLabels = ["target", "component", "check", "database", "module", "reason", "cause", "phase", "le", "what", "load"]

  func demands() throws(ConfigurationError) -> [JSONDemand] {
    try list().map { item throws(ConfigurationError) in
      let text = try item.nonEmptyString()
      do throws(JSONDemand.Mistake) { return try JSONDemand(text) } catch { throw item.error(error.message) }
    }
  }

  /// A size: `4096`, `512KB`, `5MB`, `1GB`; at most 64 MB.
  func bytes() throws(ConfigurationError) -> Int {
    let text = try nonEmptyString()
    let digits = text.prefix(while: \.isNumber)
    let units = ["": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30]
    guard let number = Int(digits), let unit = units[text.dropFirst(digits.count).uppercased()], number <= (64 << 20) / unit else {
      throw error("expected a size of at most 64MB such as 512KB, found '\(text.prefix(60))'")
    }
    return number * unit
  }
}
