import Yams

/// Finds every mistake of a configuration and not only the first: what is wrong is taken out, and the rest read again by the same reader.
struct ConfigurationExamination {
  /// In the order of the lines.
  private(set) var mistakes: [ConfigurationError] = []
  /// What the file says, where there is no mistake in it.
  private(set) var configuration: Configuration?
  /// As it was read; nil where it is no YAML.
  let document: YAMLNode?

  /// More are not told at once.
  private static let limit = 50

  init(_ text: String, file: String, environment: [String: String]) {
    do {
      configuration = try Configuration(text, file: file, environment: environment)
      document = try YAMLNode.document(text, file: file)
      return
    } catch {
      mistakes = [error]
    }
    guard let read = try? YAMLNode.document(text, file: file) else {
      document = nil
      return
    }
    document = read
    guard Mending.isSmall(read.node) else { return }
    readOn(read, environment: environment)
    mistakes.sort { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
  }

  private mutating func readOn(_ document: YAMLNode, environment: [String: String]) {
    var mending = Mending(document)
    // A mistake in a file that this one names is not mended here.
    while let mistake = mending.latest ?? mistakes.first, mistake.file == document.file, mistakes.count < Self.limit, mending.mend(mistake)
    {
      do {
        _ = try Configuration(YAMLNode(file: document.file, node: mending.node), environment: environment)
        return
      } catch {
        mending.latest = error
        if !mending.isToBlame(for: error), !mistakes.contains(error) { mistakes.append(error) }
      }
    }
  }
}

/// A tree with what was wrong in it taken out or replaced.
private struct Mending {
  private(set) var node: Yams.Node
  private let file: String
  /// What was taken out, and where the mappings begin that it stood in.
  private var taken: [Removed] = []

  private typealias Removed = (key: String, line: Int?, column: Int?)

  /// What is wrong with it as it is now; nil before it was read.
  var latest: ConfigurationError?
  /// Stand-ins that were tried for a key that is missing.
  private var tried: [String: Int] = [:]
  private var pending: String?

  /// One of them passes wherever something must stand.
  private static var standIns: [Yams.Node] {
    ["http://127.0.0.1", "/dev/null", "1", "1m"].map { Yams.Node($0) } + [Yams.Node([(Yams.Node, Yams.Node)]())]
  }

  init(_ document: YAMLNode) {
    (node, file) = (document.node, document.file)
  }

  /// Aliases let a small file name more nodes than anybody can visit.
  static func isSmall(_ node: Yams.Node) -> Bool {
    var open = [node]
    var visited = 0
    while let next = open.popLast() {
      visited += 1
      guard visited + open.count <= 20_000 else { return false }
      switch next {
      case .mapping(let mapping): open += mapping.map(\.value)
      case .sequence(let sequence): open += sequence
      case .scalar, .alias: break
      }
    }
    return true
  }

  /// False where nothing can be done about it.
  mutating func mend(_ mistake: ConfigurationError) -> Bool {
    if let key = mistake.missingKey {
      let value = standIn(key)
      return change { Self.inserting(key, value, into: $0, at: mistake) }
    }
    // A stand-in has no place in the file.
    if mistake.line == nil, let key = pending {
      let (next, isLast) = (standIn(key), tried[key, default: 0] > Self.standIns.count)
      return !isLast && change { Self.replacing(key, next, in: $0) }
    }
    guard let (line, column) = place(of: mistake) else { return false }
    var removed: Removed?
    let isChanged = change { Self.removing(from: $0, at: (line, column), &removed) }
    if let removed { taken.append(removed) }
    return isChanged
  }

  /// Where it stands in this file; a mistake in a file that this one names, where it is named.
  private func place(of mistake: ConfigurationError) -> (Int, Int)? {
    guard mistake.file != file else { return mistake.line.flatMap { line in mistake.column.map { (line, $0) } } }
    let directory = Directory(of: file)
    guard case .mapping(let top) = node else { return nil }
    let name = top.first { $0.value.string.map(directory.path) == mistake.file }?.value
    return name?.mark.map { ($0.line, $0.column) }
  }

