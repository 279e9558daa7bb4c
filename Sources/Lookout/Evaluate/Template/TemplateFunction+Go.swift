/// The functions that Go's templates have (text/template/funcs.go).
extension TemplateFunction {
  static let ofGo: [String: TemplateFunction] = [
    "and": TemplateFunction(.any, variadic: .any, endsAt: false) { (values, _) throws(GoError) in values[0] },
    "or": TemplateFunction(.any, variadic: .any, endsAt: true) { (values, _) throws(GoError) in values[0] },
    "not": TemplateFunction(.any) { (values, _) throws(GoError) in .bool(!values[0].isTrue) },
    "call": TemplateFunction(.any, variadic: .any) { (values, _) throws(GoError) in
      if case .none = values[1] { throw GoError("call of nil") }
      throw GoError("non-function \(values[0].inside) of type \(values[1].typeName)")
    },
    "html": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in .text(GoText.escapedForHTML(joined(values))) },
    "js": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in .text(GoText.escapedForJavaScript(joined(values))) },
    "urlquery": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in .text(GoText.escapedForQuery(joined(values))) },
    "print": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in .text(GoFormat.printed(values)) },
    "println": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in
      .text(values.map(\.inside).joined(separator: " ") + "\n")
    },
    "printf": TemplateFunction(.text, variadic: .any) { (values, _) throws(GoError) in
      .text(GoFormat.format(values[0].inside, Array(values.dropFirst())))
    },
    "len": TemplateFunction(.any) { (values, _) throws(GoError) in .int(Int64(try length(of: values[0]))) },
    "index": TemplateFunction(.any, variadic: .any) { (values, _) throws(GoError) in
      var value = values[0]
      for key in values.dropFirst() { value = try element(of: value, at: key) }
      return value
    },
    "slice": TemplateFunction(.any, variadic: .any) { (values, _) throws(GoError) in
      try slice(values[0], Array(values.dropFirst()))
    },
    "eq": TemplateFunction(.any, variadic: .any) { (values, _) throws(GoError) in
      guard values.count > 1 else { throw GoError("missing argument for comparison") }
      for other in values.dropFirst() where try GoComparison.areEqual(values[0], other) { return .bool(true) }
      return .bool(false)
    },
    "ne": TemplateFunction(.any, .any) { (values, _) throws(GoError) in .bool(!(try GoComparison.areEqual(values[0], values[1]))) },
    "lt": TemplateFunction(.any, .any) { (values, _) throws(GoError) in .bool(try GoComparison.isLess(values[0], values[1])) },
    "le": TemplateFunction(.any, .any) { (values, _) throws(GoError) in
      .bool(try GoComparison.isAtMost(values[0], values[1]))
    },
    "gt": TemplateFunction(.any, .any) { (values, _) throws(GoError) in
      .bool(!(try GoComparison.isAtMost(values[0], values[1])))
    },
    "ge": TemplateFunction(.any, .any) { (values, _) throws(GoError) in .bool(!(try GoComparison.isLess(values[0], values[1]))) },
  ]

  /// The text of what an escaping function is given.
  private static func joined(_ values: [GoValue]) -> String {
    if values.count == 1, case .text(let text) = values[0] { return text }
    return GoFormat.printed(values)
  }

  private static func length(of value: GoValue) throws(GoError) -> Int {
    switch value {
    case .text(let text): return text.utf8.count
    case .labels(let labels): return labels.count
    case .map(let map): return map.count
    case .list(let values): return values.count
    case .vector(let samples): return samples.count
    case .none: throw GoError("len of nil pointer")
    default: throw GoError("len of type \(value.typeName)")
    }
  }

  private static func element(of value: GoValue, at key: GoValue) throws(GoError) -> GoValue {
    switch (value, key) {
    case (.none, _): throw GoError("index of untyped nil")
    case (.labels(let labels), .text(let key)): return .text(labels[key] ?? "")
    case (.map(let map), .text(let key)): return map[key] ?? .none
    case (.labels, _), (.map, _): throw GoError("value has type \(key.typeName); should be string")
    case (.text(let text), _):
      let bytes = Array(text.utf8)
      return .uint(UInt64(bytes[try place(key, in: bytes.count)]))
    case (.list(let values), _): return values[try place(key, in: values.count)]
    case (.vector(let samples), _): return .sample(samples[try place(key, in: samples.count)])
    default: throw GoError("can't index item of type \(value.typeName)")
    }
  }

  private static func place(_ key: GoValue, in count: Int, including end: Bool = false) throws(GoError) -> Int {
    let index: Int64?
    switch key {
    case .int(let value): index = value
    case .uint(let value): index = Int64(exactly: value)
    case .none: throw GoError("cannot index slice/array with nil")
    default: throw GoError("cannot index slice/array with type \(key.typeName)")
    }
    guard let index, index >= 0, index < Int64(count) + (end ? 1 : 0) else { throw GoError("index out of range: \(key.inside)") }
    return Int(index)
  }

  private static func slice(_ value: GoValue, _ keys: [GoValue]) throws(GoError) -> GoValue {
    guard keys.count <= 3 else { throw GoError("too many slice indexes: \(keys.count)") }
    if case .text = value, keys.count == 3 { throw GoError("cannot 3-index slice a string") }
    let count = try? length(of: value)
    guard let count else { throw GoError("can't slice item of type \(value.typeName)") }
    var bounds = [0, count]
    for (index, key) in keys.prefix(2).enumerated() { bounds[index] = try place(key, in: count, including: true) }
    guard bounds[0] <= bounds[1] else { throw GoError("invalid slice index: \(bounds[0]) > \(bounds[1])") }
    switch value {
    case .text(let text): return .text(String(decoding: Array(text.utf8)[bounds[0]..<bounds[1]], as: UTF8.self))
    case .list(let values): return .list(Array(values[bounds[0]..<bounds[1]]))
    case .vector(let samples): return .vector(Array(samples[bounds[0]..<bounds[1]]))
    default: throw GoError("can't slice item of type \(value.typeName)")
    }
  }
}

