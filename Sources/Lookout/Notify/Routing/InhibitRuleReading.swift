extension InhibitRule {
  private static let keys = [
    "name", "source_matchers", "source_match", "source_match_re", "target_matchers", "target_match", "target_match_re", "equal",
  ]

  init(_ node: YAMLNode) throws(ConfigurationError) {
    let section = try node.mapping(known: Self.keys)
    if let name = section["name"] { _ = try name.string() }
    let source = try section.matchers("source_")
    let target = try section.matchers("target_")
    var equal: [String] = []
    if let node = section["equal"], !node.isNull {
      equal = try node.list().map { item throws(ConfigurationError) in try item.nonEmptyString() }
    }
    self.init(source: { source.matches($0) }, target: { target.matches($0) }, equal: equal)
  }
}
