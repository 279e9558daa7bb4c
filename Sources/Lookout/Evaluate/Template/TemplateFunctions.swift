/// Which functions a template calls.
extension GoTemplate {
  var functions: Set<String> { Set(all.flatMap(\.functions)) }
}

extension TemplateNode {
  fileprivate var functions: [String] {
    switch kind {
    case .text, .breakLoop, .continueLoop, .dot, .nilWord, .bool, .number, .string, .field, .variable: []
    case .identifier(let name): [name]
    case .action(let pipeline), .pipeline(let pipeline): pipeline.functions
    case .template(_, let pipeline): pipeline?.functions ?? []
    case .condition(let branch), .with(let branch), .range(let branch):
      branch.pipeline.functions + (branch.body + (branch.otherwise ?? [])).flatMap(\.functions)
    case .chain(let node, _): node.functions
    }
  }
}

extension TemplatePipeline {
  fileprivate var functions: [String] { commands.flatMap(\.words).flatMap(\.functions) }
}
