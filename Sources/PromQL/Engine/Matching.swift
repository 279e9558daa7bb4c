extension VectorMatching {
  /// What two elements must have in common to be partners.
  func signature(of element: Labels) -> Labels {
    isOn ? element.keeping(labels) : element.removing(labels + [Labels.metricName])
  }
}

extension Binary {
  /// Arithmetic and comparisons between two vectors (promql/engine.go, VectorBinop).
  func match(_ left: [VectorElement], _ right: [VectorElement]) throws(EvaluationError) -> [VectorElement] {
    let isSwapped = matching.cardinality == .oneToMany
    let many = isSwapped ? right : left
    let one = isSwapped ? left : right
    guard !many.isEmpty, !one.isEmpty else { return [] }
    let partners = try uniquePartners(one, side: isSwapped ? "left" : "right")
    var results: [VectorElement] = []
    var used: [Labels: Set<Labels>] = [:]
    for element in many {
      let signature = matching.signature(of: element.labels)
      guard let partner = partners[signature] else { continue }
      let labels = resultLabels(element.labels, partner.labels)
      try claim(labels, under: signature, in: &used)
      let result = isSwapped ? operation.apply(partner.value, element.value) : operation.apply(element.value, partner.value)
      guard result.holds || returnsBool else { continue }
      results.append(VectorElement(labels: labels, value: returnsBool ? (result.holds ? 1 : 0) : result.value))
    }
    return results
  }

  private func uniquePartners(_ one: [VectorElement], side: String) throws(EvaluationError) -> [Labels: VectorElement] {
    var partners: [Labels: VectorElement] = [:]
    for element in one {
      let signature = matching.signature(of: element.labels)
      guard let other = partners.updateValue(element, forKey: signature) else { continue }
      let both = [other, element].map(\.labels.description).sorted { $0.precedesInBytes($1) }.joined(separator: ", ")
      throw .execution(
        "found duplicate series for the match group \(signature) on the \(side) hand-side of the operation: [\(both)]"
          + ";many-to-many matching not allowed: matching labels must be unique on one side")
    }
    return partners
  }

  /// Elements that share a partner need leave to do so, and labels that keep their results apart.
  private func claim(_ labels: Labels, under signature: Labels, in used: inout [Labels: Set<Labels>]) throws(EvaluationError) {
    if matching.cardinality == .oneToOne && used[signature] != nil {
      throw .execution("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")
    }
    guard used[signature, default: []].insert(labels).inserted else {
      throw .execution("multiple matches for labels: grouping labels must ensure unique matches")
    }
  }

  private func resultLabels(_ many: Labels, _ one: Labels) -> Labels {
    var labels = dropsName ? many.withoutMetadata : many
    if matching.cardinality == .oneToOne {
      labels = matching.isOn ? labels.keeping(matching.labels) : labels.removing(matching.labels)
    }
    for name in matching.included { labels = labels.setting(name, to: one[name] ?? "") }
    return labels
  }
}
