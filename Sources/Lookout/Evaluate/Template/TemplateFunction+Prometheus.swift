import PromQL

/// The functions that Prometheus gives to templates (template/template.go).
extension TemplateFunction {
  static let ofPrometheus: [String: TemplateFunction] = ofQueries.merging(ofTexts) { $1 }.merging(ofNumbers) { $1 }

  private static let ofQueries: [String: TemplateFunction] = [
    "query": TemplateFunction(.text) { (values, data) throws(GoError) in .vector(try data.query(values[0].inside)) },
    "first": TemplateFunction(.vector) { (values, _) throws(GoError) in
      guard case .vector(let samples) = values[0], let first = samples.first else {
        throw GoError("first() called on vector with no elements")
      }
      return .sample(first)
    },
    "label": TemplateFunction(.text, .sample) { (values, _) throws(GoError) in
      .text(try sample(values[1]).labels[values[0].inside] ?? "")
    },
    "value": TemplateFunction(.sample) { (values, _) throws(GoError) in .float(try sample(values[0]).value) },
    "strvalue": TemplateFunction(.sample) { (values, _) throws(GoError) in .text(try sample(values[0]).labels["__value__"] ?? "") },
    "sortByLabel": TemplateFunction(.text, .vector) { (values, _) throws(GoError) in
      guard case .vector(let samples) = values[1] else { return .vector([]) }
      let label = values[0].inside
      return .vector(samples.sorted { ($0.labels[label] ?? "").utf8.lexicographicallyPrecedes(($1.labels[label] ?? "").utf8) })
    },
    "args": TemplateFunction(variadic: .any) { (values, _) throws(GoError) in
      .map(Dictionary(uniqueKeysWithValues: values.enumerated().map { ("arg\($0.offset)", $0.element) }))
    },
    "externalURL": TemplateFunction { (_, data) throws(GoError) in .text(data.externalURL) },
    "pathPrefix": TemplateFunction { (_, data) throws(GoError) in .text(data.pathPrefix) },
    "now": TemplateFunction { (_, data) throws(GoError) in .float(Double(data.now) / 1000) },
  ]

  private static func sample(_ value: GoValue) throws(GoError) -> GoSample {
    guard case .sample(let sample) = value else { throw GoError("runtime error: invalid memory address or nil pointer dereference") }
    return sample
  }

  private static let ofTexts: [String: TemplateFunction] = [
    "reReplaceAll": TemplateFunction(.text, .text, .text) { (values, _) throws(GoError) in
      .text(try pattern(values[0].inside).replacingAll(in: values[2].inside, with: values[1].inside))
    },
    "match": TemplateFunction(.text, .text) { (values, _) throws(GoError) in
      .bool(try pattern(values[0].inside).matches(values[1].inside))
    },
    "safeHtml": changing { $0 }, "title": changing(GoText.titled), "toUpper": changing { $0.uppercased() },
    "toLower": changing { $0.lowercased() }, "urlQueryEscape": changing(GoText.escapedForQuery),
    "graphLink": changing { "/graph?g0.expr=\(GoText.escapedForQuery($0))&g0.tab=0" },
    "tableLink": changing { "/graph?g0.expr=\(GoText.escapedForQuery($0))&g0.tab=1" },
    "stripPort": changing { HostAndPort($0)?.host ?? $0 },
    "stripDomain": changing(HostAndPort.withoutDomain),
  ]

  private static func pattern(_ text: String) throws(GoError) -> Pattern {
    do throws(PatternError) {
      // In Go a dot matches no line feed.
      return try Pattern("(?-s:\(text))", anchored: false)
    } catch {
      throw GoError("\(error)")
    }
  }

  private static func changing(_ change: @escaping @Sendable (String) -> String) -> TemplateFunction {
    TemplateFunction(.text) { (values, _) throws(GoError) in .text(change(values[0].inside)) }
  }

  private static let ofNumbers: [String: TemplateFunction] = [
    "humanize": humanizing(.humanize), "humanize1024": humanizing(.humanize1024), "humanizeDuration": humanizing(.humanizeDuration),
    "humanizePercentage": humanizing(.humanizePercentage),
    "humanizeTimestamp": TemplateFunction(.any) { (values, _) throws(GoError) in
      let seconds = try values[0].number()
      return .text(seconds.isFinite ? try GoTime(seconds).description : GoNumber.general(seconds, digits: 4))
    },
    "toTime": TemplateFunction(.any) { (values, _) throws(GoError) in
      let seconds = try values[0].number()
      guard seconds.isFinite else { throw GoError("value is NaN or Inf") }
      return .time(try GoTime(seconds))
    },
    "toDuration": TemplateFunction(.any) { (values, _) throws(GoError) in .duration(try GoDuration(seconds: values[0].number())) },
    "parseDuration": TemplateFunction(.text) { (values, _) throws(GoError) in
      let text = values[0].inside
      let isNegative = text.hasPrefix("-")
      guard let milliseconds = parsePrometheusDuration(isNegative ? String(text.dropFirst()) : text) else {
        throw GoError("not a valid duration string: \(GoText.quoted(text))")
      }
      return .float((isNegative ? -1 : 1) * Double(milliseconds) / 1000)
    },
  ]

  private static func humanizing(_ way: Humanization) -> TemplateFunction {
    TemplateFunction(.any) { (values, _) throws(GoError) in .text(way.text(of: try values[0].number())) }
  }
}

/// `host:port` as Go's net.SplitHostPort takes it apart.
struct HostAndPort {
  let host: String
  let port: String

  /// Nil where there is no port, or more than one.
  init?(_ text: String) {
    let bytes = text.utf8
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    var host = text[..<colon]
    if bytes.first == UInt8(ascii: "[") {
      guard let close = host.utf8.firstIndex(of: UInt8(ascii: "]")), host.utf8.index(after: close) == colon else { return nil }
      host = host[host.utf8.index(after: host.startIndex)..<close]
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      return nil
    }
    self.host = String(host)
    port = String(text[text.utf8.index(after: colon)...])
  }

  /// The first part of a name, with its port; an address stays as it is.
  static func withoutDomain(_ text: String) -> String {
    let split = HostAndPort(text)
    let host = split?.host ?? text
    let isAddress =
      host.contains(":")
      || host.split(separator: ".", omittingEmptySubsequences: false).count == 4 && host.allSatisfy { $0.isNumber || $0 == "." }
    guard !isAddress else { return text }
    return host.prefix { $0 != "." } + (split.map { ":\($0.port)" } ?? "")
  }
}
