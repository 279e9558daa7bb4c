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
    let longest = Duration.seconds(100 * 365 * 86_400)
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
    for (key, value) in mapping {
      if case .scalar(let scalar) = key, scalar.string == "<<" {
        note(YAMLNode(file: file, node: key).error("merge keys ('<<') are not supported; write the fields out"))
        return nil
      }
      let pair = YAMLNode(file: file, node: .mapping(Yams.Node.Mapping([(key, value)], .implicit, .any, mapping.mark)))
      let read = noting { () throws(ConfigurationError) in try pair.mapping(known: known) }
      values.merge(read?.values ?? [:]) { $1 }
    }
    return YAMLMapping(node: node, values: values)
  }
}
