/// What a browser fetches for a page of Odoo's: read from its HTML and stylesheets without a parser of either, by the few forms in which Odoo
/// writes them.
enum PageParts {
  static let limit = 40
  static let fontLimit = 4

  /// Scripts, styles, pictures and manifest that the page names, then the menus and translations that its own script asks for.
  static func assets(in page: [UInt8]) -> [String] {
    var found: [String] = []
    for tag in HTMLTags(page) {
      guard found.count < limit else { break }
      let path: String? =
        switch tag.name {
        case "script": tag["src"] ?? tag["data-src"]
        case "img": tag["src"]
        case "link": isFetched(tag["rel"]) ? tag["href"] : nil
        default: nil
        }
      if let path, let own = own(path), !found.contains(own) { found.append(own) }
    }
    return found + hashes(in: page).filter { !found.contains($0) }
  }

  private static func isFetched(_ relation: String?) -> Bool {
    let words = (relation ?? "").lowercased().split(separator: " ")
    return words.contains { ["stylesheet", "icon", "apple-touch-icon", "manifest", "preload"].contains($0) }
  }

  /// A path on the same host, as it can be asked for; nil for everything else, which is not Odoo's.
  private static func own(_ text: String) -> String? {
    let path = text.replacing("&amp;", with: "&").prefix { $0 != "#" }
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "<") }
    return path.hasPrefix("/") && !path.hasPrefix("//") && isPlain && path.count <= 512 ? String(path) : nil
  }

  /// `"cache_hashes": {"translations": "d5ee…", "load_menus": "fb54…"}` in the session's facts.
  private static func hashes(in page: [UInt8]) -> [String] {
    guard let start = page.firstRange(of: Array("\"cache_hashes\":".utf8)) else { return [] }
    let text = String(decoding: page[start.upperBound...].prefix(600), as: UTF8.self)
    func hash(_ name: String) -> String? {
      guard let key = text.firstRange(of: "\"\(name)\": \"") ?? text.firstRange(of: "\"\(name)\":\"") else { return nil }
      let value = text[key.upperBound...].prefix { $0.isHexDigit }
      return value.count >= 8 ? String(value) : nil
    }
    let menus = hash("load_menus").map { "/web/webclient/load_menus/\($0)" }
    let translations = hash("translations").map { "/web/webclient/translations/\($0)?lang=en_US" }
    return [menus, translations].compactMap(\.self)
  }

  /// The fonts of a stylesheet in the format that every browser takes.
  static func fonts(in style: [UInt8], of path: String) -> [String] {
    let opening = Array("url(".utf8)
    var found: [String] = []
    var rest = style[...]
    while found.count < fontLimit, let start = rest.firstRange(of: opening) {
      rest = rest[start.upperBound...]
      let inside = rest.prefix(512).prefix { $0 != UInt8(ascii: ")") }
      let text = String(decoding: inside, as: UTF8.self).filter { $0 != "\"" && $0 != "'" }
      if text.contains(".woff2"), let font = own(resolved(text, against: path)), !found.contains(font) { found.append(font) }
    }
    return found
  }

  private static func resolved(_ reference: String, against path: String) -> String {
    guard !reference.hasPrefix("/"), !reference.contains(":") else { return reference }
    var folders = path.split(separator: "/").dropLast().map(String.init)
    for part in reference.split(separator: "/", omittingEmptySubsequences: false) {
      if part == ".." { _ = folders.popLast() } else if part != "." { folders.append(String(part)) }
    }
    return "/" + folders.joined(separator: "/")
  }
}

/// The opening tags of an HTML page in their order; what stands inside scripts and comments is none.
struct HTMLTags: Sequence, IteratorProtocol {
  struct Tag {
    let name: String
    fileprivate let attributes: ArraySlice<UInt8>

    subscript(attribute: String) -> String? { XMLScanner.attribute(attribute, in: attributes) }
  }

  private var rest: ArraySlice<UInt8>

  init(_ page: [UInt8]) {
    rest = page[...]
  }

  mutating func next() -> Tag? {
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[start...]
      if rest.starts(with: "<!--".utf8) {
        rest = rest.firstRange(of: Array("-->".utf8)).map { rest[$0.upperBound...] } ?? []
        continue
      }
      let inside = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }
      rest = rest[inside.endIndex...]
      let name = String(decoding: inside.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }, as: UTF8.self).lowercased()
      guard !name.isEmpty else { continue }
      if name == "script" { rest = rest.firstRange(of: Array("</script".utf8)).map { rest[$0.lowerBound...] } ?? [] }
      return Tag(name: name, attributes: inside.dropFirst(name.utf8.count))
    }
    return nil
  }
}
