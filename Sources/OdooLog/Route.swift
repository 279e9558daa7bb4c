/// A path folded so that paths that differ by a record, a file or a version alone have one name.
struct Route {
  static let longestPath = 1_024
  /// Calls of models beyond the limit; Odoo serves this path too, and whatever follows it.
  static let call = "/web/dataset/call_kw"
  static let staticFiles = "/static"

  let name: [UInt8]
  /// Names a model and a method, of which there are hundreds.
  let isCall: Bool

  /// What follows these names one file, record or version.
  static let stems = [
    "/web/assets", "/web/image", "/web/content", "/web/webclient/load_menus", "/web/webclient/translations", "/report/barcode",
    "/report/html", "/report/pdf",
  ]
  private static let calls = ["/web/dataset/call_kw", "/web/dataset/call_button"]
  private static let mostSegments = 8

  /// `path` comes without its query; nil if it is no path that a route of Odoo could have.
  init?(_ path: [UInt8]) {
    guard path.first == UInt8(ascii: "/"), path.count <= Self.longestPath else { return nil }
    // Whatever follows a stem.
    if let stem = Self.stems.first(where: { Self.isBelow(path, $0) }) {
      (name, isCall) = (Array(stem.utf8), false)
      return
    }
    guard !path.starts(with: "/web\(Self.staticFiles)/".utf8) else {
      (name, isCall) = (Array(Self.staticFiles.utf8), false)
      return
    }
    guard path.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), path.allSatisfy({ $0 < 0x80 }) || Self.isText(path) else { return nil }
    if let stem = Self.calls.first(where: { Self.isBelow(path, $0) }) {
      (name, isCall) = Self.call(path, stem)
    } else {
      guard let folded = Self.fold(path) else { return nil }
      (name, isCall) = (folded, false)
    }
  }

  /// UTF-8 without the control characters of U+0080 to U+009F.
  private static func isText(_ path: [UInt8]) -> Bool {
    guard let text = String(validating: path, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { $0.value < 0x80 || $0.value > 0x9F }
  }

  private static func isBelow(_ path: [UInt8], _ stem: String) -> Bool {
    path.starts(with: stem.utf8) && (path.count == stem.utf8.count || path[stem.utf8.count] == UInt8(ascii: "/"))
  }

  /// The model and the method are the client's words: Odoo reads them from the body (web/controllers/dataset.py).
  private static func call(_ path: [UInt8], _ stem: String) -> (name: [UInt8], isCall: Bool) {
    let words = path.dropFirst(stem.utf8.count).split(separator: UInt8(ascii: "/"))
    let areNames = words.allSatisfy { word in
      word.count <= 48 && word.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
    }
    guard words.count == 2, areNames else { return (Array(call.utf8), false) }
    return (Array(stem.utf8) + words.flatMap { [UInt8(ascii: "/")] + $0 }, true)
  }

  private static func fold(_ path: [UInt8]) -> [UInt8]? {
    let segments = path.split(separator: UInt8(ascii: "/"), maxSplits: mostSegments)
    guard let last = segments.last else { return [UInt8(ascii: "/")] }
    if segments.count > 2, segments[1].elementsEqual("static".utf8) { return Array(staticFiles.utf8) }
    guard segments.count <= mostSegments, !last.contains(UInt8(ascii: "/")) else { return nil }
    let name = segments.flatMap { [UInt8(ascii: "/")] + (isIdentifier($0) ? Array("<id>".utf8) : Array($0)) }
    return name.count <= NameTable.longestName ? name : nil
  }

  private static func isIdentifier(_ segment: ArraySlice<UInt8>) -> Bool {
    isIdentifier(segment.span.bytes, 0..<segment.count)
  }

  /// Numbers, lists of numbers, hashes, UUIDs, `name-12` as Odoo writes records in addresses, and what is too long for a word.
  static func isIdentifier(_ line: RawSpan, _ segment: Range<Int>) -> Bool {
    if segment.count > 40 || segment.allSatisfy({ line.byte($0).isDigit || ",-".utf8.contains(line.byte($0)) }) { return true }
    var digits = segment.upperBound
    while digits > segment.lowerBound, line.byte(digits &- 1).isDigit { digits &-= 1 }
    if digits < segment.upperBound, digits > segment.lowerBound, line.byte(digits &- 1) == UInt8(ascii: "-") { return true }
    return Opaque.isToken(line, segment)
  }
}
