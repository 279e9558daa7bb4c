/// How pipelines, fields and functions get their values.
extension TemplateExecution {
  mutating func evaluate(_ pipeline: TemplatePipeline, _ dot: GoValue) throws(GoError) -> GoValue {
    place = pipeline.node
    var value: GoValue?
    for command in pipeline.commands { value = try evaluate(command, dot, final: value) }
    let result = value ?? .none
    for name in pipeline.variables { try set(name, result, exists: pipeline.isAssignment) }
    return result
  }

  private mutating func evaluate(_ command: TemplateCommand, _ dot: GoValue, final: GoValue?) throws(GoError) -> GoValue {
    guard let first = command.words.first else { return .none }
    let node = TemplateNode(offset: command.offset, kind: .pipeline(TemplatePipeline(offset: command.offset, commands: [command])))
    let call = TemplateCall(node: node, arguments: Array(command.words.dropFirst()), final: final, dot: dot)
    switch first.kind {
    case .field(let names):
      place = first
      return try field(names, of: dot, call.at(first))
    case .chain(let node, let names): return try chain(node, names, call.at(first))
    case .identifier(let name):
      place = first
      return try callFunction(name, call)
    case .pipeline(let inner):
      try refuseArguments(call, of: first)
      return try evaluate(inner, dot)
    case .variable(let names): return try variable(names, call.at(first))
    default: break
    }
    place = first
    try refuseArguments(call, of: first)
    if case .nilWord = first.kind { throw failure("nil is not a command") }
    return try constant(first, dot)
  }

  private func refuseArguments(_ call: TemplateCall, of first: TemplateNode) throws(GoError) {
    if call.hasArguments { throw failure("can't give argument to non-function \(first)") }
  }

  private mutating func constant(_ node: TemplateNode, _ dot: GoValue) throws(GoError) -> GoValue {
    place = node
    switch node.kind {
    case .bool(let value): return .bool(value)
    case .dot: return dot
    case .string(_, let text): return .text(text)
    case .number(let number):
      do throws(GoError) { return try number.value() } catch { throw failure(error.message) }
    default: throw failure("can't evaluate command \(GoText.quoted(node.description))")
    }
  }

  // MARK: - Fields

  private mutating func variable(_ names: [String], _ call: TemplateCall) throws(GoError) -> GoValue {
    place = call.node
    guard let value = variables.last(where: { $0.name == names[0] })?.value else { throw failure("undefined variable: \(names[0])") }
    guard names.count > 1 else {
      try refuseArguments(call, of: call.node)
      return value
    }
    return try field(Array(names.dropFirst()), of: value, call)
  }

  private mutating func chain(_ node: TemplateNode, _ names: [String], _ call: TemplateCall) throws(GoError) -> GoValue {
    place = call.node
    if case .nilWord = node.kind { throw failure("indirection through explicit nil in \(call.node)") }
    let receiver = try argument(node, .any, call.dot)
    return try field(names, of: receiver, call)
  }

  private mutating func field(_ names: [String], of receiver: GoValue, _ call: TemplateCall) throws(GoError) -> GoValue {
    var value = receiver
    for (index, name) in names.enumerated() {
      let isLast = index == names.count - 1
      value = try field(name, of: value, isLast ? call : TemplateCall(node: call.node, arguments: [], final: nil, dot: call.dot))
    }
    return value
  }

  private mutating func field(_ name: String, of receiver: GoValue, _ call: TemplateCall) throws(GoError) -> GoValue {
    if let method = receiver.method(name) { return try run(method, called: name, call) }
    switch receiver {
    case .none: return .none
    case .labels(let labels):
      try refuseMapArguments(call, name)
      return .text(labels[name] ?? "")
    case .map(let map):
      try refuseMapArguments(call, name)
      return map[name] ?? .none
    default: break
    }
    guard let value = receiver.structField(name) else { throw failure("can't evaluate field \(name) in type \(receiver.typeName)") }
    if call.hasArguments { throw failure("\(name) has arguments but cannot be invoked as function") }
    return value
  }

  private func refuseMapArguments(_ call: TemplateCall, _ name: String) throws(GoError) {
    if call.hasArguments { throw failure("\(name) is not a method but has arguments") }
  }

  // MARK: - Functions

  private mutating func callFunction(_ name: String, _ call: TemplateCall) throws(GoError) -> GoValue {
    guard let function = TemplateFunction.all[name] else { throw failure("\(GoText.quoted(name)) is not a defined function") }
    return try run(function, called: name, call)
  }

