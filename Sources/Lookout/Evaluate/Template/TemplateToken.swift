/// A piece of a template's text, as Go's text/template/parse/lex.go tells them apart.
struct TemplateToken {
  enum Kind {
    case text, leftDelimiter, rightDelimiter, space, endOfText
    case bool, character, characterConstant, number, string, rawString
    case dot, field, variable, identifier, keyword, nilWord
    case assign, declare, pipe, leftParenthesis, rightParenthesis
  }

  let kind: Kind
  let text: String
  /// UTF-8 bytes before it.
  let offset: Int

  static let keywords: Set<String> = ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"]

  func isKeyword(_ word: String) -> Bool { kind == .keyword && text == word }
}

extension TemplateToken: CustomStringConvertible {
  /// As Go's messages show it.
  var description: String {
    switch kind {
    case .endOfText: return "EOF"
    case .keyword, .nilWord, .dot: return "<\(text)>"
    default:
      let scalars = text.unicodeScalars
      return scalars.count > 10 ? GoText.quoted(String(String.UnicodeScalarView(scalars.prefix(10)))) + "..." : GoText.quoted(text)
    }
  }
}

/// Why a template cannot be used, in Go's words.
struct TemplateError: Error, Equatable {
  let message: String
  /// UTF-8 bytes from the template's start.
  let offset: Int
  /// From 1.
  var line = 1

  /// As Go's parser says it of a template of that name.
  func described(as name: String) -> String { "template: \(name):\(line): \(message)" }
}
