import PromQL

extension YAMLNode {
  /// A span in Prometheus' notation: `15s`, `1m30s`, `500ms`.
  func duration(in range: ClosedRange<Duration>) throws(ConfigurationError) -> Duration {
    let text = try string()
    guard let milliseconds = parsePrometheusDuration(text) else {
      throw error("expected a duration such as 15s or 1m30s, found '\(text.prefix(60))'")
    }
    let duration = Duration.milliseconds(milliseconds)
    guard range.contains(duration) else {
      throw error("expected a duration from \(Self.written(range.lowerBound)) to \(Self.written(range.upperBound)), found \(text)")
    }
    return duration
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

  private static func written(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)] where seconds >= length && seconds % length == 0 {
      return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
  }
}
