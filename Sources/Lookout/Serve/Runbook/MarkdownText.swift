/// The text within a block: code, emphasis and links become markup, everything else is text, HTML too.
struct MarkdownText {
  private var rest: Substring
  private var pieces: [Markup] = []
  private var plain = ""
  /// What closes nothing any more, so that it is sought only once.
  private var absent: Set<String> = []

  /// A link's text is no longer.
  private static let longestLink = 300

  private init(_ text: Substring) {
    rest = text
  }

  static func markup(_ text: String) -> Markup { markup(text[...]) }

  private static func markup(_ text: Substring) -> Markup {
    var reader = MarkdownText(text)
    return reader.read()
  }

  private mutating func read() -> Markup {
    while let character = rest.first {
      let special: Markup? =
        switch character {
        case "`": enclosed(by: "`").map { "<code>\(String($0))</code>" }
        case "*": emphasis()
        case "[": link()
        default: nil
        }
      if let special { add(special) } else { addPlain() }
    }
    add("")
    return "\(pieces)"
  }

  private mutating func add(_ special: Markup) {
    pieces += ["\(plain)", special]
    plain = ""
  }

  /// A character as it is, or the one that a backslash protects, and all up to the next that may be special.
  private mutating func addPlain() {
    if rest.first == "\\", let next = rest.dropFirst().first, next.isASCII, next.isPunctuation || next.isSymbol { rest.removeFirst() }
    plain.append(rest.removeFirst())
    let run = rest.prefix { !"`*[\\".contains($0) }
    plain += run
    rest = rest[run.endIndex...]
  }

  private mutating func emphasis() -> Markup? {
    if rest.hasPrefix("**") { return enclosed(by: "**").map { "<strong>\(Self.markup($0))</strong>" } }
    return enclosed(by: "*").map { "<em>\(Self.markup($0))</em>" }
  }

  /// What stands between that mark and the next one like it, and goes on behind it; nil where there is nothing to enclose.
  private mutating func enclosed(by mark: String) -> Substring? {
    let text = rest.dropFirst(mark.count)
    guard !absent.contains(mark), text.first?.isWhitespace == false else { return nil }
    guard let end = text.firstRange(of: mark) else {
      absent.insert(mark)
      return nil
    }
    guard end.lowerBound > text.startIndex else { return nil }
    rest = rest[end.upperBound...]
    return text[..<end.lowerBound]
  }

  private mutating func link() -> Markup? {
    let inside = rest.dropFirst().prefix(Self.longestLink)
    guard let end = inside.firstIndex(of: "]"), rest[end...].hasPrefix("](") else { return nil }
    let address = rest[end...].dropFirst(2).prefix(Self.longestLink)
    guard let close = address.firstIndex(of: ")") else { return nil }
    rest = rest[rest.index(after: close)...]
    let text = Self.markup(inside[..<end])
    guard let target = Self.target(address[..<close]) else { return text }
    return "<a href=\"\(target)\">\(text)</a>"
  }

  /// Places on the page and pages of the web; anything else, a script or a file that is not served, is nowhere to go.
  private static func target(_ address: Substring) -> String? {
    guard address.hasPrefix("#") || address.hasPrefix("https://") || address.hasPrefix("http://") else { return nil }
    return address.contains(where: \.isWhitespace) ? nil : String(address)
  }
}
