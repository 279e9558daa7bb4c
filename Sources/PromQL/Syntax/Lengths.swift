/// Lengths of time (promql/parser/generated_parser.y, duration_expr and offset_duration_expr).
extension Parser {
  /// What may stand between brackets.
  mutating func positiveLength() throws(Refusal) -> Length {
    let length = try length(above: 0)
    if let seconds = length.seconds, seconds <= 0 {
      throw .syntax("duration must be greater than 0", at: length.range.lowerBound)
    }
    return length
  }

  /// What may stand behind `offset`: arithmetic only in parentheses, so that `x offset 1m + 2` stays a sum.
  mutating func offsetLength() throws(Refusal) -> Length {
    let start = current.range.lowerBound
    guard case .binaryOperator(let sign) = current.kind, sign == .add || sign == .subtract else {
      if current.kind == .symbol(.leftParenthesis) { return try length(above: 0) }
      return try simpleLength()
    }
    try take()
    let inner = current.kind == .symbol(.leftParenthesis) ? try parenthesizedLength() : try simpleLength()
    return try signed(inner, isNegative: sign == .subtract, from: start)
  }

  private mutating func length(above precedence: Int) throws(Refusal) -> Length {
    try enter()
    defer { leave() }
    var left = try lengthOperand()
    while case .binaryOperator(let operation) = current.kind, operation.isLengthArithmetic, operation.precedence >= precedence {
      let place = try take().range.lowerBound
      let right = try length(above: operation.isRightAssociative ? operation.precedence : operation.precedence + 1)
      try requireArithmetic(at: left.range.lowerBound)
      if right.seconds == 0, operation == .divide || operation == .modulo {
        throw .syntax("\(operation == .divide ? "division" : "modulo") by zero", at: place)
      }
      left = try checked(Length(.binary(operation, left, right), left.range.lowerBound..<right.range.upperBound))
    }
    return left
  }

  private mutating func lengthOperand() throws(Refusal) -> Length {
    if current.kind == .symbol(.leftParenthesis) { return try parenthesizedLength() }
    guard case .binaryOperator(let sign) = current.kind, sign == .add || sign == .subtract else { return try simpleLength() }
    let start = try take().range.lowerBound
    return try signed(length(above: BinaryOperator.power.precedence), isNegative: sign == .subtract, from: start)
  }

  private func signed(_ inner: Length, isNegative: Bool, from start: Int) throws(Refusal) -> Length {
    if case .number(let seconds, let isDuration) = inner.kind, !inner.isParenthesized {
      return Length(.number(isNegative ? -seconds : seconds, isDuration: isDuration), start..<inner.range.upperBound)
    }
    guard isNegative else { return inner }
    return try checked(Length(.sign(isNegative: true, inner), start..<inner.range.upperBound))
  }

  private mutating func parenthesizedLength() throws(Refusal) -> Length {
    try enter()
    defer { leave() }
    let start = try take().range.lowerBound
    var inner = try length(above: 0)
    try requireArithmetic(at: inner.range.lowerBound)
    guard try takes(.rightParenthesis) else { throw unexpected() }
    if case .number = inner.kind { inner = Length(.sign(isNegative: false, inner), start..<lastEnd) }
    inner.isParenthesized = true
    return inner
  }

  private mutating func simpleLength() throws(Refusal) -> Length {
    let token = current
    switch token.kind {
    case .duration(let nanoseconds):
      try take()
      return Length(.number(Double(nanoseconds) / 1e9, isDuration: true), token.range)
    case .number(let seconds):
      guard seconds.magnitude <= Length.maximum else { throw .syntax("duration out of range", at: token.range.lowerBound) }
      try take()
      return Length(.number(seconds, isDuration: false), token.range)
    case .keyword(.step), .keyword(.range): return try queryLength(isStep: token.kind == .keyword(.step))
    case .keyword(.maxOf), .keyword(.minOf): return try extremeLength(isMaximum: token.kind == .keyword(.maxOf))
    default: throw unexpected()
    }
  }

  private mutating func queryLength(isStep: Bool) throws(Refusal) -> Length {
    let start = try take().range.lowerBound
    guard try takes(.leftParenthesis), try takes(.rightParenthesis) else { throw unexpected() }
    try requireArithmetic(at: start)
    return Length(isStep ? .step : .range, start..<lastEnd)
  }

  private mutating func extremeLength(isMaximum: Bool) throws(Refusal) -> Length {
    let start = try take().range.lowerBound
    guard try takes(.leftParenthesis) else { throw unexpected() }
    let left = try length(above: 0)
    guard try takes(.comma) else { throw unexpected() }
    let right = try length(above: 0)
    guard try takes(.rightParenthesis) else { throw unexpected() }
    try requireArithmetic(at: start)
    return try checked(Length(.extreme(isMaximum: isMaximum, left, right), start..<lastEnd))
  }

  private func requireArithmetic(at offset: Int) throws(Refusal) {
    guard features.contains(.durationExpressions) else { throw .syntax("experimental duration expression is not enabled", at: offset) }
  }

  private func checked(_ length: Length) throws(Refusal) -> Length {
    guard length.height <= Parser.maxDepth else { throw tooDeep(at: length.range.lowerBound) }
    return length
  }
}