  /// What was put in or taken out is not the person's mistake.
  func isToBlame(for mistake: ConfigurationError) -> Bool {
    if mistake.line == nil { return true }
    if mistake.file != file { return false }
    if let key = mistake.missingKey { return taken.contains { $0.key == key } }
    return taken.contains { $0.line == mistake.line && $0.column == mistake.column }
  }

  private mutating func standIn(_ key: String) -> Yams.Node {
    pending = key
    let index = tried[key, default: 0]
    tried[key] = index + 1
    return Self.standIns[min(index, Self.standIns.count - 1)]
  }

  private mutating func change(_ change: (Yams.Node) -> Yams.Node?) -> Bool {
    guard let changed = change(node) else { return false }
    node = changed
    return true
  }

  // MARK: - The tree

  private static func inserting(_ key: String, _ value: Yams.Node, into node: Yams.Node, at place: ConfigurationError) -> Yams.Node? {
    if case .mapping(var mapping) = node, mapping.mark?.line == place.line, mapping.mark?.column == place.column {
      mapping = Yams.Node.Mapping(
        mapping.filter { $0.key.string != key } + [(Yams.Node(key), value)], mapping.tag, mapping.style, mapping.mark)
      return .mapping(mapping)
    }
    return changingOne(of: node) { inserting(key, value, into: $0, at: place) }
  }

  private static func replacing(_ key: String, _ value: Yams.Node, in node: Yams.Node) -> Yams.Node? {
    guard case .mapping(let mapping) = node, mapping.contains(where: { $0.key.string == key && $0.value.mark == nil }) else {
      return changingOne(of: node) { replacing(key, value, in: $0) }
    }
    let pairs = mapping.map { $0.key.string == key ? ($0.key, value) : ($0.key, $0.value) }
    return .mapping(Yams.Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
  }

  /// Without the pair whose key or value stands there, or the item. Inner ones first; what is at fault as a whole comes to light again.
  private static func removing(from node: Yams.Node, at place: (Int, Int), _ removed: inout Removed?)
    -> Yams.Node?
  {
    var inner: Removed?
    if let changed = changingOne(of: node, { removing(from: $0, at: place, &inner) }) {
      removed = inner
      return changed
    }
    switch node {
    case .mapping(let mapping):
      let kept = mapping.filter { !isAt($0.key, place) && !isAt($0.value, place) }
      guard kept.count < mapping.count else { return nil }
      let key = mapping.first { isAt($0.key, place) || isAt($0.value, place) }?.key.string
      removed = key.map { ($0, mapping.mark?.line, mapping.mark?.column) }
      return .mapping(Yams.Node.Mapping(kept.map { ($0.key, $0.value) }, mapping.tag, mapping.style, mapping.mark))
    case .sequence(let sequence):
      let kept = Array(sequence).filter { !isAt($0, place) }
      guard kept.count < sequence.count else { return nil }
      return .sequence(Yams.Node.Sequence(kept, sequence.tag, sequence.style, sequence.mark))
    case .scalar, .alias: return nil
    }
  }

  /// The node with its first child changed that `change` changes; nil where it changes none.
  private static func changingOne(of node: Yams.Node, _ change: (Yams.Node) -> Yams.Node?) -> Yams.Node? {
    switch node {
    case .mapping(let mapping):
      var pairs = mapping.map { ($0.key, $0.value) }
      for index in pairs.indices {
        guard let changed = change(pairs[index].1) else { continue }
        pairs[index].1 = changed
        return .mapping(Yams.Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
      }
    case .sequence(let sequence):
      var items = Array(sequence)
      for index in items.indices {
        guard let changed = change(items[index]) else { continue }
        items[index] = changed
        return .sequence(Yams.Node.Sequence(items, sequence.tag, sequence.style, sequence.mark))
      }
    case .scalar, .alias: break
    }
    return nil
  }

  private static func isAt(_ node: Yams.Node, _ place: (Int, Int)) -> Bool {
    node.mark.map { $0.line == place.0 && $0.column == place.1 } ?? false
  }
}
