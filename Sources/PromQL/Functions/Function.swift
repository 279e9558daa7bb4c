/// A function of the language: what it takes and gives.
package struct Function: Sendable {
  package enum Arity: Sendable {
    case exact
    /// The last parameter may be left out, or given up to so many times; nil: any number of times.
    case last(upTo: Int?)
  }

  package let name: String
  package let parameters: [ValueType]
  package let arity: Arity
  package let result: ValueType
  let isExperimental: Bool
  let implementation: Implementation

  init(
    _ name: String, _ parameters: [ValueType], _ implementation: Implementation, arity: Arity = .exact, to result: ValueType = .vector,
    isExperimental: Bool = false
  ) {
    self.name = name
    self.parameters = parameters
    self.arity = arity
    self.result = result
    self.implementation = implementation
    self.isExperimental = isExperimental
  }

  var isForHistograms: Bool {
    if case .ofHistograms = implementation { return true }
    return false
  }

  static func named(_ name: String) -> Function? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
