/// Whether a CSV file holds more than headings: the exports of a broken dashboard come with HTTP 200 and nothing below theirs.
enum CSVFigures {
  /// Whether some line has a number behind its first field. Quoted fields with line ends in them do not occur in these exports; where they
  /// did, their parts would count as lines, which finds the same figures.
  static func areIn(_ file: [UInt8]) -> Bool {
    file.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).contains { line in
      line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).dropFirst().contains(where: isNumber)
    }
  }

  private static func isNumber(_ field: ArraySlice<UInt8>) -> Bool {
    guard field.count <= 64 else { return false }
    let text = String(decoding: field, as: UTF8.self).filter { $0 != " " && $0 != "\"" }
    return Double(text).map(\.isFinite) ?? false
  }
}
