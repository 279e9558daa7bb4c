import PromQL

/// The text of an annotation or a rule's label, with the actions in it that Prometheus' templates and this program have in common.
struct Template: Sendable {
  /// As written.
  let text: String
  private let terms: [TemplateTerm]

  /// Throws for a mistake, and for what Prometheus would expand and this program does not.
  init(_ text: String) throws(TemplateError) {
    self.text = text
    var parser = TemplateParser(text)
    terms = try parser.parse()
  }

  /// Whether it has no actions, and so expands to itself.
  var isLiteral: Bool { !text.contains("{{") }

  func expand(with data: TemplateData) -> String {
    terms.map { $0.expand(with: data) }.joined()
  }
}

/// What an action can name.
struct TemplateData {
  /// Of the series, `__name__` included.
  let labels: [String: String]
  let value: Double
  let externalURL: String
}

/// Why a template is refused, and where: in UTF-8 bytes from its start.
struct TemplateError: Error, Equatable {
  let message: String
  let offset: Int
}

/// A piece of a template.
indirect enum TemplateTerm: Sendable {
  case text(String)
  case value
  /// A label that is not there is empty, as with Prometheus.
  case label(String)
  case labels
  case externalURL
  case humanized(Humanization)
  case formatted([FormatPiece])

  func expand(with data: TemplateData) -> String {
    switch self {
    case .text(let text): text
    case .value: formatPrometheusValue(data.value)
    case .label(let name): data.labels[name] ?? ""
    case .labels: Self.map(data.labels)
    case .externalURL: data.externalURL
    case .humanized(let humanization): humanization.text(of: data.value)
    case .formatted(let pieces): pieces.map { $0.expand(with: data) }.joined()
    }
  }

  /// Go's form of a map.
  private static func map(_ labels: [String: String]) -> String {
    let sorted = labels.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return "map[\(sorted.map { "\($0.key):\($0.value)" }.joined(separator: " "))]"
  }
}
