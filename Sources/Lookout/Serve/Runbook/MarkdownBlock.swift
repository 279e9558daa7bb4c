/// A piece of a Markdown document, of the kinds that the runbook is made of.
enum MarkdownBlock: Equatable, Sendable {
  case heading(level: Int, String)
  case paragraph(String)
  case code(String)
  case list(isOrdered: Bool, items: [[MarkdownBlock]])
  case table(head: [String], rows: [[String]])
}

extension MarkdownBlock {
  /// Those of a text, whatever it holds: what is none of the others is a paragraph (CommonMark 0.31, GitHub's tables).
  static func all(in text: String) -> [MarkdownBlock] {
    var reader = MarkdownReader(text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline))
    return reader.blocks()
  }
}
