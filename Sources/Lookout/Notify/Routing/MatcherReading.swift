extension YAMLNode {
  /// A list of texts, each with one or more matchers.
  func matchers() throws(ConfigurationError) -> [Matcher] {
    var matchers: [Matcher] = []
    for item in try list() {
      let text = try item.string()
      do throws(MatcherMistake) {
        matchers += try MatcherSyntax.matchers(text)
      } catch {
        throw item.error("'\(text.prefix(100))' is no matcher: \(error)")
      }
    }
    return matchers
  }

  /// The older form: a mapping from label names to values or, for `match_re`, to regular expressions.
  func matchers(_ kind: Matcher.Kind) throws(ConfigurationError) -> [Matcher] {
    try texts().map { name, value throws(ConfigurationError) in
      let label = try name.string()
      guard label.isClassicLabelName else { throw name.error("'\(label.prefix(60))' is no label name") }
      guard kind == .equal || !value.isNull else { throw value.error("the regular expression for '\(label)' is missing") }
      do {
        return try Matcher(label, kind, value.isNull ? "" : try value.string())
      } catch let error as ConfigurationError {
        throw error
      } catch {
        throw value.error("\(error)")
      }
    }
  }
}

extension YAMLMapping {
  /// `matchers`, `match` and `match_re` together, under names that begin with a prefix: `source_matchers` and so on.
  func matchers(_ prefix: String = "") throws(ConfigurationError) -> [Matcher] {
    var matchers = try self["\(prefix)matchers"]?.matchers() ?? []
    matchers += try self["\(prefix)match"]?.matchers(.equal) ?? []
    matchers += try self["\(prefix)match_re"]?.matchers(.matches) ?? []
    return matchers
  }
}

extension String {
  /// A label's name before Prometheus took any UTF-8: what the older forms accept.
  var isClassicLabelName: Bool {
    guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
    return utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"): true
      default: false
      }
    }
  }
}
