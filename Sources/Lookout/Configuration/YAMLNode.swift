import Yams

/// A node of a YAML file that is read strictly: every accessor either returns what was asked for or throws where it stands and what would
/// be right. (Codable ignores unknown keys, which would turn a typing mistake into a default.)
struct YAMLNode {
  let file: String
  let node: Yams.Node

  /// Larger than any configuration that a person writes, small enough that a hostile one costs nothing.
  static let sizeLimit = 4 << 20

  /// The document in `text`; nil when it holds nothing but comments.
  static func document(_ text: String, file: String) throws(ConfigurationError) -> YAMLNode? {
    guard text.utf8.count <= sizeLimit else {
      throw ConfigurationError(file: file, message: "is larger than \(sizeLimit >> 20) MiB")
    }
    // What is no UTF-8 was read as U+FFFD, which nobody writes into a configuration.
    if let flaw = text.unicodeScalars.firstIndex(of: "\u{fffd}") {
      throw ConfigurationError(file: file, text: text, at: flaw, message: "this is not UTF-8; save the file as UTF-8")
    }
    do {
      try refuseOddKeys(text, file: file)
      return try Yams.compose(yaml: text).map { YAMLNode(file: file, node: $0) }
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(yaml: error, file: file)
    }
  }

  func error(_ message: String) -> ConfigurationError {
    ConfigurationError(file: file, line: node.mark?.line, column: node.mark?.column, message: message)
  }

  private func expected(_ wanted: String) -> ConfigurationError {
    error("expected \(wanted), found \(found)")
  }

  private var found: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string.prefix(60))'"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  // MARK: - Scalars

  func string() throws(ConfigurationError) -> String {
    guard case .scalar(let scalar) = node else { throw expected("a text") }
    return scalar.string
  }

  func nonEmptyString() throws(ConfigurationError) -> String {
    let text = try string()
    guard !text.isEmpty else { throw expected("a text") }
    return text
  }

  func bool() throws(ConfigurationError) -> Bool {
    switch try string() {
    case "true": return true
    case "false": return false
    default: throw expected("true or false")
    }
  }

  func int(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    guard let number = Int(try string()), range.contains(number) else {
      throw expected("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func double(in range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
    guard let number = Double(try string()), range.contains(number) else {
      throw expected("a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  // MARK: - Collections

  func list() throws(ConfigurationError) -> [YAMLNode] {
    guard case .sequence(let sequence) = node else { throw expected("a list") }
    return sequence.map { YAMLNode(file: file, node: $0) }
  }

  /// The mapping, after a look that it has no key but `known`, and none twice.
  func mapping(known: [String]) throws(ConfigurationError) -> YAMLMapping {
    guard case .mapping(let mapping) = node else { throw expected("a mapping with \(known.joined(separator: ", "))") }
    var values: [String: YAMLNode] = [:]
    for (key, value) in mapping {
      let name = YAMLNode(file: file, node: key)
      let text = try name.string()
      guard known.contains(text) else { throw name.error(Self.unknown(text, known: known)) }
      guard values[text] == nil else { throw name.error("key '\(text)' stands here a second time") }
      values[text] = YAMLNode(file: file, node: value)
    }
    return YAMLMapping(node: self, values: values)
  }

  /// A mapping from free names to texts, as labels and annotations are.
  func texts() throws(ConfigurationError) -> [(key: YAMLNode, value: YAMLNode)] {
    guard case .mapping(let mapping) = node else { throw expected("a mapping from names to texts") }
    return mapping.map { (YAMLNode(file: file, node: $0.key), YAMLNode(file: file, node: $0.value)) }
  }

  private static func unknown(_ key: String, known: [String]) -> String {
    if let meant = nearest(to: key, among: known) { return "unknown key '\(key)'; did you mean '\(meant)'?" }
    return "unknown key '\(key.prefix(60))'; known here: \(known.joined(separator: ", "))"
  }
}

/// The values of a mapping by key.
struct YAMLMapping {
  let node: YAMLNode
  let values: [String: YAMLNode]

  /// The value of `key`; nil where it is absent or empty, so that a key left without a value means its default.
  subscript(key: String) -> YAMLNode? {
    guard let value = values[key] else { return nil }
    if case .scalar(let scalar) = value.node, scalar.string.isEmpty, scalar.style == .plain { return nil }
    return value
  }

  func required(_ key: String) throws(ConfigurationError) -> YAMLNode {
    guard let value = self[key] else {
      var error = node.error("'\(key)' is missing")
      error.missingKey = key
      throw error
    }
    return value
  }
}

extension ConfigurationError {
  /// A mistake at a place in `text`.
  fileprivate init(file: String, text: String, at place: String.Index, message: String) {
    let before = text.unicodeScalars[..<place]
    let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
    self.init(file: file, line: before.count { $0 == "\n" } + 1, column: before[start...].count + 1, message: message)
  }

  init(yaml error: any Error, file: String) {
    guard let error = error as? YamlError else {
      self.init(file: file, message: "\(error)")
      return
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      self.init(file: file, line: mark.line, column: mark.column, message: "not YAML: \(problem)")
    case .reader(let problem, let offset, _, let text):
      let place = text.index(text.startIndex, offsetBy: offset ?? 0, limitedBy: text.endIndex) ?? text.endIndex
      self.init(file: file, text: text, at: place, message: "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map(\.description).joined(separator: ", ")
      self.init(file: file, line: context.mark.line, column: context.mark.column, message: "keys stand here twice: \(keys)")
    default:
      self.init(file: file, message: "not YAML: \(error)")
    }
  }
}

/// The word that was probably meant; nil where none is near.
func nearest(to word: String, among known: [String]) -> String? {
  let nearest = known.map { (name: $0, distance: editDistance(word, $0)) }.min { $0.distance < $1.distance }
  return nearest.flatMap { $0.distance <= max(1, word.count / 3) ? $0.name : nil }
}

/// Levenshtein's distance with neighbours that are exchanged counted as one mistake, for "did you mean".
private func editDistance(_ left: String, _ right: String) -> Int {
  let (left, right) = (Array(left.prefix(64)), Array(right.prefix(64)))
  var (before, row) = ([Int](), Array(0...right.count))
  for i in left.indices {
    var next = row
    next[0] = i + 1
    for j in right.indices {
      next[j + 1] = min(row[j] + (left[i] == right[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { next[j + 1] = min(next[j + 1], before[j - 1] + 1) }
    }
    (before, row) = (row, next)
  }
  return row[right.count]
}
