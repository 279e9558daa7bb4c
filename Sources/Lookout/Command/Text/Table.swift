/// Rows in columns that are as wide as what stands in them; the last one is not filled up.
struct Table {
  private let rows: [[String]]

  init(_ head: [String], _ rows: [[String]]) {
    self.rows = [head] + rows.map { $0.map(\.oneLine) }
  }

  var text: String {
    let widths = rows.reduce(into: [Int]()) { widths, row in
      for (index, cell) in row.enumerated() {
        if index < widths.count { widths[index] = max(widths[index], cell.count) } else { widths.append(cell.count) }
      }
    }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in index == row.count - 1 ? cell : cell.padded(widths[index]) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
