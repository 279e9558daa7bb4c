import Yams

extension YAMLNode {
  /// More nodes than this are none that a person wrote: aliases of aliases.
  private static let nodeLimit = 100_000

  /// With the mappings filled in that `<<` names (YAML 1.1, merge key). Throws where that would be endless.
  func withMergedKeys() throws(ConfigurationError) -> YAMLNode {
    var budget = Self.nodeLimit
    guard let merged = Self.merged(node, &budget) else { throw error("this expands to more than \(Self.nodeLimit) values") }
    return YAMLNode(file: file, node: merged)
  }

  private static func merged(_ node: Yams.Node, _ budget: inout Int) -> Yams.Node? {
    budget -= 1
    guard budget > 0 else { return nil }
    switch node {
    case .scalar, .alias: return node
    case .sequence(let sequence):
      var items: [Yams.Node] = []
      for item in sequence {
        guard let item = merged(item, &budget) else { return nil }
        items.append(item)
      }
      return .sequence(Yams.Node.Sequence(items, sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      guard let pairs = merged(mapping, &budget) else { return nil }
      return .mapping(Yams.Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
    }
  }

  /// A mapping's own pairs outweigh those that it merges, an earlier one of those a later.
  private static func merged(_ mapping: Yams.Node.Mapping, _ budget: inout Int) -> [(Yams.Node, Yams.Node)]? {
    var own: [(Yams.Node, Yams.Node)] = []
    var taken: [(Yams.Node, Yams.Node)] = []
    for (key, value) in mapping {
      guard let value = merged(value, &budget) else { return nil }
      guard case .scalar(let scalar) = key, scalar.string == "<<", scalar.style == .plain else {
        own.append((key, value))
        continue
      }
      switch value {
      case .mapping(let other): taken += other.map { ($0.key, $0.value) }
      case .sequence(let others): taken += others.flatMap { $0.mapping.map { $0.map { ($0.key, $0.value) } } ?? [] }
      case .scalar, .alias: own.append((key, value))
      }
    }
    var names = Set(own.compactMap(\.0.string))
    for pair in taken where names.insert(pair.0.string ?? "").inserted { own.append(pair) }
    return own
  }
}
