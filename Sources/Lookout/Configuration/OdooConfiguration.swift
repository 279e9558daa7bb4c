/// Odoo's own configuration file (`odoo.conf`), as far as the agent can learn from it where things lie.
/// Format: Python's ConfigParser; options of `odoo/tools/config.py`, section `[options]`.
struct OdooConfiguration: Sendable {
  /// Where Debian's package and the common installers put it.
  static let usualPaths = ["/etc/odoo/odoo.conf", "/etc/odoo.conf", "/etc/odoo/odoo-server.conf", "/etc/odoo-server.conf"]

  let path: String
  private let options: [String: String]
  /// Options that stand there more than once; the last one counts.
  let repeated: [String]
  /// Whether there is such a section.
  let hasOptions: Bool

  init(readingFrom path: String) throws(AgentError) {
    self.init(try TextFile.read(path, limit: 1 << 20), path: path)
  }

  init(_ text: String, path: String) {
    self.path = path
    var section = ""
    var options: [String: String] = [:]
    var repeated: [String] = []
    var hasOptions = false
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("[") { section = String(line.dropFirst().prefix { $0 != "]" }) }
      hasOptions = hasOptions || section == "options"
      guard section == "options", let first = line.first, !"#;[".contains(first) else { continue }
      guard let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
      let value = line[line.index(after: separator)...]
      // ConfigParser takes names in any case (`optionxform`).
      let name = Self.trimmed(line[..<separator]).lowercased()
      if options.updateValue(Self.trimmed(value), forKey: name) != nil, !repeated.contains(name) { repeated.append(name) }
    }
    (self.options, self.repeated, self.hasOptions) = (options, repeated, hasOptions)
  }

  /// The option's value; nil where it is absent or says that it is not set (Odoo writes `False`).
  subscript(name: String) -> String? {
    guard let value = options[name], !value.isEmpty, value != "False", value != "None" else { return nil }
    return value
  }

  /// Every option that is set.
  var names: [String] { options.keys.filter { self[$0] != nil }.sorted() }

  /// A number above zero; nil where there is none.
  func positive(_ name: String) -> Int? { self[name].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } }

  /// Where Odoo's second process, which holds connections open, listens beside its workers; nil where there is none, or not on this machine.
  func websocketURL(beside url: WebAddress) -> WebAddress? {
    guard positive("workers") != nil, url.isLocal, url.scheme == "http" else { return nil }
    let port = positive("gevent_port") ?? positive("longpolling_port") ?? 8072
    return try? WebAddress("http://\(url.host):\(port)")
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
