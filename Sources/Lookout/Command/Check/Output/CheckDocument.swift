import FoundationEssentials

/// The report as JSON: the document of `/health` with more in it, and `unknown` beside `pass`, `warn` and `fail`. What is here stays.
struct CheckDocument: Codable, Equatable {
  struct Check: Codable, Equatable {
    let componentId: String
    let componentType: String
    let observedValue: Double?
    let observedUnit: String?
    let status: String
    let time: String?
    let output: String?
    let reason: String?
    let cause: String?
    let evidence: [Evidence]?
    /// Seconds above which the observed value fails.
    let budget: Double?
    /// How long the look took.
    let duration: Double?
    let firstAction: String?
  }

  struct Counts: Codable, Equatable {
    let pass: Int
    let warn: Int
    let fail: Int
    let unknown: Int
  }

  let status: String
  let version: String
  let serviceId: String?
  let description: String?
  let output: String?
  let checks: [String: [Check]]
  var time: String?
  /// Seconds that the round took.
  var duration: Double?
  var counts: Counts?
  var notes: [String]?
  let exitCode: Int32
}

extension CheckDocument {
  init(_ report: CheckReport) {
    let counts = Counts(
      pass: report.count(.pass), warn: report.count(.warn), fail: report.count(.fail), unknown: report.count(.unknown))
    self.init(
      status: report.status.word, version: Version.number, serviceId: report.target, description: "the Odoo \(report.target)",
      output: report.root?.sentence,
      checks: Dictionary(grouping: report.rows + report.others) { "\($0.check.target):\($0.check.check)" }.mapValues { $0.map(Check.init) },
      time: report.at.rfc3339, duration: Self.rounded(report.seconds), counts: counts, notes: report.notes.isEmpty ? nil : report.notes,
      exitCode: report.status.exitCode)
  }

  /// Where nothing could be looked at.
  init(unknown message: String) {
    self.init(
      status: CheckReport.Status.unknown.word, version: Version.number, serviceId: nil, description: nil, output: message, checks: [:],
      exitCode: CheckReport.Status.unknown.exitCode)
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  fileprivate static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

extension CheckDocument.Check {
  init(_ row: CheckReport.Row) {
    self.init(
      componentId: row.database ?? row.check.target, componentType: row.component.rawValue, observedValue: row.value,
      observedUnit: row.value == nil ? nil : row.unit, status: row.status.word, time: row.observedAt?.rfc3339,
      output: row.status == .pass ? nil : row.sentence, reason: row.reason?.rawValue, cause: row.cause?.rawValue,
      evidence: row.evidence.isEmpty ? nil : row.evidence, budget: row.budget, duration: row.seconds.map(CheckDocument.rounded),
      firstAction: row.status == .fail ? row.reason.flatMap(Runbook.shipped.firstAction) : nil)
  }
}
