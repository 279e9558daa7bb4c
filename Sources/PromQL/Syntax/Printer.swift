/// The canonical form of an expression: what Prometheus prints for it (promql/parser/printer.go).
extension Node: CustomStringConvertible {
  var description: String {
    switch kind {
    case .number(let value, false): formatPlainNumber(value)
    case .number(let seconds, true): formatPrometheusDuration(milliseconds: Int64((seconds * 1000).rounded()))
    case .string(let text): quoted(text)
    case .vectorSelector(let selector): selector.description
    case .rangeSelector(let range): "\(range.selector)[\(formatPrometheusDuration(milliseconds: range.milliseconds))]"
    case .parenthesis(let inner): "(\(inner))"
    case .sign(let isNegative, let inner): (isNegative ? "-" : "+") + inner.description
    case .binary(let binary): binary.description
    case .aggregation(let aggregation): aggregation.description
    case .call(let call): "\(call.function.name)(\(call.arguments.map(\.description).joined(separator: ", ")))"
    }
  }
}

extension VectorSelector: CustomStringConvertible {
  var description: String {
    let inside = name == nil ? matchers[...] : matchers.dropLast()
    guard !inside.isEmpty else { return name ?? "" }
    let list = inside.map(\.description).sorted { $0.precedesInBytes($1) }.joined(separator: ",")
    return "\(name ?? ""){\(list)}"
  }
}

extension Binary: CustomStringConvertible {
  var description: String {
    let bool = returnsBool ? " bool" : ""
    let isBetweenVectors = left.type == .vector && right.type == .vector
    return "\(left) \(operation.rawValue)\(bool)\(isBetweenVectors ? matching.description : "") \(right)"
  }
}

extension VectorMatching: CustomStringConvertible {
  /// Empty, or with a space in front.
  var description: String {
    guard isOn || !labels.isEmpty || cardinality != .oneToOne else { return "" }
    let text = " \(isOn ? "on" : "ignoring") (\(labelList(labels)))"
    switch cardinality {
    case .oneToOne: return text
    case .manyToOne: return "\(text) group_left (\(labelList(included)))"
    case .oneToMany: return "\(text) group_right (\(labelList(included)))"
    }
  }
}

extension Aggregation: CustomStringConvertible {
  var description: String {
    let inside = (parameter.map { "\($0), " } ?? "") + argument.description
    let by = grouping.labels.isEmpty ? "" : " by (\(labelList(grouping.labels))) "
    let clause = grouping.isWithout ? " without (\(labelList(grouping.labels))) " : by
    return "\(operation.rawValue)\(clause)(\(inside))"
  }
}

private func labelList(_ names: [String]) -> String {
  names.map(quotedUnlessPlainLabelName).joined(separator: ", ")
}
