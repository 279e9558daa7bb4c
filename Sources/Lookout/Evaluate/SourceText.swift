import Yams

/// A YAML file by its characters, to find where a part of a scalar stands in it: the YAML parser says only where the scalar begins.
struct SourceText {
  private let characters: [Unicode.Scalar]
  private let lineStarts: [Int]

  init(_ text: String) {
    var characters = Array(text.unicodeScalars)
    if characters.first == "\u{FEFF}" { characters.removeFirst() }
    var starts = [0]
    for index in characters.indices where characters[index].breaksLine {
      let isHalfOfCRLF = characters[index] == "\r" && index + 1 < characters.count && characters[index + 1] == "\n"
      if !isHalfOfCRLF { starts.append(index + 1) }
    }
    self.characters = characters
    lineStarts = starts
  }

  /// Line and column (from 1, in characters) of what stands `offset` UTF-8 bytes into the scalar's value.
  ///
  /// What is not blank stands in the value in the same order as in the file, whatever the style; only blanks and line breaks are folded,
  /// so characters that are not blank are counted.
  func place(of offset: Int, in scalar: Yams.Node.Scalar) -> (line: Int, column: Int)? {
    guard let mark = scalar.mark, let first = index(line: mark.line, column: mark.column) else { return nil }
    let target = Target(offset: offset, in: scalar.string)
    var content = ScalarContent(characters, from: first)
    var end = content.position
    var remaining = target.solidsBefore
    while let solid = content.next() {
      if remaining == 0, target.isSolid { return place(at: solid.lowerBound) }
      if remaining == 0 { break }
      end = solid.upperBound
      remaining -= 1
    }
    return place(at: advance(end, by: target.blanksBefore))
  }

  private func index(line: Int, column: Int) -> Int? {
    guard lineStarts.indices.contains(line - 1), column >= 1 else { return nil }
    return min(lineStarts[line - 1] + column - 1, characters.count)
  }

  private func place(at index: Int) -> (line: Int, column: Int) {
    var (line, end) = (0, lineStarts.count)
    while end - line > 1 {
      let middle = (line + end) / 2
      if lineStarts[middle] <= index { line = middle } else { end = middle }
    }
    return (line + 1, index - lineStarts[line] + 1)
  }

  /// Steps over blanks, but not into the next line.
  private func advance(_ index: Int, by count: Int) -> Int {
    var index = index
    for _ in 0..<count {
      guard index < characters.count, characters[index].isBlank, !characters[index].breaksLine else { break }
      index += 1
    }
    return index
  }
}

/// A place in a scalar's value, told by what comes before it.
private struct Target {
  var solidsBefore = 0
  /// Since the last character that is not blank.
  var blanksBefore = 0
  var isSolid = false

  init(offset: Int, in value: String) {
    var bytes = 0
    for character in value.unicodeScalars {
      guard bytes < offset else {
        isSolid = !character.isBlank
        return
      }
      bytes += UTF8.width(character)
      if character.isBlank {
        blanksBefore += 1
      } else {
        solidsBefore += 1
        blanksBefore = 0
      }
    }
  }
}

extension Unicode.Scalar {
  /// What ends a line for YAML 1.1 (section 5.4).
  var breaksLine: Bool {
    switch self {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  var isBlank: Bool { self == " " || self == "\t" || breaksLine }
}
