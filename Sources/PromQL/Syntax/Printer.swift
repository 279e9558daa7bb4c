/// The canonical form of an expression: what Prometheus prints for it (promql/parser/printer.go).
extension Node: CustomStringConvertible {
  package var description: String {
    switch kind {
    case .number(let value, let isDuration): printedNumber(value, isDuration: isDuration)
    case .string(let text): quoted(text)
    case .vectorSelector(let selector): selector.description
    case .rangeSelector(let range): range.description
    case .subquery(let subquery): "\(subquery.expression)\(subquery.suffix)"
    case .parenthesis(let inner): "(\(inner))"
    case .sign(let isNegative, let inner): (isNegative ? "-" : "+") + inner.description
    case .binary(let binary): "\(binary.left) \(binary.operatorText) \(binary.right)"
    case .aggregation(let aggregation): aggregation.description
    case .call(let call): "\(call.function.name)(\(call.arguments.map(\.description).joined(separator: ", ")))"
    }
  }
}

private func printedNumber(_ value: Double, isDuration: Bool) -> String {
  guard isDuration, let milliseconds = Int64(exactly: (value * 1000).rounded()) else { return formatPlainNumber(value) }
  return formatPrometheusDuration(milliseconds: milliseconds)
}

extension Length: CustomStringConvertible {
  package var description: String { isParenthesized ? "(\(text))" : text }

  private var text: String {
    switch kind {
    case .number(let seconds, let isDuration): printedNumber(seconds, isDuration: isDuration)
    case .step: "step()"
    case .range: "range()"
    case .sign(let isNegative, let inner): (isNegative ? "-" : "") + inner.description
    case .binary(let operation, let left, let right): "\(left) \(operation.rawValue) \(right)"
    case .extreme(let isMaximum, let left, let right): "\(isMaximum ? "max_of" : "min_of")(\(left), \(right))"
    }
  }

  /// As a range, step or offset: plain numbers are told as durations.
  fileprivate var asDuration: String {
    seconds == nil ? description : formatPrometheusDuration(milliseconds: nanoseconds / 1_000_000)
  }
}

extension TimeModifiers {
  /// Empty, or with a blank in front.
  fileprivate var atText: String {
    switch at {
    case nil: ""
    case .start: " @ start()"
    case .end: " @ end()"
    case .time(let milliseconds): " @ \(printedSeconds(milliseconds))"
    }
  }

  fileprivate var offsetText: String { offset.map { " offset \($0.asDuration)" } ?? "" }
}

/// With three decimals.
private func printedSeconds(_ milliseconds: Int64) -> String {
  let fraction = String(milliseconds.magnitude % 1000)
  return (milliseconds < 0 ? "-" : "") + "\(milliseconds.magnitude / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count)
    + fraction
}

extension VectorSelector: CustomStringConvertible {
  package var description: String {
    "\(plainText)\(modifiers.atText)\(extent.map { " \($0.rawValue)" } ?? "")\(modifiers.offsetText)"
  }

  /// Without what follows the braces.
  fileprivate var plainText: String {
    let inside = name == nil ? matchers[...] : matchers.dropLast()
    guard !inside.isEmpty else { return name ?? "{}" }
    let list = inside.map(\.description).sorted { $0.precedesInBytes($1) }.joined(separator: ",")
    return "\(name ?? ""){\(list)}"
  }
}

extension RangeSelector: CustomStringConvertible {
  package var description: String {
    let extent = selector.extent.map { " \($0.rawValue)" } ?? ""
    return "\(selector.plainText)[\(length.asDuration)]\(extent)\(selector.modifiers.atText)\(selector.modifiers.offsetText)"
  }
}

extension Subquery {
  /// All behind the expression.
  var suffix: String { "[\(length.asDuration):\(step?.asDuration ?? "")]\(modifiers.atText)\(modifiers.offsetText)" }
}

extension Binary {
  /// The operator with its modifiers.
  var operatorText: String {
    let isBetweenVectors = left.type == .vector && right.type == .vector
    return "\(operation.rawValue)\(returnsBool ? " bool" : "")\(isBetweenVectors ? matching.description : "")"
  }
}

extension VectorMatching: CustomStringConvertible {
  /// Empty, or with a space in front.
  package var description: String { matchingText + fillText }

  private var matchingText: String {
    guard isOn || !labels.isEmpty || cardinality != .oneToOne else { return "" }
    let text = " \(isOn ? "on" : "ignoring") (\(labelList(labels)))"
    switch cardinality {
    case .oneToOne: return text
    case .manyToOne: return "\(text) group_left (\(labelList(included)))"
    case .oneToMany: return "\(text) group_right (\(labelList(included)))"
    }
  }

  private var fillText: String {
    if let leftFill, leftFill == rightFill { return " fill (\(formatPrometheusValue(leftFill)))" }
    let left = leftFill.map { " fill_left (\(formatPrometheusValue($0)))" } ?? ""
    return left + (rightFill.map { " fill_right (\(formatPrometheusValue($0)))" } ?? "")
  }
}

extension Aggregation: CustomStringConvertible {
  package var description: String {
    "\(head)(\(parameter.map { "\($0), " } ?? "")\(argument))"
  }

  /// The operator with its grouping.
  var head: String {
    let by = grouping.labels.isEmpty ? "" : " by (\(labelList(grouping.labels))) "
    return operation.rawValue + (grouping.isWithout ? " without (\(labelList(grouping.labels))) " : by)
  }
}

private func labelList(_ names: [String]) -> String {
  names.map(quotedUnlessPlainLabelName).joined(separator: ", ")
}
