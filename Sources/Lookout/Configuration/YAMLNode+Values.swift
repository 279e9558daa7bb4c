import PromQL

extension YAMLNode {
  /// A span in Prometheus' notation: `15s`, `1m30s`, `500ms`.
  func duration(in range: ClosedRange<Duration>) throws(ConfigurationError) -> Duration {
    let text = try string()
    guard let duration = Duration(written: text) else {
      throw error("expected a duration such as 15s or 1m30s, found '\(text.prefix(60))'")
    }
    guard range.contains(duration) else {
      throw error("expected a duration from \(range.lowerBound.written) to \(range.upperBound.written), found \(text)")
    }
    return duration
  }

  func nonEmptyStrings() throws(ConfigurationError) -> [String] {
    try list().map { item throws(ConfigurationError) in try item.nonEmptyString() }
  }

  /// An absolute http or https URL.
  func webAddress(allowsQuery: Bool = false) throws(ConfigurationError) -> WebAddress {
    let text = try nonEmptyString()
    do throws(WebAddress.Mistake) {
      let address = try WebAddress(text)
      guard allowsQuery || !address.rest.contains("?") else { throw WebAddress.Mistake(message: "a query (?…) has no meaning here") }
      return address
    } catch {
      throw self.error("'\(WebAddress.redacted(text))' is not a URL to use here: \(error.message)")
    }
  }
}

extension Duration {
  /// From Prometheus' notation; nil for anything else.
  init?(written text: String) {
    guard let milliseconds = parsePrometheusDuration(text) else { return nil }
    self = .milliseconds(milliseconds)
  }

  /// In Prometheus' notation, in the largest unit that leaves it whole.
  var written: String {
    guard milliseconds % 1000 == 0 else { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)] where seconds >= length && seconds % length == 0 {
      return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
  }
}
