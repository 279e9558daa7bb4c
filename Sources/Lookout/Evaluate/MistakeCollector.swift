import Yams

/// Reads YAML on after a mistake, so that all mistakes of a file come to light at once.
struct MistakeCollector {
  let text: String
  let file: String
  private(set) var errors: [ConfigurationError] = []
  private lazy var source = SourceText(text)

  init(_ text: String, file: String) {
    self.text = text
    self.file = file
  }

  mutating func note(_ error: ConfigurationError) {
    errors.append(error)
  }

  /// An error at a place inside a scalar, given in UTF-8 bytes of its value.
  mutating func note(_ message: String, at offset: Int, in node: YAMLNode) {
    var error = node.error(message)
    if case .scalar(let scalar) = node.node, let place = source.place(of: offset, in: scalar) {
      error.line = place.line
      error.column = place.column
    }
    errors.append(error)
  }

  /// What is read, or nil and one error more.
  mutating func noting<Value>(_ read: () throws(ConfigurationError) -> Value) -> Value? {
    do {
      return try read()
    } catch {
      errors.append(error)
      return nil
    }
  }

  mutating func document() -> YAMLNode? {
    let (text, file) = (text, file)
    return noting { () throws(ConfigurationError) in try YAMLNode.document(text, file: file) } ?? nil
  }

  mutating func list(_ node: YAMLNode?) -> [YAMLNode] {
    node.flatMap { node in noting { () throws(ConfigurationError) in try node.list() } } ?? []
  }

  mutating func duration(_ node: YAMLNode?) -> Duration? {
    // What Prometheus' own can say, in nanoseconds.
    let longest = Duration.milliseconds(Int64.max / 1_000_000)
    return node.flatMap { node in noting { () throws(ConfigurationError) in try node.duration(in: .zero...longest) } }
  }

  mutating func requiredText(_ key: String, of fields: YAMLMapping) -> (node: YAMLNode, text: String)? {
    noting { () throws(ConfigurationError) in
      let node = try fields.required(key)
      return (node, try node.nonEmptyString())
    }
  }

  /// The fields of a mapping, each unknown key an error of its own.
  mutating func fields(of node: YAMLNode, known: [String]) -> YAMLMapping? {
    guard case .mapping(let mapping) = node.node else {
      return noting { () throws(ConfigurationError) in try node.mapping(known: known) }
    }
    var values: [String: YAMLNode] = [:]
    var merged: [String: YAMLNode] = [:]
    for (key, value) in mapping {
      if case .scalar(let scalar) = key, scalar.string == "<<" {
        merge(value, known: known, into: &merged)
        continue
      }
      let pair = YAMLNode(file: file, node: .mapping(Yams.Node.Mapping([(key, value)], .implicit, .any, mapping.mark)))
      let read = noting { () throws(ConfigurationError) in try pair.mapping(known: known) }
      values.merge(read?.values ?? [:]) { $1 }
    }
    values.merge(merged) { own, _ in own }
    return YAMLMapping(node: node, values: values)
  }

  /// YAML's merge key: the fields of another mapping, or of several, the first of which wins (https://yaml.org/type/merge.html).
  private mutating func merge(_ value: Yams.Node, known: [String], into merged: inout [String: YAMLNode]) {
    if case .sequence(let sequence) = value {
      for one in sequence {
        guard case .mapping = one else { return note(YAMLNode(file: file, node: one).error("'<<' takes mappings")) }
        merge(one, known: known, into: &merged)
      }
      return
    }
    guard case .mapping = value else { return note(YAMLNode(file: file, node: value).error("'<<' takes a mapping")) }
    merged.merge(fields(of: YAMLNode(file: file, node: value), known: known)?.values ?? [:]) { first, _ in first }
  }
}
