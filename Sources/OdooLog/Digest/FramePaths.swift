/// What the paths in tracebacks name: the module and its file, wherever Odoo is installed.
struct FramePaths: Sendable {
  struct Place: Sendable {
    /// Of what the path names, without numbers where it's no file of Python's: server actions have theirs in it.
    let hash: UInt64
    /// Whether the code belongs to a module of Odoo's, and not to its framework, Python or a library.
    let isOfModule: Bool
  }

  private struct Entry: Sendable {
    var path: UInt64 = 0
    var place = Place(hash: 0, isOfModule: false)
  }

  private static let entryCount = 256
  private var entries = [Entry](repeating: Entry(), count: entryCount)

  /// - Parameter hash: of the path, as `scan` makes it; paths come again and again.
  @inline(__always)
  mutating func place(_ line: RawSpan, _ path: Range<Int>, hash: UInt64) -> Place {
    let number = Int(truncatingIfNeeded: hash) & (Self.entryCount &- 1)
    if entries[number].path == hash, hash != 0 { return entries[number].place }
    let place = Self.place(line, path)
    entries[number] = Entry(path: hash, place: place)
    return place
  }

  private static func place(_ line: RawSpan, _ path: Range<Int>) -> Place {
    let name = name(line.copy(path))
    let isFile = name.text.suffix(3).elementsEqual(".py".utf8)
    let bytes = isFile ? name.text : name.text.filter { !$0.isDigit }
    return Place(hash: bytes.span.bytes.hash(0..<bytes.count), isOfModule: name.isOfModule)
  }

  /// `/opt/odoo/odoo/addons/sale/models/order.py` is `sale/models/order.py`, `/usr/lib/python3/dist-packages/odoo/http.py` is `odoo/http.py`.
  static func name(_ path: [UInt8]) -> (text: [UInt8], isOfModule: Bool) {
    if let start = end(of: "addons/", path) { return (Array(path[start...]), true) }
    if path.starts(with: "ir.actions.".utf8) { return (path.filter { !$0.isDigit }, true) }
    for folder in ["-packages/", "/odoo/odoo/", "/python3/"] {
      if let start = end(of: folder, path) { return (Array(folder == "/odoo/odoo/" ? path[(start - 5)...] : path[start...]), false) }
    }
    let parts = path.split(separator: UInt8(ascii: "/"))
    return (Array(parts.suffix(2).joined(separator: [UInt8(ascii: "/")])), false)
  }

  /// Behind the last place where that text stands.
  private static func end(of text: String, _ path: [UInt8]) -> Int? {
    let length = text.utf8.count
    guard path.count >= length else { return nil }
    return (0...(path.count - length)).last { path[$0...].starts(with: text.utf8) }.map { $0 + length }
  }
}
