/// Blocks as HTML. Headings can be linked to, by the names that GitHub gives them.
struct MarkdownMarkup {
  /// A heading and how to get there.
  struct Heading: Equatable, Sendable {
    let level: Int
    let text: String
    let anchor: String
  }

  private(set) var headings: [Heading] = []
  private var taken: [String: Int] = [:]

  mutating func markup(_ blocks: [MarkdownBlock]) -> Markup { "\(blocks.map { markup($0) })" }

  private mutating func markup(_ block: MarkdownBlock) -> Markup {
    switch block {
    case .heading(let level, let text): return heading(level, text)
    case .paragraph(let text): return "<p>\(MarkdownText.markup(text))</p>\n"
    case .code(let text): return "<pre><code>\(text)</code></pre>\n"
    case .list(let isOrdered, let items):
      let all = items.map { "<li>\(item($0))</li>\n" as Markup }
      return isOrdered ? "<ol>\n\(all)</ol>\n" : "<ul>\n\(all)</ul>\n"
    case .table(let head, let rows): return table(head, rows)
    }
  }

  private mutating func heading(_ level: Int, _ text: String) -> Markup {
    let heading = Heading(level: level, text: text, anchor: anchor(of: text))
    headings.append(heading)
    let (anchor, content) = (heading.anchor, MarkdownText.markup(text))
    switch level {
    case 1: return "<h1 id=\"\(anchor)\">\(content)</h1>\n"
    case 2: return "<h2 id=\"\(anchor)\">\(content)</h2>\n"
    case 3: return "<h3 id=\"\(anchor)\">\(content)</h3>\n"
    default: return "<h4 id=\"\(anchor)\">\(content)</h4>\n"
    }
  }

  /// A second heading of the same name has a number behind its own.
  private mutating func anchor(of text: String) -> String {
    let name = Self.anchor(of: text)
    let count = taken[name, default: 0]
    taken[name] = count + 1
    return count == 0 ? name : "\(name)-\(count)"
  }

  /// Letters, figures, hyphens and underscores in lower case; a blank is a hyphen.
  static func anchor(of text: String) -> String {
    String(text.lowercased().map { $0 == " " ? "-" : $0 }.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
  }

  /// An item of one paragraph is no paragraph of its own.
  private mutating func item(_ blocks: [MarkdownBlock]) -> Markup {
    guard case .paragraph(let text) = blocks.first else { return markup(blocks) }
    return "\(MarkdownText.markup(text))\n\(markup(Array(blocks.dropFirst())))"
  }

  /// Each cell names its column, for screens that are too narrow to show columns.
  private func table(_ head: [String], _ rows: [[String]]) -> Markup {
    let columns = head.map { "<th scope=\"col\">\(MarkdownText.markup($0))</th>" as Markup }
    let lines = rows.map { row in
      let cells = row.enumerated().map { column, text in
        let name = column < head.count ? head[column].filter { !"`*".contains($0) } : ""
        return "<td data-label=\"\(name)\">\(MarkdownText.markup(text))</td>" as Markup
      }
      return "<tr>\(cells)</tr>\n" as Markup
    }
    return "<table>\n<thead><tr>\(columns)</tr></thead>\n<tbody>\n\(lines)</tbody>\n</table>\n"
  }
}
