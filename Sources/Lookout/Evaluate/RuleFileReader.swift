import PromQL
import Yams

/// Reads a rule file as promtool does (model/rulefmt/rulefmt.go in Prometheus), and goes on after a mistake to find the next.
struct RuleFileReader {
  private var mistakes: MistakeCollector
  private let file: String
  private var groupLines: [String: Int] = [:]
  private var ruleCount = 0

  /// More rules than people write in a file. Aliases let a small file name millions.
  private static let ruleLimit = 50_000

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
    let keys = ["name", "interval", "query_offset", "limit", "labels", "rules"]
    guard ruleCount <= Self.ruleLimit, let fields = mistakes.fields(of: node, known: keys) else { return nil }
    let name = mistakes.requiredText("name", of: fields)?.text ?? ""
    noteRepetition(ofGroup: name, at: node)
    let offset = mistakes.duration(fields["query_offset"]) ?? .zero
    let interval = mistakes.duration(fields["interval"])
    let limit = fields["limit"].flatMap { node in
      mistakes.noting { () throws(ConfigurationError) in try node.int(in: 0...1_000_000) }
    }
    let labels = texts(fields["labels"], except: Labels.metricName)
    var rules: [Rule] = []
    var known: [RuleID: Int] = [:]
    for node in mistakes.list(fields["rules"]) {
      guard let rule = rule(node, group: name, labels: labels, known: &known) else { continue }
      rules.append(rule)
    }
    return RuleGroup(
      file: file, name: name, interval: interval == .zero ? nil : interval, queryOffset: offset, limit: limit == 0 ? nil : limit,
      rules: rules)
  }

  private mutating func noteRepetition(ofGroup name: String, at node: YAMLNode) {
    if let line = groupLines[name] { mistakes.note(node.error("group '\(name)' stands already in line \(line)")) }
    groupLines[name] = node.node.mark?.line ?? 0
  }

  private mutating func rule(
    _ node: YAMLNode, group: String, labels groupLabels: [String: ScalarText], known: inout [RuleID: Int]
  ) -> Rule? {
    guard admitsOneMoreRule(at: node) else { return nil }
    let keys = ["alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"]
    guard let fields = mistakes.fields(of: node, known: keys) else { return nil }
    let isRecording = fields["record"] != nil
    let name = isRecording ? recordName(fields) : alertName(fields)
    let expression = expression(fields)
    let labels = groupLabels.merging(texts(fields["labels"], except: Labels.metricName)) { $1 }
    var id = RuleID(file: file, group: group, name: name ?? "", labels: labels.mapValues(\.text))
    id.ordinal = known[id, default: 0]
    known[RuleID(file: file, group: group, name: id.name, labels: id.labels), default: 0] += 1
    if isRecording {
      refuse(["for", "keep_firing_for", "annotations"], of: fields)
      guard name != nil, let expression else { return nil }
      return .record(RecordingRule(id: id, expression: expression, labels: id.labels, line: node.node.mark?.line))
    }
    let hold = mistakes.duration(fields["for"]) ?? .zero
    let keepFiringFor = mistakes.duration(fields["keep_firing_for"]) ?? .zero
    let templates = templates(labels)
    let annotations = self.templates(texts(fields["annotations"]))
    guard name != nil, let expression else { return nil }
    return .alert(
      AlertRule(
        id: id, expression: expression, hold: hold, keepFiringFor: keepFiringFor, labels: templates, annotations: annotations,
        line: node.node.mark?.line))
  }

  /// What only alerts have.
  private mutating func refuse(_ keys: [String], of fields: YAMLMapping) {
    for key in keys {
      guard let value = fields[key], !value.isZeroOrEmpty else { continue }
      mistakes.note(value.error("'\(key)' has no meaning in a recording rule"))
    }
  }

  private mutating func admitsOneMoreRule(at node: YAMLNode) -> Bool {
    ruleCount += 1
    if ruleCount == Self.ruleLimit + 1 { mistakes.note(node.error("more than \(Self.ruleLimit) rules in one file")) }
    return ruleCount <= Self.ruleLimit
  }

  private mutating func recordName(_ fields: YAMLMapping) -> String? {
    if let alert = fields["alert"] { mistakes.note(alert.error("a rule has either 'alert' or 'record'")) }
    guard let (node, name) = mistakes.requiredText("record", of: fields) else { return nil }
    if name.contains(where: "{}".contains) {
      mistakes.note(node.error("braces in the name of a recorded series; labels belong under 'labels', selectors into 'expr'"))
    }
    return name
  }

  private mutating func alertName(_ fields: YAMLMapping) -> String? {
    guard fields["alert"] != nil else {
      mistakes.note(fields.node.error("one of 'alert' and 'record' is missing"))
      return nil
    }
    return mistakes.requiredText("alert", of: fields)?.text
  }

  private mutating func expression(_ fields: YAMLMapping) -> Expression? {
    guard let (node, text) = mistakes.requiredText("expr", of: fields) else { return nil }
    do {
      return try Expression(parsing: text)
    } catch {
      mistakes.note("PromQL: \(error.message)", at: error.offset, in: node)
      return nil
    }
  }

  /// Texts by name; of names, only an empty one and `except` are wrong, as in Prometheus since 3.0.
  private mutating func texts(_ node: YAMLNode?, except forbidden: String = "") -> [String: ScalarText] {
    var texts: [String: ScalarText] = [:]
    let pairs = node.flatMap { node in mistakes.noting { () throws(ConfigurationError) in try node.texts() } } ?? []
    for (key, value) in pairs {
      guard let name = mistakes.noting({ () throws(ConfigurationError) in try key.string() }) else { continue }
      if name.isEmpty || name == forbidden { mistakes.note(key.error("'\(name)' is no name for a label or an annotation of a rule")) }
      guard let text = mistakes.noting({ () throws(ConfigurationError) in try value.textOrNothing() }) else { continue }
      texts[name] = ScalarText(node: value, text: text)
    }
    return texts
  }

  private mutating func templates(_ texts: [String: ScalarText]) -> [String: Template] {
    var templates: [String: Template] = [:]
    for (name, text) in texts {
      do {
        templates[name] = try Template(text.text)
      } catch {
        mistakes.note("template: \(error.message)", at: error.offset, in: text.node)
      }
    }
    return templates
  }
}

/// A text, and where it stands.
private struct ScalarText {
  let node: YAMLNode
  let text: String
}

extension YAMLNode {
  /// A text, with YAML's null for an empty one.
  fileprivate func textOrNothing() throws(ConfigurationError) -> String {
    if case .scalar(let scalar) = node, scalar.style == .plain, ["~", "null", "Null", "NULL"].contains(scalar.string) { return "" }
    return try string()
  }

  /// Whether it says what its absence says.
  fileprivate var isZeroOrEmpty: Bool {
    switch node {
    case .scalar(let scalar): Duration(written: scalar.string) == .zero || ["~", "null"].contains(scalar.string)
    case .mapping(let mapping): mapping.isEmpty
    default: false
    }
  }
}
