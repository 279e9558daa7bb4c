import OdooLog

extension Diagnosis {
  /// What an event makes worth a look.
  mutating func take(_ event: Event, at now: Timestamp) -> Step {
    var step = Step()
    switch event {
    case .connectionLost(let check):
      suspect([check], at: now, &step)
    case .processEnded(let target):
      suspect(rows.filter { $0.key.target == target && $0.value.component == .process }.map(\.key), at: now, &step)
    case .requestEnded(let target, let request):
      for (check, row) in rows where check.target == target && row.check.route == request.route { note(request, row, at: now, &step) }
    }
    return step
  }

  /// What a follower tells has happened and waits for nobody; but what lies below it is looked at now, so that a cause is soon known.
  func hasten(below observation: Observation, at now: Timestamp, _ step: inout Step) {
    let below = ComponentGraph.reaches(observation.component)
    for (id, row) in rows where id.target == observation.check.target && row.isCheap && !row.check.isTold && below.contains(row.component) {
      step.wishes.append(Wish(check: id, at: now))
    }
  }

  private mutating func suspect(_ checks: [CheckID], at now: Timestamp, _ step: inout Step) {
    for check in checks where rows[check] != nil {
      suspected[check] = now
      step.wishes.append(Wish(check: check, at: now))
    }
  }

  /// A user's request that went well keeps the check of its route fresh and spares it a look of its own. It heals nothing, for Odoo logs
  /// 200 also for an answer with an error inside; and a slow one proves nothing, for users choose longer periods than the check does.
  private mutating func note(_ request: RequestSeen, _ row: Row, at now: Timestamp, _ step: inout Step) {
    let check = row.check
    let seconds = request.cost.map { Double($0.duration) / 1e6 }
    if request.isOwn || !check.isMarked { step.wishes.append(Wish(check: check.id, at: now, kind: .release(took: .seconds(seconds ?? 0)))) }
    guard !request.isOwn, request.status == 200, row.finding?.level == .pass, let seconds, check.isTimely(seconds) else { return }
    step.wishes.append(Wish(check: check.id, at: now + check.interval, kind: .spare))
    step.refreshed.append((check.id, until: refresh(check, at: now)))
  }
}

extension CheckRow {
  /// Whether the check's own requests can be told from users' in the log.
  fileprivate var isMarked: Bool { component != .export }

  fileprivate func isTimely(_ seconds: Double) -> Bool { budget.map { seconds <= $0 * 2 / 3 } ?? true }
}
