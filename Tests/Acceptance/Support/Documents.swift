import Foundation

/// A webhook's body, as a receiver of Alertmanager's messages reads it.
struct Message: Decodable, Sendable {
  struct Entry: Decodable, Sendable {
    let status: String
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String
    let fingerprint: String
  }

  let version: String
  let status: String
  let receiver: String
  let groupKey: String
  let groupLabels: [String: String]
  let alerts: [Entry]

  var names: [String] { alerts.map { $0.labels["alertname"] ?? "" } }
  /// `firing OdooDown`
  var headline: String { ([status] + names).joined(separator: " ") }
}

/// The answer of `/health`, as an uptime monitor reads it.
struct Health: Decodable, Sendable {
  struct Check: Decodable, Sendable {
    let componentType: String
    let status: String
    let time: String?
    let output: String?
    let reason: String?
    let cause: String?
    let observedValue: Double?
    let observedUnit: String?
  }

  let status: String
  let output: String?
  let checks: [String: [Check]]

  /// By the check's name without the target.
  subscript(name: String) -> Check? { checks.first { $0.key.hasSuffix(":\(name)") }?.value.first }

  var notPassing: [String] { checks.filter { $0.value.contains { $0.status != "pass" } }.keys.sorted() }
}

/// One line of `/metrics`.
struct Series: Sendable {
  let name: String
  let labels: [String: String]
  let value: Double

  /// Nil for comments and empty lines.
  init?(_ line: Substring) {
    guard !line.isEmpty, !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return nil }
    let identity = line[..<space]
    value = Double(line[line.index(after: space)...]) ?? .nan
    name = String(identity.prefix { $0 != "{" })
    labels = Self.labels(identity.dropFirst(name.count))
  }

  private static func labels(_ text: Substring) -> [String: String] {
    var labels: [String: String] = [:]
    for match in text.matches(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/) { labels[String(match.1)] = String(match.2) }
    return labels
  }
}

/// The answer of `/metrics`.
struct Metrics: Sendable {
  let series: [Series]

  init(_ text: String) { series = text.split(separator: "\n").compactMap { Series($0) } }

  /// Those of a name whose labels hold all of `labels`.
  func all(_ name: String, _ labels: [String: String] = [:]) -> [Series] {
    series.filter { one in one.name == name && labels.allSatisfy { one.labels[$0.key] == $0.value } }
  }

  /// The value of the one series that fits; nil where there is none or several.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    let found = all(name, labels)
    return found.count == 1 ? found[0].value : nil
  }
}
