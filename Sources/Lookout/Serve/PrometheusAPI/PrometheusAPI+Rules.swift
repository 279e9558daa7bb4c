import PromQL

extension PrometheusAPI {
  func alerts() -> Answer {
    let alerts = rules().alerts.filter { $0.alert.state != .resolved }
    return Answer { text in
      text.object([("alerts", { $0.array(alerts) { $0.alert($1) } })])
    }
  }

  /// Filtered by `type`, `file[]`, `rule_group[]`, `rule_name[]` and `match[]`; `exclude_alerts` leaves out what they make.
  func ruleGroups(_ parameters: Parameters) throws(Failure) -> Answer {
    let filter = try RuleFilter(parameters)
    let standing = rules()
    let alerts = Dictionary(grouping: standing.alerts.filter { $0.alert.state != .resolved }, by: \.rule)
    let groups = standing.rules.groups.filter(filter.admits).map { group in
      (group, group.rules.filter(filter.admits))
    }.filter { !$0.1.isEmpty || filter.admitsAll }
    return Answer { text in
      text.object([
        (
          "groups",
          { text in
            text.array(groups) { text, pair in
              let (group, rules) = pair
              let effort = standing.efforts[group.fullName]
              text.group(group, effort) { text in
                text.array(rules) { text, rule in
                  let made = alerts[rule.id] ?? []
                  text.rule(rule, alerts: made, showing: filter.showsAlerts, failure: standing.failing[rule.id], effort)
                }
              }
            }
          }
        )
      ])
    }
  }
}

/// Which rules are asked for.
private struct RuleFilter {
  let kind: String
  let files: Set<String>
  let groups: Set<String>
  let names: Set<String>
  let selectors: [[LabelMatcher]]
  let showsAlerts: Bool

  init(_ parameters: PrometheusAPI.Parameters) throws(PrometheusAPI.Failure) {
    kind = parameters["type"]
    guard ["", "alert", "record"].contains(kind) else {
      throw .parameter("type", "not supported value \(JSONText.quoted(kind))")
    }
    files = Set(parameters[all: "file[]"])
    groups = Set(parameters[all: "rule_group[]"])
    names = Set(parameters[all: "rule_name[]"])
    selectors = try parameters.selectors()
    let flag = parameters["exclude_alerts"]
    guard ["", "true", "false", "1", "0"].contains(flag) else {
      throw .parameter("exclude_alerts", "error converting exclude_alerts: \(JSONText.quoted(flag)) is no truth value")
    }
    showsAlerts = flag != "true" && flag != "1"
  }

  var admitsAll: Bool { kind.isEmpty && names.isEmpty && selectors.isEmpty }

  func admits(_ group: RuleGroup) -> Bool {
    (files.isEmpty || files.contains(group.file)) && (groups.isEmpty || groups.contains(group.name))
  }

  func admits(_ rule: Rule) -> Bool {
    let isOfKind = kind.isEmpty || (kind == "alert") == (rule.alert != nil)
    let labels = Labels(rule.labels.map { (name: $0.key, value: $0.value) })
    let isSelected = selectors.isEmpty || selectors.contains { selector in selector.allSatisfy { $0.matches(labels) } }
    return isOfKind && isSelected && (names.isEmpty || names.contains(rule.name))
  }
}

extension Rule {
  fileprivate var labels: [String: String] {
    switch self {
    case .alert(let rule): rule.labels.mapValues(\.text)
    case .record(let rule): rule.labels
    }
  }
}

extension JSONText {
  fileprivate mutating func alert(_ tracked: TrackedAlert) {
    let alert = tracked.alert
    var members: [(String, (inout JSONText) -> Void)] = [
      ("labels", { $0.object(alert.labels) }), ("annotations", { $0.object(alert.annotations) }),
      ("state", { $0.string(alert.state.rawValue) }), ("activeAt", { $0.string(alert.activeAt.rfc3339) }),
    ]
    if let since = tracked.keepFiringSince { members.append(("keepFiringSince", { $0.string(since.rfc3339) })) }
    members.append(("value", { $0.string(formatScientific(alert.value)) }))
    object(members)
  }

  fileprivate mutating func group(
    _ group: RuleGroup, _ effort: Pipeline.GroupEffort?, _ rules: @escaping (inout JSONText) -> Void
  ) {
    let interval = group.interval ?? Pipeline.tickEvery
    object([
      ("name", { $0.string(group.name) }), ("file", { $0.string(group.file) }), ("rules", rules),
      ("interval", { $0.seconds(interval.milliseconds) }), ("limit", { $0.number(group.limit ?? 0) }),
      ("evaluationTime", { $0.raw(formatJSONNumber(effort?.latest.inSeconds ?? 0)) }),
      ("lastEvaluation", { $0.string(effort?.evaluatedAt.rfc3339 ?? "0001-01-01T00:00:00Z") }),
    ])
  }

  /// The time of the group's latest evaluation stands for that of its rules, whose shares in it are not measured.
  fileprivate mutating func rule(
    _ rule: Rule, alerts: [TrackedAlert], showing showsAlerts: Bool, failure: String?, _ effort: Pipeline.GroupEffort?
  ) {
    let state = alerts.contains { $0.alert.state == .firing } ? "firing" : alerts.isEmpty ? "inactive" : "pending"
    var members: [(String, (inout JSONText) -> Void)] = []
    if rule.alert != nil { members.append(("state", { $0.string(state) })) }
    members += [("name", { $0.string(rule.name) }), ("query", { $0.string(rule.expression.description) })]
    if let alert = rule.alert {
      members += [
        ("duration", { $0.seconds(alert.hold.milliseconds) }), ("keepFiringFor", { $0.seconds(alert.keepFiringFor.milliseconds) }),
      ]
    }
    members.append(("labels", { $0.object(rule.labels) }))
    if let alert = rule.alert {
      members += [
        ("annotations", { $0.object(alert.annotations.mapValues(\.text)) }),
        ("alerts", { $0.array(showsAlerts ? alerts : []) { $0.alert($1) } }),
      ]
    }
    members.append(("health", { $0.string(failure != nil ? "err" : effort == nil ? "unknown" : "ok") }))
    if let failure { members.append(("lastError", { $0.string(failure) })) }
    members += [
      ("evaluationTime", { $0.number(0) }),
      ("lastEvaluation", { $0.string(effort?.evaluatedAt.rfc3339 ?? "0001-01-01T00:00:00Z") }),
      ("type", { $0.string(rule.alert != nil ? "alerting" : "recording") }),
    ]
    object(members)
  }
}
