/// One item of a list header with quality values, such as `text/*;version=0.0.4;q=0.5` of `Accept` or `gzip` of `Accept-Encoding`
/// (RFC 9110, 12.4.2 and 12.5).
struct MediaRange: Equatable {
  /// In lower case.
  let name: String
  /// Without `q`; names in lower case, quotes taken off.
  let parameters: [String: String]
  /// From 0, refused, to 1.
  let quality: Double

  /// The items that can be read; one that cannot is left out, for a scrape must not fail for a stranger's header.
  static func list(_ header: String) -> [MediaRange] {
    Substring(header).split(outsideQuotes: UInt8(ascii: ",")).compactMap(MediaRange.init)
  }

  private init?(_ text: Substring) {
    var parts = text.split(outsideQuotes: UInt8(ascii: ";"))[...]
    guard let name = parts.popFirst(), !name.isEmpty else { return nil }
    var parameters: [String: String] = [:]
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      parameters[pair[0].trimmed.lowercased()] = pair[1].trimmed.unquoted
    }
    guard let quality = Self.quality(parameters.removeValue(forKey: "q")) else { return nil }
    self.name = name.lowercased()
    self.parameters = parameters
    self.quality = quality
  }

  private static func quality(_ text: String?) -> Double? {
    guard let text else { return 1 }
    guard let number = Double(text), (0...1).contains(number) else { return nil }
    return number
  }
}

extension MediaRange {
  /// Whether a gzipped answer is welcome: named, or covered by `*`, and not refused or liked less than a plain one.
  static func acceptsGzip(_ acceptEncoding: String?) -> Bool {
    guard let acceptEncoding else { return false }
    let codings = Dictionary(list(acceptEncoding).map { ($0.name, $0.quality) }, uniquingKeysWith: max)
    guard let gzip = codings["gzip"] ?? codings["x-gzip"] ?? codings["*"], gzip > 0 else { return false }
    return gzip >= codings["identity"] ?? 0
  }
}

extension Substring {
  /// The parts between separators that do not stand in a quoted string, trimmed.
  fileprivate func split(outsideQuotes separator: UInt8) -> [Substring] {
    var parts: [Substring] = []
    var (start, inQuotes, escaped) = (startIndex, false, false)
    for index in utf8.indices {
      let byte = utf8[index]
      switch byte {
      case _ where escaped: escaped = false
      case UInt8(ascii: "\\") where inQuotes: escaped = true
      case UInt8(ascii: "\""): inQuotes.toggle()
      case separator where !inQuotes:
        parts.append(self[start..<index].trimmed)
        start = utf8.index(after: index)
      default: break
      }
    }
    return parts + [self[start...].trimmed]
  }

  fileprivate var trimmed: Substring {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else { return "" }
    return self[first...last]
  }

  /// A quoted string's content; anything else as it is.
  fileprivate var unquoted: String {
    guard count >= 2, first == "\"", last == "\"" else { return String(self) }
    var (content, escaped) = ("", false)
    for character in dropFirst().dropLast() {
      if character == "\\", !escaped {
        escaped = true
        continue
      }
      content.append(character)
      escaped = false
    }
    return content
  }
}
