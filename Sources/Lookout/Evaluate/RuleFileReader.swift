import PromQL
import Yams

/// Reads a rule file as promtool does (model/rulefmt/rulefmt.go in Prometheus), and goes on after a mistake to find the next.
struct RuleFileReader {
  private var mistakes: MistakeCollector
  private let file: String
  private var groupLines: [String: Int] = [:]
  private var ruleLines: [RuleKey: Int] = [:]
  private var ruleCount = 0

  /// More rules than people write in a file. Aliases let a small file name millions.
  private static let ruleLimit = 10_000

  init(_ text: String, file: String) {
    mistakes = MistakeCollector(text, file: file)
    self.file = file
  }

  var errors: [ConfigurationError] { mistakes.errors }

  /// The groups; all of them, in order, where `errors` stays empty. An empty file has none.
  mutating func groups() -> [RuleGroup] {
    guard let document = mistakes.document(), let fields = mistakes.fields(of: document, known: ["groups"]) else { return [] }
    return mistakes.list(fields["groups"]).compactMap { group($0) }
  }

  private mutating func group(_ node: YAMLNode) -> RuleGroup? {
    let known = ["name", "interval", "query_offset", "limit", "labels", "rules"]
    guard ruleCount <= Self.ruleLimit, let fields = mistakes.fields(of: node, known: known) else { return nil }
    let name = mistakes.requiredText("name", of: fields)?.text ?? ""
    noteRepetition(ofGroup: name, at: node)
    if let offset = fields["query_offset"] { mistakes.note(offset.error("'query_offset' is not supported")) }
    let interval = mistakes.duration(fields["interval"])
    let limit = fields["limit"].flatMap { node in
      mistakes.noting { () throws(ConfigurationError) in try node.int(in: 0...1_000_000) }
    }
    let labels = labels(fields["labels"])
    let rules = mistakes.list(fields["rules"]).compactMap { rule($0, group: name, labels: labels) }
    return RuleGroup(
      file: file, name: name, interval: interval == .zero ? nil : interval, limit: limit == 0 ? nil : limit, rules: rules)
  }

  private mutating func noteRepetition(ofGroup name: String, at node: YAMLNode) {
    if let line = groupLines[name] { mistakes.note(node.error("group '\(name)' stands already in line \(line)")) }
    groupLines[name] = node.node.mark?.line ?? 0
  }

  private mutating func rule(_ node: YAMLNode, group: String, labels groupLabels: [String: Template]) -> AlertRule? {
    guard admitsOneMoreRule(at: node) else { return nil }
    let known = ["alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"]
    guard let fields = mistakes.fields(of: node, known: known) else { return nil }
    let name = alertName(fields)
    let expression = expression(fields)
    let hold = mistakes.duration(fields["for"]) ?? .zero
    let keepFiringFor = mistakes.duration(fields["keep_firing_for"]) ?? .zero
    let labels = groupLabels.merging(labels(fields["labels"])) { $1 }
    let annotations = templates(fields["annotations"])
    guard let name, let expression else { return nil }
    let id = RuleID(file: file, group: group, alert: name, labels: labels.mapValues(\.text))
    noteRepetition(of: id, at: node)
    return AlertRule(id: id, expression: expression, hold: hold, keepFiringFor: keepFiringFor, labels: labels, annotations: annotations)
  }

  private mutating func admitsOneMoreRule(at node: YAMLNode) -> Bool {
    ruleCount += 1
    if ruleCount == Self.ruleLimit + 1 { mistakes.note(node.error("more than \(Self.ruleLimit) rules in one file")) }
    return ruleCount <= Self.ruleLimit
  }

  private mutating func noteRepetition(of id: RuleID, at node: YAMLNode) {
    let key = RuleKey(alert: id.alert, labels: id.labels)
    if let line = ruleLines[key] { mistakes.note(node.error("alert '\(id.alert)' with the same labels stands already in line \(line)")) }
    ruleLines[key] = node.node.mark?.line ?? 0
  }

  private mutating func alertName(_ fields: YAMLMapping) -> String? {
    if let record = fields["record"] {
      let both = fields["alert"] != nil
      mistakes.note(record.error(both ? "a rule has either 'alert' or 'record'" : "recording rules ('record') are not supported"))
      return nil
    }
    guard let (node, name) = mistakes.requiredText("alert", of: fields) else { return nil }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      mistakes.note(node.error("the name of an alert holds no control characters"))
    }
    return name
  }

  private mutating func expression(_ fields: YAMLMapping) -> Expression? {
    guard let (node, text) = mistakes.requiredText("expr", of: fields) else { return nil }
    do {
      let expression = try Expression(parsing: text)
      if let refusal = expression.refusalAsRule { mistakes.note(node.error(refusal)) }
      return expression
    } catch {
      mistakes.note("PromQL: \(error.message)", at: error.offset, in: node)
      return nil
    }
  }

  private mutating func labels(_ node: YAMLNode?) -> [String: Template] {
    templates(node, except: Labels.metricName)
  }

  /// Texts by name; of names, only an empty one and `except` are wrong, as in Prometheus since 3.0.
  private mutating func templates(_ node: YAMLNode?, except forbidden: String = "") -> [String: Template] {
    var templates: [String: Template] = [:]
    let pairs = node.flatMap { node in mistakes.noting { () throws(ConfigurationError) in try node.texts() } } ?? []
    for (key, value) in pairs {
      guard let name = mistakes.noting({ () throws(ConfigurationError) in try key.string() }) else { continue }
      if name.isEmpty || name == forbidden { mistakes.note(key.error("'\(name)' is no name for a label or an annotation of an alert")) }
      templates[name] = template(value)
    }
    return templates
  }

  private mutating func template(_ node: YAMLNode) -> Template? {
    guard let text = mistakes.noting({ () throws(ConfigurationError) in try node.textOrNothing() }) else { return nil }
    do {
      return try Template(text)
    } catch {
      mistakes.note("template: \(error.message)", at: error.offset, in: node)
      return nil
    }
  }
}

/// What tells two rules of a file apart.
private struct RuleKey: Hashable {
  let alert: String
  let labels: [String: String]
}

extension YAMLNode {
  /// A text, with YAML's null for an empty one.
  fileprivate func textOrNothing() throws(ConfigurationError) -> String {
    if case .scalar(let scalar) = node, scalar.style == .plain, ["~", "null", "Null", "NULL"].contains(scalar.string) { return "" }
    return try string()
  }
}

extension Expression {
  /// Why no alert can be made of it; nil where one can.
  fileprivate var refusalAsRule: String? {
    switch type {
    case .matrix: return "the expression gives ranges; an alert needs a value for each series"
    case .string: return "the expression gives a text; an alert needs a value for each series"
    case .scalar, .vector: break
    }
    let own = selectors.joined().first { matcher in
      matcher.name == Labels.metricName && matcher.kind == .equal && ["ALERTS", "ALERTS_FOR_STATE"].contains(matcher.value)
    }
    return own.map { "the metric \($0.value) is not supported: alerts are not recorded as series here" }
  }
}
