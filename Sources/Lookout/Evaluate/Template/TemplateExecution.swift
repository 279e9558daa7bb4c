/// Executes a template that was read (text/template/exec.go). Messages say the place that Go's say, which is that of the part evaluated last.
struct TemplateExecution {
  let name: String
  let text: String
  let defined: [String: [TemplateNode]]
  let data: TemplateData
  var place: TemplateNode?
  /// The template that is being executed: one that was defined in the text, or the text itself.
  private var current: String
  /// Outermost first; those of the same name hide the ones before.
  var variables: [(name: String, value: GoValue)] = []
  private(set) var output = ""
  private var steps = 0
  private var depth = 0

  /// What an annotation may cost: steps, bytes written, templates within templates.
  private static let stepLimit = 200_000
  private static let outputLimit = 256 << 10
  private static let depthLimit = 100

  enum Flow {
    case goOn
    case breakLoop
    case continueLoop
  }

  init(name: String, text: String, defined: [String: [TemplateNode]], data: TemplateData) {
    self.name = name
    current = name
    self.text = text
    self.defined = defined
    self.data = data
  }

  /// Go's message, with the place.
  func failure(_ message: String) -> GoError {
    guard let place else { return GoError("template: \(name): \(message)") }
    let before = text.utf8.prefix(place.offset)
    let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let column = before.lastIndex(of: UInt8(ascii: "\n")).map { before.distance(from: $0, to: before.endIndex) - 1 } ?? place.offset
    return GoError("template: \(name):\(line):\(column): executing \(GoText.quoted(current)) at <\(place)>: \(message)")
  }

  mutating func run(_ nodes: [TemplateNode], with dot: GoValue) throws(GoError) -> String {
    variables = [("$", dot)]
    _ = try walk(nodes, dot)
    return output
  }

  private mutating func walk(_ nodes: [TemplateNode], _ dot: GoValue) throws(GoError) -> Flow {
    for node in nodes {
      let flow = try walk(node, dot)
      if flow != .goOn { return flow }
    }
    return .goOn
  }

  private mutating func walk(_ node: TemplateNode, _ dot: GoValue) throws(GoError) -> Flow {
    place = node
    try step()
    switch node.kind {
    case .text(let text): try write(text)
    case .action(let pipeline):
      let value = try evaluate(pipeline, dot)
      guard pipeline.variables.isEmpty else { break }
      place = node
      try write(value.printed)
    case .condition(let branch): return try walk(branch, dot, changesDot: false)
    case .with(let branch): return try walk(branch, dot, changesDot: true)
    case .range(let branch): return try walkRange(branch, dot)
    case .template(let name, let pipeline): try walkTemplate(name, pipeline, dot)
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    default: throw failure("unknown node: \(node)")
    }
    return .goOn
  }

  private mutating func step() throws(GoError) {
    steps += 1
    if steps > Self.stepLimit { throw failure("more than \(Self.stepLimit) steps") }
  }

  private mutating func write(_ text: String) throws(GoError) {
    output += text
    if output.utf8.count > Self.outputLimit { throw failure("more than \(Self.outputLimit >> 10) KiB of text") }
  }

  // MARK: - Control structures

  private mutating func walk(_ branch: TemplateBranch, _ dot: GoValue, changesDot: Bool) throws(GoError) -> Flow {
    let known = variables.count
    defer { variables.removeLast(variables.count - known) }
    let value = try evaluate(branch.pipeline, dot)
    if value.isTrue { return try walk(branch.body, changesDot ? value : dot) }
    return try walk(branch.otherwise ?? [], dot)
  }

  private mutating func walkRange(_ branch: TemplateBranch, _ dot: GoValue) throws(GoError) -> Flow {
    let known = variables.count
    defer { variables.removeLast(variables.count - known) }
    let value = try evaluate(branch.pipeline, dot)
    let elements = try elements(of: value)
    guard !elements.isEmpty else { return try walk(branch.otherwise ?? [], dot) }
    let inside = variables.count
    for (key, element) in elements {
      try step()
      try assign(branch.pipeline, key, element)
      let flow = try walk(branch.body, element)
      variables.removeLast(variables.count - inside)
      if flow == .breakLoop { break }
    }
    return .goOn
  }

  private func elements(of value: GoValue) throws(GoError) -> [(key: GoValue, element: GoValue)] {
    switch value {
    case .none: return []
    case .list(let values): return values.enumerated().map { (.int(Int64($0.offset)), $0.element) }
    case .vector(let samples): return samples.enumerated().map { (.int(Int64($0.offset)), .sample($0.element)) }
    case .labels(let labels): return GoValue.inOrder(labels).map { (.text($0.key), .text($0.value)) }
    case .map(let map): return GoValue.inOrder(map).map { (.text($0.key), $0.value) }
    case .int(let count): return (0..<min(max(0, count), Int64(Self.stepLimit) + 1)).map { (.int($0), .int($0)) }
    default: throw failure("range can't iterate over \(value.inside)")
    }
  }

  /// With one variable the element, with two its key before it.
  private mutating func assign(_ pipeline: TemplatePipeline, _ key: GoValue, _ element: GoValue) throws(GoError) {
    let names = pipeline.variables
    guard let last = names.last else { return }
    try set(last, element, exists: true)
    if names.count > 1 { try set(names[0], key, exists: true) }
  }

  mutating func set(_ name: String, _ value: GoValue, exists: Bool) throws(GoError) {
    guard exists else { return variables.append((name, value)) }
    guard let index = variables.lastIndex(where: { $0.name == name }) else { throw failure("undefined variable: \(name)") }
    variables[index].value = value
  }

  private mutating func walkTemplate(_ name: String, _ pipeline: TemplatePipeline?, _ dot: GoValue) throws(GoError) {
    guard let nodes = defined[name] else { throw failure("template \(GoText.quoted(name)) not defined") }
    guard depth < Self.depthLimit else { throw failure("exceeded maximum template depth (\(Self.depthLimit))") }
    let inner = try pipeline.map { (pipeline) throws(GoError) in try evaluate(pipeline, dot) } ?? .none
    let outside = (variables, current)
    (variables, current) = ([("$", inner)], name)
    depth += 1
    _ = try walk(nodes, inner)
    depth -= 1
    (variables, current) = outside
  }
}
