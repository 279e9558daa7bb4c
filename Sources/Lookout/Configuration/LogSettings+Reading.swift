import OdooLog
import PromQL

extension LogSettings {
  /// - Parameter logFile: what Odoo's own configuration says.
  static func from(_ node: YAMLNode?, logFile: String?, _ directory: Directory) throws(ConfigurationError) -> LogSettings? {
    guard let node else { return logFile.map { LogSettings(files: [$0]) } }
    let section = try node.mapping(known: ["file", "journal", "start", "patterns", "redact", "accept_secrets"])
    var settings = LogSettings()
    settings.journal = try section["journal"]?.nonEmptyString()
    if let file = section["file"] {
      guard settings.journal == nil else { throw file.error("'file' and 'journal' exclude each other") }
      settings.files = try paths(file, directory)
    } else if settings.journal == nil {
      guard let logFile else { throw node.error("'file' is missing") }
      settings.files = [logFile]
    }
    if let start = section["start"] {
      settings.start = Start(rawValue: try start.oneOf(Start.allCases.map(\.rawValue))) ?? settings.start
    }
    settings.patterns = try section["patterns"].map { node throws(ConfigurationError) in try LogPattern.list(node) } ?? []
    settings.redaction = try section["redact"].map { node throws(ConfigurationError) in try OwnRedaction(node) }
    if let accepted = section["accept_secrets"] { settings.acceptedSecrets = try kinds(accepted) }
    return settings
  }

  /// One path or several.
  private static func paths(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> [String] {
    guard case .sequence = node.node else {
      let path = try node.nonEmptyString()
      return [path == "-" ? path : directory.path(path)]
    }
    let paths = try node.nonEmptyStrings()
    guard !paths.isEmpty else { throw node.error("at least one file is needed") }
    return paths.map { $0 == "-" ? $0 : directory.path($0) }
  }

  private static func kinds(_ node: YAMLNode) throws(ConfigurationError) -> Set<SecretKind> {
    let kinds = try node.list().map { item throws(ConfigurationError) in
      SecretKind(rawValue: try item.oneOf(SecretKind.allCases.map(\.rawValue)))
    }
    return Set(kinds.compactMap(\.self))
  }
}

extension OwnRedaction {
  fileprivate init(_ node: YAMLNode) throws(ConfigurationError) {
    var texts: [String] = []
    for item in try node.list() {
      let text = try item.nonEmptyString()
      do throws(PatternError) { _ = try Pattern(text, anchored: false) } catch { throw item.error(error.description) }
      texts.append(text)
    }
    do throws(PatternError) { try self.init(texts) } catch { throw node.error(error.description) }
  }
}

extension LogPattern {
  private static let keys = ["name", "kind", "help", "match", "labels", "value", "buckets"]

  static func list(_ node: YAMLNode) throws(ConfigurationError) -> [LogPattern] {
    var patterns: [LogPattern] = []
    for item in try node.list() {
      let pattern = try LogPattern(item)
      guard !patterns.contains(where: { $0.metric.name == pattern.metric.name }) else {
        throw item.error("there is a pattern of that name already: \(pattern.metric.name)")
      }
      patterns.append(pattern)
    }
    do throws(PatternError) { _ = try PatternCounts(patterns) } catch { throw node.error(error.description) }
    return patterns
  }

  private init(_ node: YAMLNode) throws(ConfigurationError) {
    let section = try node.mapping(known: Self.keys)
    let kinds: [String: Metric.Kind] = ["counter": .counter, "gauge": .gauge, "histogram": .histogram]
    let kind = try section["kind"].map { node throws(ConfigurationError) in kinds[try node.oneOf(kinds.keys.sorted())] } ?? .counter
    metric = Metric(
      name: try Self.name(section.required("name"), kind ?? .counter), kind: kind ?? .counter,
      help: try section["help"]?.nonEmptyString() ?? "What a pattern of the configuration's own found in Odoo's log.")
    let match = try section.required("match")
    text = try match.nonEmptyString()
    let groups: [String: Int]
    do throws(PatternError) { groups = try Pattern(text, anchored: false).groupNames } catch { throw match.error(error.description) }
    value = try section["value"].map { node throws(ConfigurationError) in try node.oneOf(groups.keys.sorted()) }
    guard value != nil || kind == .counter else {
      throw node.error("a \(kind?.rawValue ?? "gauge") needs 'value', the group that holds its number")
    }
    let value = value
    labels = try section["labels"]?.groups(groups) ?? groups.keys.filter { $0 != value }.sorted()
    if let taken = labels.first(where: YAMLNode.takenLabels.contains) {
      throw match.error("the label '\(taken)' is set by the agent itself: name the group otherwise")
    }
    buckets = try section["buckets"]?.bounds() ?? Self.usualBuckets
  }

  private static func name(_ node: YAMLNode, _ kind: Metric.Kind) throws(ConfigurationError) -> String {
    let name = try node.nonEmptyString()
    let isName = name.utf8.allSatisfy { $0 == 0x5f || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) }
    guard isName, name.first?.isNumber == false else { throw node.error("'\(name.prefix(60))' is no name of a metric") }
    guard !["lookout_", "odoo_", "pg_", "probe_", "process_"].contains(where: { name.hasPrefix($0) }) else {
      throw node.error("names that begin so are the agent's: choose another than '\(name.prefix(60))'")
    }
    guard (kind == .counter) == name.hasSuffix("_total") else {
      throw node.error("the name of a counter, and no other, ends in '_total': '\(name.prefix(60))'")
    }
    return name
  }
}

extension YAMLNode {
  fileprivate func groups(_ known: [String: Int]) throws(ConfigurationError) -> [String] {
    try list().map { item throws(ConfigurationError) in try item.oneOf(known.keys.sorted()) }
  }

  fileprivate func bounds() throws(ConfigurationError) -> [Double] {
    let bounds = try list().map { item throws(ConfigurationError) in try item.double(in: -1e15...1e15) }
    guard !bounds.isEmpty, bounds.count <= 50, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw error("expected up to 50 numbers that rise")
    }
    return bounds
  }
}
