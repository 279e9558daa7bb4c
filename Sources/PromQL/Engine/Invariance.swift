extension Node {
  /// Whether it has the same values at all steps and so is evaluated once (promql/engine.go, preprocessExprHelper).
  var isInvariant: Bool {
    switch kind {
    case .number, .string: true
    case .vectorSelector(let selector): selector.modifiers.at != nil
    case .rangeSelector(let range): range.selector.modifiers.at != nil
    case .subquery(let subquery): subquery.modifiers.at != nil
    case .parenthesis(let inner), .sign(_, let inner): inner.isInvariant
    case .binary(let binary): binary.left.isInvariant && binary.right.isInvariant
    case .aggregation(let aggregation): aggregation.argument.isInvariant
    case .call(let call): call.isInvariant
    }
  }
}

extension Call {
  fileprivate var isInvariant: Bool {
    guard arguments.allSatisfy(\.isInvariant) else { return false }
    guard function.name == "timestamp" else { return !function.dependsOnTime }
    guard let first = arguments.first, case .vectorSelector = first.unwrapped.kind else { return false }
    return true
  }
}

extension Function {
  /// Whether it gives other results at other times for the same arguments (promql/functions.go, AtModifierUnsafeFunctions).
  package var dependsOnTime: Bool {
    switch implementation {
    case .ofTime, .ofDate: true
    default: ["predict_linear", "timestamp"].contains(name)
    }
  }
}
