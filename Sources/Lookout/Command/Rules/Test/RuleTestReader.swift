import PromQL
import Yams

/// Reads a file of unit tests strictly, and goes on after a mistake to find the next.
struct RuleTestReader {
  private var mistakes: MistakeCollector
  private var file = RuleTestFile()

  /// Throws `RuleFileErrors`.
  static func read(_ text: String, file name: String) throws(RuleFileErrors) -> RuleTestFile {
    var reader = RuleTestReader(mistakes: MistakeCollector(text, file: name))
    reader.read()
    guard reader.mistakes.errors.isEmpty else { throw RuleFileErrors(reader.mistakes.errors) }
    return reader.file
  }

  private init(mistakes: MistakeCollector) {
    self.mistakes = mistakes
  }

  private mutating func read() {
    let known = ["rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests"]
    guard let document = mistakes.document(), let fields = mistakes.fields(of: document, known: known) else { return }
    file.ruleFiles = mistakes.list(fields["rule_files"]).compactMap { text($0) }
    if let interval = mistakes.duration(fields["evaluation_interval"]), interval > .zero { file.evaluationInterval = interval }
    for node in mistakes.list(fields["group_eval_order"]) {
      guard let name = text(node) else { continue }
      if file.groupOrder.contains(name) { mistakes.note(node.error("group '\(name)' stands here a second time")) }
      file.groupOrder.append(name)
    }
    if let node = fields["fuzzy_compare"] {
      file.isFuzzy = mistakes.noting { () throws(ConfigurationError) in try node.bool() } ?? false
    }
    file.groups = mistakes.list(fields["tests"]).compactMap { group($0) }
  }

  private mutating func text(_ node: YAMLNode?) -> String? {
    node.flatMap { node in mistakes.noting { () throws(ConfigurationError) in try node.string() } }
  }

  private mutating func group(_ node: YAMLNode) -> RuleTestFile.Group? {
    let known = ["name", "interval", "input_series", "alert_rule_test", "promql_expr_test", "external_labels", "external_url"]
    guard let fields = mistakes.fields(of: node, known: known) else { return nil }
    var group = RuleTestFile.Group(name: text(fields["name"]) ?? "", interval: file.evaluationInterval)
    if let interval = mistakes.duration(fields["interval"]), interval > .zero { group.interval = interval }
    group.series = mistakes.list(fields["input_series"]).compactMap { series($0) }
    group.alertTests = mistakes.list(fields["alert_rule_test"]).compactMap { alertTest($0) }
    group.queryTests = mistakes.list(fields["promql_expr_test"]).compactMap { queryTest($0) }
    group.externalLabels = texts(fields["external_labels"])
    group.externalURL = text(fields["external_url"]) ?? ""
    return group
  }

  private mutating func series(_ node: YAMLNode) -> SeriesNotation? {
    guard let fields = mistakes.fields(of: node, known: ["series", "values"]),
      let (place, series) = mistakes.requiredText("series", of: fields)
    else { return nil }
    let values = text(fields["values"]) ?? ""
    do {
      let notation = try SeriesNotation(parsing: "\(series) \(values)")
      if notation.values.contains(.histogram) { mistakes.note(place.error("native histograms are not supported")) }
      return notation
    } catch {
      let inValues = error.offset - series.utf8.count - 1
      if inValues >= 0, let node = fields["values"] {
        mistakes.note(error.message, at: inValues, in: node)
      } else {
        mistakes.note(error.message, at: error.offset, in: place)
      }
      return nil
    }
  }

  private mutating func alertTest(_ node: YAMLNode) -> RuleTestFile.AlertTest? {
    guard let fields = mistakes.fields(of: node, known: ["eval_time", "alertname", "exp_alerts"]) else { return nil }
    let time = mistakes.duration(fields["eval_time"]) ?? .zero
    guard let name = mistakes.requiredText("alertname", of: fields)?.text else { return nil }
    let expected = mistakes.list(fields["exp_alerts"]).compactMap { alert($0, named: name) }
    return RuleTestFile.AlertTest(time: time, name: name, expected: expected)
  }

  private mutating func alert(_ node: YAMLNode, named name: String) -> ToldAlert? {
    guard let fields = mistakes.fields(of: node, known: ["exp_labels", "exp_annotations"]) else { return nil }
    var labels = texts(fields["exp_labels"])
    labels["alertname"] = name
    return ToldAlert(labels: labels, annotations: texts(fields["exp_annotations"]))
  }

  private mutating func texts(_ node: YAMLNode?) -> [String: String] {
    let pairs = node.flatMap { node in mistakes.noting { () throws(ConfigurationError) in try node.texts() } } ?? []
    var texts: [String: String] = [:]
    for (key, value) in pairs {
      guard let name = text(key), let text = text(value) else { continue }
      texts[name] = text
    }
    return texts
  }

  private mutating func queryTest(_ node: YAMLNode) -> RuleTestFile.QueryTest? {
    guard let fields = mistakes.fields(of: node, known: ["expr", "eval_time", "exp_samples"]) else { return nil }
    let time = mistakes.duration(fields["eval_time"]) ?? .zero
    guard let text = mistakes.requiredText("expr", of: fields)?.text else { return nil }
    return RuleTestFile.QueryTest(time: time, text: text, expected: mistakes.list(fields["exp_samples"]).compactMap { sample($0) })
  }

  private mutating func sample(_ node: YAMLNode) -> RuleTestFile.ExpectedSample? {
    guard let fields = mistakes.fields(of: node, known: ["labels", "value", "histogram"]) else { return nil }
    if let histogram = fields["histogram"] { mistakes.note(histogram.error("native histograms are not supported")) }
    guard let value = number(fields["value"]) else { return nil }
    guard let place = fields["labels"], let text = text(place) else { return RuleTestFile.ExpectedSample(labels: Labels(), value: value) }
    do {
      return RuleTestFile.ExpectedSample(labels: try SeriesNotation(parsing: text).labels, value: value)
    } catch {
      mistakes.note(error.message, at: error.offset, in: place)
      return nil
    }
  }

  /// A number as YAML writes it.
  private mutating func number(_ node: YAMLNode?) -> Double? {
    guard let node, let text = text(node) else { return 0 }
    let special: [String: Double] = [".nan": .nan, ".inf": .infinity, "+.inf": .infinity, "-.inf": -.infinity]
    let value = special[text.lowercased()] ?? GoText.float(text) ?? Int64(text.filter { $0 != "_" }).map(Double.init)
    if value == nil { mistakes.note(node.error("expected a number, found '\(text.prefix(60))'")) }
    return value
  }
}
