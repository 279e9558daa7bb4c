/// Reads lines into blocks. Each line is read once at each depth of the lists that it is in, and there are only so many depths.
struct MarkdownReader {
  private let lines: [Substring]
  private let depth: Int
  private var index = 0

  /// Lists within lists beyond this are text.
  private static let deepest = 6

  init(_ lines: [Substring], depth: Int = 0) {
    self.lines = lines
    self.depth = depth
  }

  mutating func blocks() -> [MarkdownBlock] {
    var blocks: [MarkdownBlock] = []
    while let line = current {
      if line.isBlank { index += 1 } else { blocks.append(block(at: line)) }
    }
    return blocks
  }

  private var current: Substring? { index < lines.count ? lines[index] : nil }
  private var following: Substring? { index + 1 < lines.count ? lines[index + 1] : nil }

  private mutating func block(at line: Substring) -> MarkdownBlock {
    if let heading = line.heading {
      index += 1
      return .heading(level: heading.level, heading.text)
    }
    if line.isFence { return fencedCode() }
    if isTable(line) { return table() }
    if let marker = listMarker(of: line) { return list(marker) }
    return paragraph()
  }

  private func listMarker(of line: Substring) -> MarkdownListMarker? { depth < Self.deepest ? MarkdownListMarker(line) : nil }

  private func isTable(_ line: Substring) -> Bool { line.hasPrefix("|") && following?.isTableRule == true }

  private func beginsBlock(_ line: Substring) -> Bool {
    line.heading != nil || line.isFence || isTable(line) || listMarker(of: line) != nil
  }

  private mutating func paragraph() -> MarkdownBlock {
    var text: [Substring] = []
    while let line = current, !line.isBlank, text.isEmpty || !beginsBlock(line) {
      text.append(line.trimmed)
      index += 1
    }
    return .paragraph(text.joined(separator: "\n"))
  }

  /// To the closing fence, or to the end where there is none.
  private mutating func fencedCode() -> MarkdownBlock {
    index += 1
    var text: [Substring] = []
    while let line = current, !line.isFence {
      text.append(line)
      index += 1
    }
    index += 1
    return .code(text.joined(separator: "\n"))
  }

  private mutating func table() -> MarkdownBlock {
    let head = lines[index].cells
    index += 2
    var rows: [[String]] = []
    while let line = current, line.hasPrefix("|") {
      rows.append(line.cells)
      index += 1
    }
    return .table(head: head, rows: rows)
  }

  private mutating func list(_ first: MarkdownListMarker) -> MarkdownBlock {
    var items: [[MarkdownBlock]] = []
    while let line = current, let marker = listMarker(of: line), marker.isOrdered == first.isOrdered {
      var item = MarkdownReader(itemLines(line, marker), depth: depth + 1)
      items.append(item.blocks())
    }
    return .list(isOrdered: first.isOrdered, items: items)
  }

  /// The item's own line and those that are indented below it, blank ones between them too.
  private mutating func itemLines(_ line: Substring, _ marker: MarkdownListMarker) -> [Substring] {
    var own = [line.dropFirst(marker.width)]
    index += 1
    while let line = current {
      if line.isBlank {
        guard let next = lines[index...].first(where: { !$0.isBlank }), next.hasPrefix("  ") || listMarker(of: next) != nil else { break }
        own.append("")
      } else if line.hasPrefix("  ") {
        own.append(line.withoutIndent(upTo: marker.width))
      } else {
        break
      }
      index += 1
    }
    return own
  }
}

/// `- ` or `12. ` at the beginning of a line.
struct MarkdownListMarker {
  let isOrdered: Bool
  /// Characters to the item's text.
  let width: Int

  init?(_ line: Substring) {
    let digits = line.prefix(10).prefix { ("0"..."9").contains($0) }
    if line.hasPrefix("- ") {
      (isOrdered, width) = (false, 2)
    } else if (1...9).contains(digits.count), line.dropFirst(digits.count).hasPrefix(". ") {
      (isOrdered, width) = (true, digits.count + 2)
    } else {
      return nil
    }
  }
}

extension Substring {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
  fileprivate var isFence: Bool { hasPrefix("```") }
  fileprivate var isTableRule: Bool { contains("-") && hasPrefix("|") && allSatisfy { "|-: ".contains($0) } }

  fileprivate var heading: (level: Int, text: String)? {
    let level = prefix(7).prefix { $0 == "#" }.count
    guard (1...6).contains(level), dropFirst(level).hasPrefix(" ") else { return nil }
    return (level, String(dropFirst(level).trimmed))
  }

  fileprivate var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }

  fileprivate func withoutIndent(upTo width: Int) -> Substring { dropFirst(prefix(width).prefix { $0 == " " }.count) }

  /// Between the bars of a table's row; `\|` is a bar of the text.
  fileprivate var cells: [String] {
    var cells: [String] = []
    var cell = ""
    var rest = trimmed.dropFirst()
    while let character = rest.popFirst() {
      if character == "\\", rest.first == "|" {
        cell.append("|")
        rest.removeFirst()
      } else if character == "|" {
        cells.append(String(cell[...].trimmed))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    if !cell[...].isBlank { cells.append(String(cell[...].trimmed)) }
    return cells
  }
}
