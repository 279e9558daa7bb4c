import PromQL

extension PrometheusAPI {
  /// What a request says behind the `?`, and in its body where that is a form.
  struct Parameters: Sendable {
    private let query: APIQuery
    private let form: APIQuery

    init(_ request: PageRequest) throws(Failure) {
      do throws(APIMistake) {
        query = try APIQuery(request.query)
        form = try APIQuery(request.method == "POST" ? String(decoding: request.body, as: UTF8.self) : "")
      } catch {
        throw Failure(.badData, error.message)
      }
    }

    /// All values of a name, those of the body first, as Go's `Request.Form` has them.
    subscript(all name: String) -> [String] { form.values(name) + query.values(name) }

    subscript(_ name: String) -> String { self[all: name].first ?? "" }

    /// Seconds since 1970, or RFC 3339. Nil where there is none.
    func time(_ name: String) throws(Failure) -> Timestamp? {
      let text = self[name]
      return text.isEmpty ? nil : try Self.time(text, name)
    }

    func requiredTime(_ name: String) throws(Failure) -> Timestamp { try Self.time(self[name], name) }

    private static func time(_ text: String, _ name: String) throws(Failure) -> Timestamp {
      if let seconds = Double(text), seconds.isFinite, abs(seconds) < 9e12 {
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
      }
      if let moment = Timestamp(rfc3339: text) { return moment }
      throw .parameter(name, "cannot parse \(JSONText.quoted(text)) to a valid timestamp")
    }

    /// Seconds, or a duration as Prometheus writes it. Nil where there is none.
    func duration(_ name: String) throws(Failure) -> Duration? {
      let text = self[name]
      return text.isEmpty ? nil : try Self.duration(text, name)
    }

    func requiredDuration(_ name: String) throws(Failure) -> Duration { try Self.duration(self[name], name) }

    private static func duration(_ text: String, _ name: String) throws(Failure) -> Duration {
      if let seconds = Double(text) {
        guard seconds.isFinite, abs(seconds) < 9.2e9 else {
          throw .parameter(name, "cannot parse \(JSONText.quoted(text)) to a valid duration. It overflows int64")
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
      }
      if let milliseconds = parsePrometheusDuration(text) { return .milliseconds(milliseconds) }
      throw .parameter(name, "cannot parse \(JSONText.quoted(text)) to a valid duration")
    }

    /// How many are wanted at most; nil for all.
    func limit(_ name: String = "limit") throws(Failure) -> Int? {
      let text = self[name]
      guard !text.isEmpty else { return nil }
      guard let limit = Int(text) else { throw .parameter(name, "cannot parse \(JSONText.quoted(text)) to a valid limit") }
      guard limit >= 0 else { throw .parameter(name, "limit must be non-negative") }
      return limit == 0 ? nil : limit
    }

    func expression(_ name: String = "query") throws(Failure) -> Expression {
      do throws(PromQLError) { return try Expression(parsing: self[name]) } catch { throw .parameter(name, error.description) }
    }

    /// Of each `match[]` its conditions.
    func selectors() throws(Failure) -> [[LabelMatcher]] {
      try self[all: "match[]"].map { text throws(Failure) in
        do throws(PromQLError) {
          let expression = try Expression(parsing: text)
          if case .vectorSelector = expression.root.kind, let selector = expression.selectors.first { return selector }
        } catch {
          throw .parameter("match[]", error.description)
        }
        throw .parameter("match[]", "expected a metric selector, not \(JSONText.quoted(text))")
      }
    }
  }
}

extension Array {
  /// As `map`, with the type of the error kept.
  fileprivate func map<Value, Failure: Error>(_ transform: (Element) throws(Failure) -> Value) throws(Failure) -> [Value] {
    var all: [Value] = []
    for element in self { all.append(try transform(element)) }
    return all
  }
}
