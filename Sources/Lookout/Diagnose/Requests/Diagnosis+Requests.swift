import OdooLog

/// What Odoo's log says of the agent's own requests.
extension Diagnosis {
  /// An answer waits for its line where there is a log, and it can be read.
  mutating func awaitLine(of observation: Observation, at now: Timestamp) {
    guard let row = rows[observation.check], let route = row.check.route, route.hasPrefix("/crm/") else { return }
    let isLogged = rows.contains { id, row in
      id.target == observation.check.target && row.component == .log && row.finding != nil && row.finding?.verdict.reason != .logUnreadable
    }
    guard isLogged else { return }
    requests.expectLine(of: observation, on: route, isMarked: row.check.isMarked, at: now)
  }

  /// Says of the answers whose time is over where theirs went.
  mutating func tellAnswerTimes(at now: Timestamp, _ step: inout Step) {
    for (answer, times) in requests.take(at: now) {
      guard let times else { continue }
      amend(answer.observation, with: times.samples, at: now, &step) { $0.evidence += times.evidence }
    }
  }
}

extension CheckRow {
  /// Whether the check's own requests can be told from users' in the log.
  var isMarked: Bool { component != .export }
}
