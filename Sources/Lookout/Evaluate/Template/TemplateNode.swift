/// A part of a template that was read, with the place where Go's messages say that it stands.
struct TemplateNode: Sendable {
  /// UTF-8 bytes before it.
  let offset: Int
  let kind: Kind

  indirect enum Kind: Sendable {
    // What writes.
    case text(String)
    case action(TemplatePipeline)
    case condition(TemplateBranch)
    case with(TemplateBranch)
    case range(TemplateBranch)
    case template(name: String, TemplatePipeline?)
    case breakLoop
    case continueLoop
    // What has a value.
    case dot
    case nilWord
    case bool(Bool)
    case number(TemplateNumber)
    case string(quoted: String, String)
    case field([String])
    case variable([String])
    case identifier(String)
    case chain(TemplateNode, [String])
    case pipeline(TemplatePipeline)
  }
}

/// Commands, each but the first with what the one before it gave as its last argument.
struct TemplatePipeline: Sendable {
  let offset: Int
  var variables: [String] = []
  /// Whether the variables exist already.
  var isAssignment = false
  var commands: [TemplateCommand] = []

  var node: TemplateNode { TemplateNode(offset: offset, kind: .pipeline(self)) }
}

struct TemplateCommand: Sendable {
  let offset: Int
  var words: [TemplateNode] = []
}

/// What `if`, `with` and `range` have in common.
struct TemplateBranch: Sendable {
  let pipeline: TemplatePipeline
  let body: [TemplateNode]
  let otherwise: [TemplateNode]?
}

extension TemplateNode: CustomStringConvertible {
  /// As Go prints it in messages.
  var description: String {
    switch kind {
    case .text(let text): GoText.quoted(text)
    case .action(let pipeline): "{{\(pipeline)}}"
    case .condition(let branch): "{{if \(branch.pipeline)}}"
    case .with(let branch): "{{with \(branch.pipeline)}}"
    case .range(let branch): "{{range \(branch.pipeline)}}"
    case .template(let name, let pipeline): "{{template \(GoText.quoted(name))\(pipeline.map { " \($0)" } ?? "")}}"
    case .breakLoop: "{{break}}"
    case .continueLoop: "{{continue}}"
    case .dot: "."
    case .nilWord: "nil"
    case .bool(let value): "\(value)"
    case .number(let number): number.text
    case .string(let quoted, _): quoted
    case .field(let names): names.map { ".\($0)" }.joined()
    case .variable(let names): names.joined(separator: ".")
    case .identifier(let name): name
    case .chain(let node, let names): node.inWords + names.map { ".\($0)" }.joined()
    case .pipeline(let pipeline): pipeline.description
    }
  }

  fileprivate var inWords: String {
    if case .pipeline = kind { return "(\(description))" }
    return description
  }
}

extension TemplatePipeline: CustomStringConvertible {
  var description: String {
    let declared = variables.isEmpty ? "" : variables.joined(separator: ", ") + (isAssignment ? " = " : " := ")
    return declared + commands.map(\.description).joined(separator: " | ")
  }
}

extension TemplateCommand: CustomStringConvertible {
  var description: String { words.map(\.inWords).joined(separator: " ") }
}
