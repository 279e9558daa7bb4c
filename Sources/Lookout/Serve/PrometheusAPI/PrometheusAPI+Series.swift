import PromQL

extension PrometheusAPI {
  func series(_ parameters: Parameters) throws(Failure) -> Answer {
    guard !parameters[all: "match[]"].isEmpty else { throw Failure(.badData, "no match[] parameter provided") }
    let limit = try parameters.limit()
    let found = try labelSets(parameters).sorted { $0.description < $1.description }
    return Self.list(found, limit) { $0.object($1.dictionary) }
  }

  func labelNames(_ parameters: Parameters) throws(Failure) -> Answer {
    let limit = try parameters.limit()
    let names = Set(try labelSets(parameters).flatMap { $0.pairs.map(\.name) })
    return Self.list(names.sorted(), limit) { $0.string($1) }
  }

  func labelValues(of name: String, _ parameters: Parameters) throws(Failure) -> Answer {
    let limit = try parameters.limit()
    guard let name = Self.labelName(name), !name.isEmpty else {
      throw Failure(.badData, "invalid label name: \(JSONText.quoted(name))")
    }
    let values = Set(try labelSets(parameters).compactMap { $0[name] })
    return Self.list(values.sorted(), limit) { $0.string($1) }
  }

  func metadata(_ parameters: Parameters) throws(Failure) -> Answer {
    let limit = try parameters.limit()
    let wanted = parameters["metric"]
    let known = Metric.all.filter { wanted.isEmpty || $0.name == wanted }.sorted { $0.name < $1.name }
    let shown = known.prefix(limit ?? known.count)
    return Answer { text in
      text.object(
        shown.map { metric in
          (metric.name, { $0.array([["type": metric.kind.rawValue, "help": metric.help, "unit": ""]]) { $0.object($1) } })
        })
    }
  }

  /// Of the series that one of the selectors accepts, all where there is none, and that have a sample between `start` and `end`.
  private func labelSets(_ parameters: Parameters) throws(Failure) -> Set<Labels> {
    let selectors = try parameters.selectors()
    let start = try parameters.time("start")
    let end = try parameters.time("end")
    let table = store.table
    let found = selectors.isEmpty ? Set(table.indices) : Set(selectors.flatMap { table.matching($0) })
    let present = found.filter { index in
      guard start != nil || end != nil else { return true }
      let after = start.map { $0.milliseconds - 1 } ?? .min
      return table.history(of: index).latest(after: after, through: end?.milliseconds ?? .max) != nil
    }
    return Set(present.map { table.labels(of: $0) })
  }

  private static func list<Element: Sendable>(
    _ all: [Element], _ limit: Int?, _ write: @escaping @Sendable (inout JSONText, Element) -> Void
  ) -> Answer {
    let shown = Array(all.prefix(limit ?? all.count))
    return Answer(warnings: shown.count < all.count ? [cutWarning] : []) { $0.array(shown, write) }
  }

  /// A name as it stands in a path: with `U__` before it, `_` and hex digits and `_` stand for other characters (prometheus/common,
  /// model.UnescapeName). Nil for what is no such name.
  static func labelName(_ text: String) -> String? {
    guard text.hasPrefix("U__") else { return text }
    var name = ""
    var rest = text.dropFirst(3)
    while let character = rest.popFirst() {
      guard character == "_" else {
        name.append(character)
        continue
      }
      guard let end = rest.firstIndex(of: "_") else { return nil }
      let code = rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard !code.isEmpty else {
        name.append("_")
        continue
      }
      guard code.count <= 6, let number = UInt32(code, radix: 16), let scalar = Unicode.Scalar(number) else { return nil }
      name.unicodeScalars.append(scalar)
    }
    return name
  }
}
