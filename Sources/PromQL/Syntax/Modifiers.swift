/// What follows an operand and belongs to it.
extension Parser {
  mutating func postfix(_ operand: Node) throws(Refusal) -> Node {
    var node = operand
    while true {
      switch current.kind {
      case .symbol(.leftBracket): node = try brackets(behind: node)
      case .symbol(.at): node = try at(node)
      case .keyword(.offset): node = try offset(node)
      case .keyword(.anchored): node = try extended(node, .anchored)
      case .keyword(.smoothed): node = try extended(node, .smoothed)
      default: return node
      }
    }
  }

  private mutating func offset(_ node: Node) throws(Refusal) -> Node {
    try take()
    let length = try expecting("number, duration, step(), or range()", in: "offset") { parser throws(Refusal) in
      try parser.offsetLength()
    }
    return try modified(node, "offset modifier") { modifiers throws(Refusal) in
      guard modifiers.offset == nil else { throw .syntax("offset may not be set multiple times", at: node.start) }
      // Prometheus takes no offset for none.
      modifiers.offset = length.seconds == 0 ? nil : length
    }
  }

  private mutating func at(_ node: Node) throws(Refusal) -> Node {
    try take()
    let instant = try expecting("timestamp", in: "@") { parser throws(Refusal) in try parser.instant(of: node) }
    return try modified(node, "@ modifier") { modifiers throws(Refusal) in
      guard modifiers.at == nil else { throw .syntax("@ <timestamp> may not be set multiple times", at: node.start) }
      modifiers.at = instant
    }
  }

  private mutating func instant(of node: Node) throws(Refusal) -> TimeModifiers.Instant {
    if current.kind == .keyword(.start) || current.kind == .keyword(.end) {
      let isStart = try take().kind == .keyword(.start)
      guard try takes(.leftParenthesis), try takes(.rightParenthesis) else { throw unexpected() }
      return isStart ? .start : .end
    }
    let seconds = try signedNumber()
    guard seconds.magnitude < 9_223_372_036_854_775_808 else {
      let shown = seconds.isFinite ? formatPlainNumber(seconds) + ".000000" : formatPlainNumber(seconds)
      throw .syntax("timestamp out of bounds for @ modifier: \(shown)", at: node.start)
    }
    return .time(Int64(exactly: (seconds * 1000).rounded(.toNearestOrAwayFromZero)) ?? (seconds < 0 ? .min : .max))
  }

  /// The node with other times, where it is of a kind that reads series.
  private func modified(
    _ node: Node, _ name: String, _ change: (inout TimeModifiers) throws(Refusal) -> Void
  ) throws(Refusal) -> Node {
    switch node.kind {
    case .vectorSelector(var selector):
      try change(&selector.modifiers)
      return try make(.vectorSelector(selector), from: node.start)
    case .rangeSelector(var range):
      try change(&range.selector.modifiers)
      return try make(.rangeSelector(range), from: node.start)
    case .subquery(var subquery):
      try change(&subquery.modifiers)
      return try make(.subquery(subquery), from: node.start)
    default:
      let wanted = "an instant vector selector or range vector selector or a subquery"
      throw .syntax("\(name) must be preceded by \(wanted)", at: node.start)
    }
  }

  private mutating func extended(_ node: Node, _ extent: VectorSelector.Extent) throws(Refusal) -> Node {
    try take()
    let name = "\(extent.rawValue) modifier"
    guard features.contains(.extendedRanges) else { throw .syntax("\(name) is experimental and not enabled", at: node.start) }
    func extend(_ selector: inout VectorSelector) throws(Refusal) {
      if let other = selector.extent, other != extent {
        throw .syntax("anchored and smoothed modifiers cannot be used together", at: node.start)
      }
      selector.extent = extent
    }
    switch node.kind {
    case .vectorSelector(var selector):
      try extend(&selector)
      return try make(.vectorSelector(selector), from: node.start)
    case .rangeSelector(var range):
      try extend(&range.selector)
      return try make(.rangeSelector(range), from: node.start)
    case .subquery: throw .syntax("\(name) is not supported for subqueries", at: node.start)
    default: throw .syntax("\(name) not implemented", at: node.start)
    }
  }

  /// A range, or the range and step of a subquery.
  private mutating func brackets(behind node: Node) throws(Refusal) -> Node {
    let start = try take().range.lowerBound
    let length = try expecting("number, duration, step(), or range()", in: "subquery or range selector") { parser throws(Refusal) in
      try parser.positiveLength()
    }
    if current.kind == .symbol(.colon) { return try subquery(of: node, length) }
    try take(.rightBracket, in: "subquery or range", expected: "\":\" or \"]\"")
    guard case .vectorSelector(let selector) = node.kind else { throw .syntax("ranges only allowed for vector selectors", at: start) }
    if selector.modifiers.offset != nil { throw .syntax("no offset modifiers allowed before range", at: start) }
    if selector.modifiers.at != nil { throw .syntax("no @ modifiers allowed before range", at: start) }
    return try make(.rangeSelector(RangeSelector(selector: selector, length: length)), from: node.start)
  }

  private mutating func subquery(of node: Node, _ length: Length) throws(Refusal) -> Node {
    try take()
    var step: Length?
    if try !takes(.rightBracket) {
      step = try expecting("number, duration, step(), range(), or \"]\"", in: "subquery selector") { parser throws(Refusal) in
        try parser.positiveLength()
      }
      try take(.rightBracket, in: "subquery selector", expected: "\"]\"")
    }
    return try make(.subquery(Subquery(expression: node, length: length, step: step)), from: node.start)
  }
}
