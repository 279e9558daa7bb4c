/// An expression over several lines: a part that is longer than 100 bytes is split, its own parts indented (promql/parser/prettier.go).
extension Node {
  func pretty(level: Int) -> String {
    let indent = String(repeating: "  ", count: level)
    let line = description
    guard line.utf8.count > 100 else { return isSubquery ? line : indent + line }
    switch kind {
    case .number, .string, .vectorSelector, .rangeSelector: return indent + line
    case .parenthesis(let inner): return "\(indent)(\n\(inner.pretty(level: level + 1))\n\(indent))"
    case .sign(let isNegative, let inner):
      return indent + (isNegative ? "-" : "+") + inner.pretty(level: level).trimmingBlanks
    case .subquery(let subquery): return subquery.expression.pretty(level: level) + subquery.suffix
    case .binary(let binary):
      return "\(binary.left.pretty(level: level + 1))\n\(indent)\(binary.operatorText)\n\(binary.right.pretty(level: level + 1))"
    case .call(let call):
      let arguments = call.arguments.map { $0.pretty(level: level + 1) }.joined(separator: ",\n")
      return "\(indent)\(call.function.name)(\n\(arguments)\n\(indent))"
    case .aggregation(let aggregation):
      let parameter = aggregation.parameter.map { $0.pretty(level: level + 1) + ",\n" } ?? ""
      return "\(indent)\(aggregation.head)(\n\(parameter)\(aggregation.argument.pretty(level: level + 1))\n\(indent))"
    }
  }

  private var isSubquery: Bool {
    if case .subquery = kind { return true }
    return false
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var bytes = Substring(self).utf8
    func isBlank(_ byte: UInt8) -> Bool { Lexer.isBlank(byte) }
    while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return String(Substring(bytes))
  }
}
