import FoundationEssentials

/// The answer of `/health`: draft-inadarei-api-health-check-06, with our own fields beside the draft's.
struct HealthDocument: Codable, Equatable {
  static let contentType = "application/health+json"

  struct Check: Codable, Equatable {
    /// The database that the check looks at, else the target.
    let componentId: String
    let componentType: String
    let observedValue: Double?
    let observedUnit: String?
    let status: String
    /// Of the observation; absent while there is none.
    let time: String?
    /// Absent while the check passes, as the draft asks.
    let output: String?
    let reason: String?
    let cause: String?
    let since: String?
    let evidence: [Evidence]?
  }

  let status: String
  let version: String
  let serviceId: String
  let description: String
  let output: String?
  /// By `target:check`; one entry for each database that the check looks at.
  let checks: [String: [Check]]
}

extension HealthDocument {
  init(_ standing: Standing, target: String, version: String) {
    self.init(
      status: standing.level.word, version: version, serviceId: target,
      description: standing.component.map { "\($0.rawValue) of the Odoo \(target)" } ?? "the Odoo \(target)",
      output: standing.sentence,
      checks: Dictionary(grouping: standing.checks) { "\($0.check.target):\($0.check.check)" }.mapValues { $0.map(Check.init) })
  }

  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}

extension HealthDocument.Check {
  init(_ standing: CheckStanding) {
    // JSON has no word for infinity and NaN.
    let value = standing.value.flatMap { $0.isFinite ? $0 : nil }
    self.init(
      componentId: standing.database ?? standing.check.target, componentType: standing.component.rawValue,
      observedValue: value, observedUnit: value == nil ? nil : standing.unit, status: standing.level.word,
      time: standing.observedAt?.rfc3339, output: standing.level == .pass ? nil : standing.sentence,
      reason: standing.reason?.rawValue, cause: standing.cause?.rawValue, since: standing.since?.rfc3339,
      evidence: standing.evidence.isEmpty ? nil : standing.evidence)
  }
}
