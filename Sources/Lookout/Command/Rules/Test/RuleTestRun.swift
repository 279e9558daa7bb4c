import PromQL

/// One group of tests, run against the rules: they are evaluated from time 0 on, at the file's interval, whatever that of their groups.
struct RuleTestRun {
  let group: RuleTestFile.Group
  let file: RuleTestFile
  private let store: RuleTestStore
  private let evaluator: Evaluator

  init(_ group: RuleTestFile.Group, of file: RuleTestFile, rules: RuleSet) {
    self.group = group
    self.file = file
    store = RuleTestStore(group.series, every: group.interval)
    let order = Dictionary(uniqueKeysWithValues: file.groupOrder.enumerated().map { ($0.element, $0.offset) })
    let ordered = rules.groups.enumerated().sorted { left, right in
      let (first, second) = (order[left.element.name] ?? 0, order[right.element.name] ?? 0)
      return first == second ? left.offset < right.offset : first < second
    }
    evaluator = Evaluator(
      rules: RuleSet(groups: ordered.map(\.element)), externalURL: group.externalURL, externalLabels: group.externalLabels,
      addsRunbookLinks: false,
      options: EvaluationOptions(subqueryStep: file.evaluationInterval.milliseconds))
  }

  /// What failed, in the order in which it was found.
  func failures() -> [RuleTestFailure] {
    var failures: [RuleTestFailure] = []
    var active: [TrackedAlert] = []
    var open = group.alertTests.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)[...]
    var moment = Timestamp(milliseconds: 0)
    let end = moment + group.end
    let store = store
    while moment <= end {
      store.advance(to: moment)
      let evaluation = evaluator.evaluate(
        evaluator.rules.groups, earlier: active, at: moment, over: store,
        in: Evaluator.Surroundings(record: { store.record($1, of: $0, at: $2) }))
      active = evaluation.active
      failures += evaluation.failures.map {
        RuleTestFailure(group: group.name, what: "rule: \($0.rule.name), time: \(Self.written(moment)), err: \($0.message)")
      }
      // What is compared after that would follow from it.
      if !evaluation.failures.isEmpty { return failures }
      while let test = open.first, Timestamp(milliseconds: test.time.milliseconds) < moment + file.evaluationInterval {
        if let failure = compare(test, with: active) { failures.append(failure) }
        open.removeFirst()
      }
      moment = moment + file.evaluationInterval
    }
    return failures + group.queryTests.compactMap(compare)
  }

  private func compare(_ test: RuleTestFile.AlertTest, with active: [TrackedAlert]) -> RuleTestFailure? {
    let firing = active.map(\.alert).filter { $0.name == test.name && $0.state == .firing }
    let got = firing.map { ToldAlert(labels: $0.labels, annotations: $0.annotations) }
    let (expected, told) = (Self.ordered(test.expected), Self.ordered(got))
    guard expected != told else { return nil }
    return RuleTestFailure(
      group: group.name, what: "alertname: \(test.name), time: \(Self.written(test.time))",
      expected: expected.flatMap(\.lines), got: told.flatMap(\.lines))
  }

  private static func ordered(_ alerts: [ToldAlert]) -> [ToldAlert] {
    alerts.sorted { $0.lines.joined() < $1.lines.joined() }
  }

  private func compare(_ test: RuleTestFile.QueryTest) -> RuleTestFailure? {
    let what = "expr: \(GoText.quoted(test.text)), time: \(Self.written(test.time))"
    let query = RuleQuery(source: store, options: evaluator.options, now: Timestamp(milliseconds: test.time.milliseconds), offset: .zero)
    do {
      let got = try query.vector(try Expression(parsing: test.text))
      let (expected, answered) = (test.expected.map { Line($0.labels, $0.value) }, got.map { Line($0.labels, $0.value) })
      let (left, right) = (expected.sorted(), answered.sorted())
      guard !zip(left, right).allSatisfy({ $0.isEqual(to: $1, isFuzzy: file.isFuzzy) }) || left.count != right.count else { return nil }
      return RuleTestFailure(group: group.name, what: what, expected: left.map(\.text), got: right.map(\.text))
    } catch {
      return RuleTestFailure(group: group.name, what: "\(what), err: \(error)")
    }
  }

  /// An element of an answer.
  private struct Line: Comparable {
    let labels: String
    let value: Double

    init(_ labels: Labels, _ value: Double) {
      self.labels = labels.description
      self.value = value
    }

    var text: String { "\(labels) \(formatPrometheusValue(value))" }

    static func < (left: Line, right: Line) -> Bool { left.labels < right.labels }

    func isEqual(to other: Line, isFuzzy: Bool) -> Bool {
      guard labels == other.labels else { return false }
      return value == other.value || value.isNaN && other.value.isNaN
        || isFuzzy && (value.nextUp == other.value || value.nextDown == other.value)
    }
  }

  private static func written(_ moment: Timestamp) -> String { written(.milliseconds(moment.milliseconds)) }

  private static func written(_ span: Duration) -> String { formatPrometheusDuration(milliseconds: span.milliseconds) }
}

/// What a test expected and what came instead.
struct RuleTestFailure {
  let group: String
  /// What was looked at, and when.
  let what: String
  var expected: [String] = []
  var got: [String] = []

  /// What was looked at, then the lines of both sides: `-` before what is missing, `+` before what came instead.
  func lines(style: OutputStyle) -> [String] {
    let header = (group.isEmpty ? [] : ["    name: \(group),"]) + ["    \(what)"]
    guard !expected.isEmpty || !got.isEmpty else { return header }
    return header
      + LineDifference.between(expected, got).map { change in
        switch change {
        case .same(let line): "          \(line)"
        case .missing(let line): style.painted("        - \(line)", .red)
        case .added(let line): style.painted("        + \(line)", .green)
        }
      }
  }
}

/// How one list of lines becomes another.
enum LineDifference {
  enum Change: Equatable {
    case same(String)
    case missing(String)
    case added(String)
  }

  static func between(_ old: [String], _ new: [String]) -> [Change] {
    var missing = Set<Int>()
    var added = Set<Int>()
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): missing.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var changes: [Change] = []
    var next = 0
    for (index, line) in old.enumerated() {
      if missing.contains(index) {
        changes.append(.missing(line))
        continue
      }
      while added.contains(next) {
        changes.append(.added(new[next]))
        next += 1
      }
      changes.append(.same(line))
      next += 1
    }
    return changes + new[min(next, new.count)...].map(Change.added)
  }
}
