import PromQL

/// What a value in Alertmanager's configuration may be. An empty value stands for the default everywhere, as there.
indirect enum SettingShape: Sendable {
  case text, flag, number, anything
  /// `1m30s`, in Prometheus' notation.
  case duration
  /// `1m30s` in Go's notation, which has fractions and no days.
  case goDuration
  /// http or https.
  case url
  /// A URL that may hold templates.
  case urlTemplate
  /// `smtp.example.com:587`
  case hostAndPort
  /// From names to texts.
  case texts
  case list(SettingShape)
  case section(SettingSection)
}

/// A mapping with known keys, and what must hold among them.
struct SettingSection: Sendable {
  var keys: [String: SettingShape]
  var rules: [Rule] = []

  enum Rule: Sendable {
    case atMostOne([String])
    case atLeastOne([String])
    /// One of the values, or none.
    case oneOf(String, [String])
    /// Whatever cannot be said by the others: throws what is wrong.
    case other(@Sendable (YAMLMapping) throws(ConfigurationError) -> Void)
  }

  func with(_ more: [String: SettingShape], _ rules: [Rule] = []) -> SettingSection {
    SettingSection(keys: keys.merging(more) { $1 }, rules: self.rules + rules)
  }

  @discardableResult
  func check(_ node: YAMLNode) throws(ConfigurationError) -> YAMLMapping {
    let mapping = try node.mapping(known: keys.keys.sorted())
    for (key, value) in mapping.values.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
      if let shape = keys[key] { try shape.check(value) }
    }
    for rule in rules { try rule.check(mapping) }
    return mapping
  }
}

extension SettingSection.Rule {
  fileprivate func check(_ mapping: YAMLMapping) throws(ConfigurationError) {
    switch self {
    case .atMostOne(let keys):
      let given = keys.filter(mapping.holds)
      guard given.count > 1, let second = mapping.values[given[1]] else { return }
      throw second.error("'\(given[0])' and '\(given[1])' exclude each other")
    case .atLeastOne(let keys):
      guard !keys.contains(where: mapping.holds) else { return }
      var error = mapping.node.error(keys.map { "'\($0)'" }.joined(separator: " or ") + " is missing")
      error.missingKey = keys.first
      throw error
    case .oneOf(let key, let words):
      guard let value = mapping[key], mapping.holds(key) else { return }
      _ = try value.oneOf(words)
    case .other(let check): try check(mapping)
    }
  }
}

extension YAMLMapping {
  /// Whether the key has a value that is not empty.
  func holds(_ key: String) -> Bool {
    guard let value = values[key], !value.isNull else { return false }
    return (try? value.string()) != ""
  }
}

extension SettingShape {
  func check(_ node: YAMLNode) throws(ConfigurationError) {
    if node.isNull { return }
    switch self {
    case .text: _ = try node.string()
    case .flag: _ = try node.flag()
    case .number: _ = try node.int(in: Int.min...Int.max)
    case .anything: break
    case .duration: _ = try node.prometheusDuration()
    case .goDuration: _ = try node.goDuration()
    case .url: try node.checkURL()
    case .urlTemplate: if try !node.string().contains("{{") { try node.checkURL() }
    case .hostAndPort: try node.checkHostAndPort()
    case .texts: for (_, value) in try node.texts() where !value.isNull { _ = try value.string() }
    case .list(let shape): for item in try node.list() { try shape.check(item) }
    case .section(let section): try section.check(node)
    }
  }
}

extension YAMLNode {
  var line: Int { node.mark?.line ?? 0 }

  /// YAML's null, in any of its forms.
  var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// A truth value in YAML 1.1, which Alertmanager reads.
  func flag() throws(ConfigurationError) -> Bool {
    switch try string() {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return false
    case let other: throw error("expected true or false, found '\(other.prefix(60))'")
    }
  }

  func prometheusDuration() throws(ConfigurationError) -> Duration {
    let text = try string()
    guard let duration = Duration(written: text) else {
      throw error("expected a duration such as 30s or 1m30s, found '\(text.prefix(60))'")
    }
    return duration
  }

  func goDuration() throws(ConfigurationError) -> Duration {
    let text = try string()
    // A plain number is one of nanoseconds.
    if let nanoseconds = Int64(text) { return .nanoseconds(nanoseconds) }
    guard let duration = Duration(goWritten: text) else {
      throw error("expected a duration such as 10s or 1m30s, found '\(text.prefix(60))'")
    }
    return duration
  }

  /// `SecretURL` and `URL` of Alertmanager: any http or https URL with a host, users and fragments included.
  fileprivate func checkURL() throws(ConfigurationError) {
    let text = try string()
    if text == "<secret>" { return }
    let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() }
    guard let scheme, ["http", "https"].contains(scheme) else {
      throw error("'\(WebAddress.redacted(text))' is not a URL to use here: it must begin with http:// or https://")
    }
    let rest = text.dropFirst(scheme.count + 3)
    guard let first = rest.first, !"/?#".contains(first), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      throw error("'\(WebAddress.redacted(text))' is not a URL to use here: it names no host, or holds spaces")
    }
  }

  fileprivate func checkHostAndPort() throws(ConfigurationError) {
    let text = try string()
    guard !text.isEmpty else { return }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isBracketed = text.hasPrefix("[") && text.contains("]:")
    guard let port = parts.last, !port.isEmpty, parts.count == 2 || isBracketed else {
      throw error("expected HOST:PORT such as smtp.example.com:587, found '\(text.prefix(60))'")
    }
  }
}

extension Duration {
  /// From the notation of Go's time.ParseDuration; nil for anything else.
  init?(goWritten text: String) {
    let units: [(String, Double)] = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)]
    var rest = text[...]
    let isNegative = rest.first == "-"
    if let sign = rest.first, "+-".contains(sign) { rest.removeFirst() }
    if rest == "0" {
      self = .zero
      return
    }
    guard !rest.isEmpty else { return nil }
    var seconds = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let letters = rest[digits.endIndex...].prefix { $0.isLetter }
      guard let number = Double(digits), let unit = units.first(where: { $0.0 == letters }) else { return nil }
      seconds += number * unit.1
      rest = rest[letters.endIndex...]
    }
    guard seconds < 9e9 else { return nil }
    self = .milliseconds(Int64((seconds * 1000).rounded()) * (isNegative ? -1 : 1))
  }
}
