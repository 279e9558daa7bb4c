import PromQL

/// What is allowed in a rule file and yet, most likely, not what its author wants.
struct RuleLint {
  enum Kind: String, CaseIterable {
    /// Rules of one name and labels: their series or alerts are the same.
    case duplicateRules = "duplicate-rules"
    /// Another program, or another version, would refuse the rule.
    case portability
    /// The rule reads what nothing here exposes, and so can never be true.
    case reachability
  }

  struct Finding: Equatable {
    let kind: Kind
    let file: String
    let line: Int?
    let message: String
  }

  /// The names of the samples that there are beside those that the rules make.
  var exposed = Set(Metric.all.flatMap(\.sampleNames))

  func findings(in set: RuleSet) -> [Finding] {
    duplicates(in: set) + set.groups.flatMap(portability) + reachability(in: set)
  }

  // MARK: - Duplicates

  private func duplicates(in set: RuleSet) -> [Finding] {
    struct Key: Hashable {
      let file, name: String
      let labels: [String: String]
    }
    var first: [Key: Rule] = [:]
    return set.rules.compactMap { rule in
      let key = Key(file: rule.id.file, name: rule.id.name, labels: rule.id.labels)
      guard let earlier = first[key] else {
        first[key] = rule
        return nil
      }
      let place = earlier.line.map { " as in line \($0)" } ?? ""
      return finding(.duplicateRules, rule, "'\(rule.name)' with the same labels\(place)")
    }
  }

  private func finding(_ kind: Kind, _ rule: Rule, _ message: String) -> Finding {
    Finding(kind: kind, file: rule.id.file, line: rule.line, message: message)
  }

  // MARK: - Portability

  private func portability(_ group: RuleGroup) -> [Finding] {
    var findings: [Finding] = []
    if group.queryOffset > .zero, let rule = group.rules.first {
      findings.append(finding(.portability, rule, "'query_offset' of group '\(group.name)': vmalert refuses the key"))
    }
    return findings + group.rules.flatMap { rule in portability(rule).map { finding(.portability, rule, "'\(rule.name)': \($0)") } }
  }

  private func portability(_ rule: Rule) -> [String] {
    var troubles: [String] = []
    switch rule.expression.type {
    case .matrix: troubles.append("the expression gives ranges; it can be read, but each evaluation fails, for a rule needs a value")
    case .string: troubles.append("the expression gives a text; it can be read, but each evaluation fails, for a rule needs a value")
    case .scalar, .vector: break
    }
    if !rule.expression.isReadable(with: []) {
      troubles.append("lengths that are calculated ([5m * 2]) are refused by Prometheus 3.5 without a flag, and by vmalert")
    }
    let templates = rule.alert.map { Array($0.labels.values) + Array($0.annotations.values) } ?? []
    let called = templates.reduce(into: Set()) { $0.formUnion($1.functions) }
    for (function, who) in Self.rareFunctions where called.contains(function) {
      troubles.append("the template function \(function) is refused by \(who)")
    }
    return troubles
  }

  private static let rareFunctions: [(name: String, who: String)] = [
    ("urlQueryEscape", "Prometheus 3.5 and vmalert"), ("toDuration", "Prometheus 3.5 and vmalert"), ("now", "Prometheus 3.5"),
    ("graphLink", "vmalert"), ("tableLink", "vmalert"),
  ]

  // MARK: - Reachability

  private func reachability(in set: RuleSet) -> [Finding] {
    let known = exposed.union(set.groups.flatMap(\.writes)).union([AlertSeries.alerts, AlertSeries.forState])
    return set.rules.flatMap { rule in
      var missing: [String] = []
      for selector in rule.expression.selectors where !selector.admits(anyOf: known) {
        let name = selector.first { $0.name == Labels.metricName }.map { $0.kind == .equal ? $0.value : $0.description } ?? ""
        if !missing.contains(name) { missing.append(name) }
      }
      return missing.map { name in
        let meant = nearest(to: name, among: known.sorted()).map { "; did you mean '\($0)'?" } ?? ""
        return finding(.reachability, rule, "'\(rule.name)' reads '\(name)', which nothing here exposes\(meant)")
      }
    }
  }
}

extension Expression {
  /// Whether a version with these features only reads it.
  fileprivate func isReadable(with features: Features) -> Bool { (try? Expression(parsing: text, features: features)) != nil }
}
