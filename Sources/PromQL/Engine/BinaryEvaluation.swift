extension Evaluator {
  mutating func value(of binary: Binary) throws(EvaluationError) -> Value {
    switch (try value(of: binary.left), try value(of: binary.right)) {
    case (.scalar(let left), .scalar(let right)):
      let result = binary.operation.apply(left, right)
      return .scalar(binary.operation.isComparison ? (result.holds ? 1 : 0) : result.value)
    case (.vector(let elements), .scalar(let number)):
      return .vector(try distinct(elements.compactMap { binary.combine($0, with: $0.value, number) }))
    case (.scalar(let number), .vector(let elements)):
      return .vector(try distinct(elements.compactMap { binary.combine($0, with: number, $0.value) }))
    case (.vector(let left), .vector(let right)):
      return .vector(try distinct(binary.operation.isSet ? binary.set(left, right) : binary.match(left, right)))
    default: throw .execution("operator \(quoted(binary.operation.rawValue)) needs scalars or instant vectors")
    }
  }
}

extension Binary {
  /// Whether what the result says is no longer what the metric's name says.
  var dropsName: Bool { returnsBool || !operation.isComparison }

  /// An element's part in an operation with a scalar; nil where a comparison sorts it out.
  fileprivate func combine(_ element: VectorElement, with left: Double, _ right: Double) -> VectorElement? {
    let result = operation.apply(left, right)
    guard result.holds || returnsBool else { return nil }
    let labels = dropsName ? element.labels.withoutMetadata : element.labels
    if returnsBool { return VectorElement(labels: labels, value: result.holds ? 1 : 0) }
    // A comparison keeps the element's own value, whichever side it stands on.
    return VectorElement(labels: labels, value: operation.isComparison ? element.value : result.value)
  }

  /// and, or, unless: elements of either side whole, chosen by whether the other side has a partner.
  fileprivate func set(_ left: [VectorElement], _ right: [VectorElement]) -> [VectorElement] {
    switch operation {
    case .and:
      let partners = Set(right.map { matching.signature(of: $0.labels) })
      return left.filter { partners.contains(matching.signature(of: $0.labels)) }
    case .unless:
      let partners = Set(right.map { matching.signature(of: $0.labels) })
      return left.filter { !partners.contains(matching.signature(of: $0.labels)) }
    default:
      let partners = Set(left.map { matching.signature(of: $0.labels) })
      return left + right.filter { !partners.contains(matching.signature(of: $0.labels)) }
    }
  }
}