  private mutating func run(_ function: TemplateFunction, called name: String, _ call: TemplateCall) throws(GoError) -> GoValue {
    try checkCount(function, name, call)
    if function.endsAt != nil { return try shortCircuit(function, call) }
    var values: [GoValue] = []
    for (index, node) in call.arguments.enumerated() {
      values.append(try argument(node, function.type(of: index), call.dot))
    }
    if let final = call.final { values.append(try validated(final, function.type(of: values.count))) }
    if name == "call" { values.insert(.text((call.arguments.first?.description) ?? call.final?.inside ?? ""), at: 0) }
    do throws(GoError) {
      return try function.body(values, data)
    } catch {
      place = call.node
      throw failure("error calling \(name): \(error.message)")
    }
  }

  private func checkCount(_ function: TemplateFunction, _ name: String, _ call: TemplateCall) throws(GoError) {
    let given = call.arguments.count + (call.final == nil ? 0 : 1)
    let wanted = function.parameters.count
    if function.variadic != nil, given < wanted {
      throw failure("wrong number of args for \(name): want at least \(wanted) got \(call.arguments.count)")
    }
    if function.variadic == nil, given != wanted { throw failure("wrong number of args for \(name): want \(wanted) got \(given)") }
  }

  /// `and` and `or` evaluate no more than they need.
  private mutating func shortCircuit(_ function: TemplateFunction, _ call: TemplateCall) throws(GoError) -> GoValue {
    var value = GoValue.none
    for node in call.arguments {
      value = try argument(node, .any, call.dot)
      if value.isTrue == function.endsAt { return value }
    }
    return call.final ?? value
  }

  private mutating func argument(_ node: TemplateNode, _ type: GoType, _ dot: GoValue) throws(GoError) -> GoValue {
    place = node
    let bare = TemplateCall(node: node, arguments: [], final: nil, dot: dot)
    switch node.kind {
    case .dot: return try validated(dot, type)
    case .nilWord:
      guard type.admitsNil else { throw failure("cannot assign nil to \(type.name)") }
      return .none
    case .field(let names): return try validated(field(names, of: dot, bare), type)
    case .variable(let names): return try validated(variable(names, bare), type)
    case .pipeline(let pipeline): return try validated(evaluate(pipeline, dot), type)
    case .identifier(let name): return try validated(callFunction(name, bare), type)
    case .chain(let inner, let names): return try validated(chain(inner, names, bare), type)
    default: return try literal(node, type, dot)
    }
  }

  /// A literal takes the type that is wanted, where it can.
  private mutating func literal(_ node: TemplateNode, _ type: GoType, _ dot: GoValue) throws(GoError) -> GoValue {
    switch (type, node.kind) {
    case (.any, _): return try constant(node, dot)
    case (.text, .string(_, let text)): return .text(text)
    case (.text, _): throw failure("expected string; found \(node)")
    case (.int, .number(let number)):
      guard let integer = number.integer else { throw failure("expected integer; found \(node)") }
      return .int(integer)
    case (.int, _): throw failure("expected integer; found \(node)")
    default: throw failure("can't handle \(node) for arg of type \(type.name)")
    }
  }

  private func validated(_ value: GoValue, _ type: GoType) throws(GoError) -> GoValue {
    if case .none = value {
      if type.admitsNil { return value }
      throw failure("invalid value; expected \(type.name)")
    }
    if type.admits(value) { return value }
    throw failure("wrong type for value; expected \(type.name); got \(value.typeName)")
  }
}

/// What a function or method is called with.
struct TemplateCall {
  /// Where its errors are placed.
  let node: TemplateNode
  let arguments: [TemplateNode]
  /// What comes through the pipe; nil where nothing does.
  let final: GoValue?
  let dot: GoValue

  var hasArguments: Bool { !arguments.isEmpty || final != nil }

  func at(_ node: TemplateNode) -> TemplateCall { TemplateCall(node: node, arguments: arguments, final: final, dot: dot) }
}

extension GoValue {
  fileprivate func structField(_ name: String) -> GoValue? {
    switch (self, name) {
    case (.sample(let sample), "Labels"): .labels(sample.labels)
    case (.sample(let sample), "Value"): .float(sample.value)
    case (.alert(let data), "Labels"): .labels(data.labels)
    case (.alert(let data), "ExternalLabels"): .labels(data.externalLabels)
    case (.alert(let data), "ExternalURL"): .text(data.externalURL)
    case (.alert(let data), "Value"): .float(data.value)
    default: nil
    }
  }
}