/// How Go's templates compare: only what is of one kind.
enum GoComparison {
  static func areEqual(_ left: GoValue, _ right: GoValue) throws(GoError) -> Bool {
    switch (left, right) {
    case (.none, .none): return true
    case (.none, _), (_, .none): return false
    case (.bool(let left), .bool(let right)): return left == right
    case (.int(let left), .int(let right)): return left == right
    case (.uint(let left), .uint(let right)): return left == right
    case (.int(let left), .uint(let right)): return left >= 0 && UInt64(left) == right
    case (.uint(let left), .int(let right)): return right >= 0 && left == UInt64(right)
    case (.float(let left), .float(let right)): return left == right
    case (.text(let left), .text(let right)): return left.utf8.elementsEqual(right.utf8)
    case (.duration(let left), .duration(let right)): return left == right
    case (.labels, _), (.map, _), (.list, _), (.vector, _): throw GoError("non-comparable type \(left.inside): \(left.typeName)")
    default: throw GoError("incompatible types for comparison")
    }
  }

  static func isAtMost(_ left: GoValue, _ right: GoValue) throws(GoError) -> Bool {
    if try isLess(left, right) { return true }
    return try areEqual(left, right)
  }

  static func isLess(_ left: GoValue, _ right: GoValue) throws(GoError) -> Bool {
    switch (left, right) {
    case (.int(let left), .int(let right)): return left < right
    case (.uint(let left), .uint(let right)): return left < right
    case (.int(let left), .uint(let right)): return left < 0 || UInt64(left) < right
    case (.uint(let left), .int(let right)): return right >= 0 && left < UInt64(right)
    case (.float(let left), .float(let right)): return left < right
    case (.text(let left), .text(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.duration(let left), .duration(let right)): return left.nanoseconds < right.nanoseconds
    case (.bool, .bool): throw GoError("invalid type for comparison")
    case (.int, _), (.uint, _), (.float, _), (.text, _), (.duration, _), (.bool, _): throw GoError("incompatible types for comparison")
    default: throw GoError("invalid type for comparison")
    }
  }
}
