extension Expression {
  /// The tree as JSON, as Prometheus' `/api/v1/parse_query` tells it (web/api/v1/translate_ast.go).
  public var syntaxTree: String { root.json.text }
}

/// As much of JSON as the tree needs; the keys of an object in alphabetical order.
private enum JSON {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? formatPlainNumber(value) : quotedJSON(formatPlainNumber(value))
    case .string(let value): quotedJSON(value)
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\(quotedJSON($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  static func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}

private func quotedJSON(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

extension Node {
  fileprivate var json: JSON {
    switch kind {
    case .number(let value, _): .object(["type": .string("numberLiteral"), "val": .string(formatPlainNumber(value))])
    case .string(let text): .object(["type": .string("stringLiteral"), "val": .string(text)])
    case .vectorSelector(let selector): .object(selector.members.merging(["type": .string("vectorSelector")]) { $1 })
    case .rangeSelector(let range): .object(range.members)
    case .subquery(let subquery): .object(subquery.members)
    case .parenthesis(let inner): .object(["type": .string("parenExpr"), "expr": inner.json])
    case .sign(let isNegative, let inner):
      .object(["type": .string("unaryExpr"), "op": .string(isNegative ? "-" : "+"), "expr": inner.json])
    case .binary(let binary): .object(binary.members)
    case .aggregation(let aggregation): .object(aggregation.members)
    case .call(let call):
      .object(["type": .string("call"), "func": call.function.json, "args": .array(call.arguments.map(\.json))])
    }
  }
}

extension TimeModifiers {
  fileprivate var members: [String: JSON] {
    var members: [String: JSON] = [
      "offset": .integer((offset?.nanoseconds ?? 0) / 1_000_000), "offsetExpr": offset?.arithmetic ?? .null, "timestamp": .null,
      "startOrEnd": .null,
    ]
    switch at {
    case nil: break
    case .start: members["startOrEnd"] = .string("start")
    case .end: members["startOrEnd"] = .string("end")
    case .time(let time): members["timestamp"] = .integer(time)
    }
    return members
  }
}

extension VectorSelector {
  fileprivate var members: [String: JSON] {
    let conditions = matchers.map { matcher in
      JSON.object(["name": .string(matcher.name), "value": .string(matcher.value), "type": .string(matcher.kind.rawValue)])
    }
    let own: [String: JSON] = [
      "name": .string(name ?? ""), "matchers": .array(conditions), "anchored": .bool(extent == .anchored),
      "smoothed": .bool(extent == .smoothed),
    ]
    return own.merging(modifiers.members) { $1 }
  }
}

extension RangeSelector {
  fileprivate var members: [String: JSON] {
    let own: [String: JSON] = [
      "type": .string("matrixSelector"), "range": .integer(length.nanoseconds / 1_000_000), "rangeExpr": length.arithmetic ?? .null,
    ]
    return own.merging(selector.members) { $1 }
  }
}

extension Subquery {
  fileprivate var members: [String: JSON] {
    let own: [String: JSON] = [
      "type": .string("subquery"), "expr": expression.json, "range": .integer(length.nanoseconds / 1_000_000),
      "rangeExpr": length.arithmetic ?? .null, "step": .integer((step?.nanoseconds ?? 0) / 1_000_000),
      "stepExpr": step?.arithmetic ?? .null,
    ]
    return own.merging(modifiers.members) { $1 }
  }
}

extension Binary {
  fileprivate var members: [String: JSON] {
    let isBetweenVectors = left.type == .vector && right.type == .vector
    return [
      "type": .string("binaryExpr"), "op": .string(operation.rawValue), "lhs": left.json, "rhs": right.json, "bool": .bool(returnsBool),
      "matching": isBetweenVectors ? .object(matchingMembers) : .null,
    ]
  }

  private var matchingMembers: [String: JSON] {
    [
      "card": .string(operation.isSet ? "many-to-many" : matching.cardinality.rawValue), "labels": .strings(matching.labels),
      "on": .bool(matching.isOn), "include": .strings(matching.included),
      "fillValues": .object([
        "lhs": matching.leftFill.map { .number($0) } ?? .null, "rhs": matching.rightFill.map { .number($0) } ?? .null,
      ]),
    ]
  }
}

extension Aggregation {
  fileprivate var members: [String: JSON] {
    [
      "type": .string("aggregation"), "op": .string(operation.rawValue), "expr": argument.json, "param": parameter?.json ?? .null,
      "grouping": .strings(grouping.labels), "without": .bool(grouping.isWithout),
    ]
  }
}

extension Function {
  fileprivate var json: JSON {
    let variadic: Int64 =
      switch arity {
      case .exact: 0
      case .last(let most): most.map { Int64($0) } ?? -1
      }
    return .object([
      "name": .string(name), "argTypes": .strings(parameters.map(\.rawValue)), "variadic": .integer(variadic),
      "returnType": .string(result.rawValue),
    ])
  }
}

extension Length {
  /// Nil for a plain number, which is told as milliseconds.
  fileprivate var arithmetic: JSON? { seconds == nil ? json : nil }

  private var json: JSON {
    switch kind {
    case .number(let seconds, let isDuration):
      .object(["type": .string("numberLiteral"), "val": .string(formatPlainNumber(seconds)), "duration": .bool(isDuration)])
    case .step: node("step", nil, nil)
    case .range: node("range", nil, nil)
    case .sign(let isNegative, let inner): node(isNegative ? "-" : "+", nil, inner)
    case .binary(let operation, let left, let right): node(operation.rawValue, left, right)
    case .extreme(let isMaximum, let left, let right): node(isMaximum ? "max_of" : "min_of", left, right)
    }
  }

  private func node(_ operation: String, _ left: Length?, _ right: Length?) -> JSON {
    .object([
      "type": .string("durationExpr"), "op": .string(operation), "lhs": left?.json ?? .null, "rhs": right?.json ?? .null,
      "wrapped": .bool(isParenthesized),
    ])
  }
}
