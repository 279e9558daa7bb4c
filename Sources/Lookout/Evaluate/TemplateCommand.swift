/// One command of an action's pipeline: a value, or a function with its arguments, the last of which may come through the pipe.
struct TemplateCommand {
  let words: [TemplateWord]
  let piped: TemplateTerm?

  static let supported =
    "supported are $labels.NAME, $labels, $value, $externalURL, humanize, humanize1024, humanizeDuration, humanizePercentage and printf"

  func term() throws(TemplateError) -> TemplateTerm {
    guard let first = words.first else { throw TemplateError(message: "nothing between {{ and }}", offset: 0) }
    if case .name(let name) = first.kind { return try call(name, at: first.offset) }
    if words.count > 1 { throw TemplateError(message: "only a function takes arguments", offset: words[1].offset) }
    if piped != nil { throw TemplateError(message: "only a function can stand behind |", offset: first.offset) }
    return try operand(first)
  }

  private func operand(_ word: TemplateWord) throws(TemplateError) -> TemplateTerm {
    switch word.kind {
    case .text(let text): return .text(text)
    case .name(let name): throw unsupported(name, at: word.offset)
    case .chain(let names): return try Self.resolve(names, at: word.offset)
    }
  }

  private static func resolve(_ names: [String], at offset: Int) throws(TemplateError) -> TemplateTerm {
    switch names.count {
    case 1 where names[0] == "$labels", 2 where isData(names[0]) && names[1] == "Labels": return .labels
    case 2 where names[0] == "$labels" && !names[1].isEmpty: return .label(names[1])
    case 3 where isData(names[0]) && names[1] == "Labels" && !names[2].isEmpty: return .label(names[2])
    case 1 where names[0] == "$value", 2 where isData(names[0]) && names[1] == "Value": return .value
    case 1 where names[0] == "$externalURL", 2 where isData(names[0]) && names[1] == "ExternalURL": return .externalURL
    default: throw TemplateError(message: "'\(names.joined(separator: "."))' is not known in a template; \(supported)", offset: offset)
    }
  }

  /// `.` and `$` both mean all that the template is given.
  private static func isData(_ name: String) -> Bool { name.isEmpty || name == "$" }

  private func call(_ name: String, at offset: Int) throws(TemplateError) -> TemplateTerm {
    var arguments: [TemplateTerm] = []
    for word in words.dropFirst() { arguments.append(try operand(word)) }
    if let piped { arguments.append(piped) }
    if let humanization = Humanization(rawValue: name) {
      guard arguments.count == 1, case .value = arguments[0] else {
        throw TemplateError(message: "\(name) takes one number: $value", offset: offset)
      }
      return .humanized(humanization)
    }
    switch name {
    case "printf": return .formatted(try FormatParser.pieces(arguments, at: offset))
    case "externalURL" where arguments.isEmpty: return .externalURL
    default: throw unsupported(name, at: offset)
    }
  }

  private func unsupported(_ name: String, at offset: Int) -> TemplateError {
    TemplateError(message: "'\(name.prefix(40))' is not supported in a template; \(Self.supported)", offset: offset)
  }
}
