/// info(): adds the labels of info metrics, which share `instance` and `job` with a series, to it (promql/info.go).
extension Evaluator {
  private static let identifying = ["instance", "job"]

  mutating func withInfo(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let base = try block(of: call.arguments[0], steps)
    var conditions: [LabelMatcher] = []
    if call.arguments.count > 1, case .vectorSelector(let selector) = call.arguments[1].kind { conditions = selector.matchers }
    let onName = infoNames(conditions)
    let onData = conditions.filter { $0.name != Labels.metricName }
    let isInfo = base.rows.map { row in
      let name = labels.text(of: labels.find(Labels.metricName), in: row.labels)
      return onName.allSatisfy { $0.matches(value: name) }
    }
    let info = try infoBlock(for: base, isInfo, onName + onData, call.arguments[0], steps)
    return try enriched(base, isInfo, info, onData, steps)
  }

  /// Which metrics count as info: `target_info` unless something is said of the name.
  private func infoNames(_ conditions: [LabelMatcher]) -> [LabelMatcher] {
    let given = conditions.filter { $0.name == Labels.metricName }
    if given.contains(where: { $0.kind == .equal || $0.kind == .matches }) { return given }
    if given.isEmpty { return [LabelMatcher(Labels.metricName, equals: "target_info")] }
    return [(try? LabelMatcher(checking: Labels.metricName, .matches, ".+_info"))].compactMap(\.self) + given
  }

  /// The info series of the base's targets; each value is the time of its sample in milliseconds.
  private mutating func infoBlock(
    for base: Block, _ isInfo: [Bool], _ conditions: [LabelMatcher], _ argument: Node, _ steps: Steps
  ) throws(EvaluationError) -> Block {
    let identifying = Evaluator.identifying.map { labels.find($0) }
    let identifiable = zip(base.rows, isInfo).contains { row, isInfo in
      !isInfo && identifying.contains { $0.flatMap { labels.value(of: $0, in: row.labels) } != nil }
    }
    guard identifiable else { return Block() }
    let modifiers = infoModifiers(argument)
    let selector = VectorSelector(name: nil, matchers: conditions, modifiers: modifiers)
    return try latest(selector, try instants(modifiers, steps), steps) { sample, _ in Double(sample.time) }
  }

  /// When the first selector looks, with the subqueries around it up to the first that has a fixed time.
  private func infoModifiers(_ argument: Node) -> TimeModifiers {
    func find(_ node: Node) -> (modifiers: TimeModifiers, offsets: [Length])? {
      switch node.kind {
      case .vectorSelector(let selector): return (selector.modifiers, [])
      case .rangeSelector(let range): return (range.selector.modifiers, [])
      case .subquery(let subquery):
        guard var inner = find(subquery.expression), inner.modifiers.at == nil else { return find(subquery.expression) }
        if let offset = subquery.modifiers.offset { inner.offsets.append(offset) }
        inner.modifiers.at = subquery.modifiers.at
        return inner
      default:
        for child in node.kind.children { if let inner = find(child) { return inner } }
        return nil
      }
    }
    guard var found = find(argument) else { return TimeModifiers() }
    for offset in found.offsets {
      found.modifiers.offset = found.modifiers.offset.map { Length(.binary(.add, $0, offset), $0.range) } ?? offset
    }
    return found.modifiers
  }

  private mutating func enriched(
    _ base: Block, _ isInfo: [Bool], _ info: Block, _ onData: [LabelMatcher], _ steps: Steps
  ) throws(EvaluationError) -> Block {
    let wanted = Set(onData.map(\.name))
    let mayBeMissing = onData.allSatisfy { $0.matches(value: "") }
    let partners = try InfoPartners(base, info, &labels)
    var result = Block()
    for (row, isInfo) in zip(base.rows.indices, isInfo) {
      var bySource: [[Int]: Int] = [:]
      for step in 0..<steps.count {
        let value = base.values[row * steps.count + step]
        guard !value.isStaleMarker else { continue }
        let sources = isInfo ? [] : try current(partners.candidates[row], info, step, steps)
        if sources.isEmpty && !isInfo && !mayBeMissing { continue }
        let target: Int
        if let known = bySource[sources] {
          target = known
        } else {
          try charge(rows: 1, steps)
          target = result.rows.count
          let set = try enriched(base.rows[row].labels, sources.map { info.rows[$0].labels }, wanted)
          result.append(Block.Row(labels: set, dropsName: base.rows[row].dropsName), repeatElement(Block.absent, count: steps.count))
          bySource[sources] = target
        }
        result.values[target * steps.count + step] = value
      }
    }
    return try merged(result, steps)
  }

  /// Of each info metric the row with the newest sample at a step.
  private func current(_ candidates: [[Int]], _ info: Block, _ step: Int, _ steps: Steps) throws(EvaluationError) -> [Int] {
    var chosen: [Int] = []
    for rows in candidates {
      var newest: Int?
      for row in rows where !info.values[row * steps.count + step].isStaleMarker {
        guard let other = newest else {
          newest = row
          continue
        }
        let (time, otherTime) = (info.values[row * steps.count + step], info.values[other * steps.count + step])
        guard time != otherTime else {
          let texts = [other, row].map { labels.labels(info.rows[$0].labels).description }
          let place = "@ \(Int64(time))"
          throw .execution("found duplicate series for info metric: existing \(texts[0]) \(place), new \(texts[1]) \(place)")
        }
        if time > otherTime { newest = row }
      }
      if let newest { chosen.append(newest) }
    }
    return chosen
  }

  private mutating func enriched(_ base: LabelSet, _ sources: [LabelSet], _ wanted: Set<String>) throws(EvaluationError) -> LabelSet {
    var set = base
    var added: [Symbol: Symbol] = [:]
    let name = labels.find(Labels.metricName)
    for source in sources {
      let range = labels.range(source)
      for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
        let (label, value) = (labels.symbols[index], labels.symbols[index + 1])
        guard label != name, wanted.isEmpty || wanted.contains(labels.text(label)) else { continue }
        if let other = added[label], other != value { throw .execution("conflicting label: \(labels.text(label))") }
        guard labels.value(of: label, in: base) == nil else { continue }
        added[label] = value
        set = labels.setting(label, to: value, in: set)
      }
    }
    return set
  }
}

/// For each base row the rows of every info metric that share its identifying labels.
private struct InfoPartners {
  private(set) var candidates: [[[Int]]] = []

  init(_ base: Block, _ info: Block, _ labels: inout LabelArena) throws(EvaluationError) {
    let name = labels.symbol(for: Labels.metricName)
    let identifying = ["instance", "job"].map { labels.symbol(for: $0) }
    var table = LabelSetTable()
    var byTarget: [Int: [Symbol: [Int]]] = [:]
    for (index, row) in info.rows.enumerated() {
      let set = labels.filtered(row.labels, names: identifying, keeps: true)
      let target = table.index(of: set, in: labels).index
      byTarget[target, default: [:]][labels.value(of: name, in: row.labels) ?? name, default: []].append(index)
    }
    for row in base.rows {
      let set = labels.filtered(row.labels, names: identifying, keeps: true)
      let target = table.index(of: set, in: labels).index
      let byName = (byTarget[target] ?? [:]).sorted { $0.key < $1.key }
      candidates.append(byName.map(\.value))
    }
  }
}
