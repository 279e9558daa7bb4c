import PromQL

/// The part of a URL behind the `?`.
struct APIQuery: Sendable {
  private let pairs: [(name: String, value: String)]

  init(_ text: String) throws(APIMistake) {
    var pairs: [(name: String, value: String)] = []
    for part in text.split(separator: "&") {
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(halves[0]), let value = Self.decoded(halves.count > 1 ? halves[1] : "") else {
        throw APIMistake(message: "the query is not well formed: \(part.prefix(60))")
      }
      pairs.append((name, value))
    }
    self.pairs = pairs
  }

  /// All values of a name, in their order.
  func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

  func flag(_ name: String, default usual: Bool = true) throws(APIMistake) -> Bool {
    switch pairs.last(where: { $0.name == name })?.value {
    case nil, ""?: return usual
    case "true"?, "1"?: return true
    case "false"?, "0"?: return false
    case let other?: throw APIMistake(message: "'\(name)' must be true or false, not '\(other.prefix(60))'")
    }
  }

  /// Each `filter` is a list of matchers; all of them must hold.
  func matchers(_ name: String = "filter") throws(APIMistake) -> [Matcher] {
    var matchers: [Matcher] = []
    for (key, value) in pairs where key == name {
      do { matchers += try MatcherSyntax.matchers(value) } catch {
        throw APIMistake(message: "'\(value.prefix(100))' is no matcher: \(error)")
      }
    }
    return matchers
  }

  /// A regular expression for names of receivers; nil where none is given.
  func receiver() throws(APIMistake) -> Matcher? {
    guard let value = pairs.last(where: { $0.name == "receiver" })?.value else { return nil }
    do { return try Matcher("receiver", .matches, value) } catch { throw APIMistake(message: "failed to parse receiver param: \(error)") }
  }

  /// Nil for what is no UTF-8 or no percent encoding.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
