/// Observations in; findings and wishes out. Holds what is known of each check, and the inquiry that is open. Time is an argument.
struct Diagnosis {
  /// What an observation led to.
  struct Step {
    /// Observations that may be said now, with their findings, causes set.
    var published: [(Observation, Finding)] = []
    var wishes: [Wish] = []
    /// Checks that stand as they did, and until when that is fresh.
    var refreshed: [(CheckID, until: Timestamp)] = []
    /// Whether a level, reason or cause changed.
    var hasChanged = false
  }

  struct Row {
    var check: CheckRow
    var finding: Finding?
    /// When it was last said to fail no more.
    var recoveredAt: Timestamp?

    var component: Component { check.component }
    var isCheap: Bool { check.cost.isCheap }
  }

  private(set) var rows: [CheckID: Row]
  private(set) var inquiry: Inquiry?
  /// Checks of whose failure an event has told, and when.
  var suspected: [CheckID: Timestamp] = [:]

  /// A cheap failure is looked at a second time after this long.
  static let confirmAfter = Duration.milliseconds(800)
  /// After this long where an event had told of it already.
  static let confirmEventAfter = Duration.milliseconds(300)
  /// How long an event counts for that.
  static let suspicionLasts = Duration.seconds(5)
  /// How long a costly look may be waited for: it may have to wait for its slot.
  static let costlyPatience = Duration.seconds(5)
  /// A costly one that is to recover with its cause is looked at again after this long.
  static let costlyRetryAfter = Duration.seconds(3)
  /// How long an inquiry may take, hanging looks included.
  static let patience = Duration.seconds(15)
  /// How long effects may take to follow their cause's recovery before they are told as troubles of their own.
  static let recoveryPatience = Duration.seconds(10)

  init(checks: [CheckRow]) {
    rows = Dictionary(uniqueKeysWithValues: checks.map { ($0.id, Row(check: $0)) })
  }

  /// Goes on with these checks; what is known of those that stay is kept. Returns those that are gone.
  mutating func change(to checks: [CheckRow]) -> [CheckID] {
    let kept = Dictionary(
      uniqueKeysWithValues: checks.map { check in
        (check.id, Row(check: check, finding: rows[check.id]?.finding, recoveredAt: rows[check.id]?.recoveredAt))
      })
    let gone = rows.keys.filter { kept[$0] == nil }
    rows = kept
    for check in gone { inquiry?.forget(check) }
    setCauses()
    return gone
  }

  var findings: [Finding] { rows.values.compactMap(\.finding).sorted { $0.check < $1.check } }

  /// The moment at which `expire` must be called.
  var deadline: Timestamp? { inquiry.map { $0.impatient.values.reduce($0.deadline) { min($0, $1) } } }

  mutating func take(_ observation: Observation, at now: Timestamp) -> Step {
    if rows[observation.check] == nil { rows[observation.check] = Row(check: CheckRow(observation)) }
    let judged = Judged(observation: observation, verdict: Judgement.verdict(on: observation))
    let before = rows[observation.check]?.finding?.level ?? .pass
    var step = Step()
    if rows[observation.check]?.check.isTold == true {
      if judged.verdict.level > before { hasten(below: observation, at: now, &step) }
      publish([judged], at: now, &step)
      return step
    }
    if judged.verdict.level > before, isOfThePast(judged) {
      step.wishes.append(Wish(check: observation.check, at: now, kind: .look(.unconditional)))
      return step
    }
    if inquiry?.awaited[observation.check] != nil || inquiry?.held[observation.check] != nil {
      receive(judged, at: now, &step)
    } else if judged.verdict.level > before {
      open(worsened: judged, at: now, &step)
    } else if judged.verdict.level < .fail, before == .fail, let effects = effects(of: observation), !effects.isEmpty {
      open(recovered: judged, effects: effects, at: now, &step)
    } else {
      publish([judged], at: now, &step)
    }
    return step
  }

  /// A look that began while something below it failed, and failed with it, says nothing of now: what failed below has recovered meanwhile.
  /// (A costly look may hang for a minute.)
  private func isOfThePast(_ judged: Judged) -> Bool {
    let look = judged.observation
    guard judged.verdict.level == .fail else { return false }
    let below = ComponentGraph.reaches(look.component)
    return rows.contains { id, row in
      guard id.target == look.check.target, below.contains(row.component) else { return false }
      if let recoveredAt = row.recoveredAt, recoveredAt > look.startedAt, row.finding?.level != .fail { return true }
      let isRecovering = row.finding?.level == .fail && inquiry?.held[id].map { $0.verdict.level < .fail } == true
      return isRecovering && (inquiry?.held[id]?.observation.endedAt ?? look.startedAt) > look.startedAt
    }
  }

  /// Ends an inquiry whose time is over, with what is known.
  mutating func expire(at now: Timestamp) -> Step {
    var step = Step()
    inquiry?.giveUpOnCostly(at: now)
    concludeIfComplete(at: now, &step)
    guard let over = inquiry, over.deadline <= now else { return step }
    let unconfirmed = over.awaitingConfirmation(at: now, until: now + Self.patience)
    conclude(leaving: unconfirmed, at: now, &step)
    return step
  }

  /// Says what is known, for nobody will look again.
  mutating func endInquiry(at now: Timestamp) -> Step {
    var step = Step()
    conclude(at: now, &step)
    return step
  }

  // MARK: - Inquiries

  private mutating func open(worsened judged: Judged, at now: Timestamp, _ step: inout Step) {
    var open = inquiry ?? Inquiry(deadline: now + Self.patience)
    open.held[judged.observation.check] = judged
    ask(&open, about: judged, at: now, &step)
    inquiry = open
    concludeIfComplete(at: now, &step)
  }

  private mutating func open(recovered judged: Judged, effects: [CheckID], at now: Timestamp, _ step: inout Step) {
    var open = inquiry ?? Inquiry(deadline: now + Self.recoveryPatience)
    open.held[judged.observation.check] = judged
    for effect in effects {
      open.recovering.insert(effect)
      open.awaited[effect] = now
      step.wishes.append(Wish(check: effect, at: now, kind: .look(.unconditional)))
    }
    inquiry = open
  }

  /// Adds the looks that must be taken before `judged` may be said: at everything below it that is not known to fail, at its like, and a
  /// second one at itself where that is cheap. A costly failure is confirmed by what is below, never by repeating it.
  private func ask(_ open: inout Inquiry, about judged: Judged, at now: Timestamp, _ step: inout Step) {
    let check = judged.observation.check
    if judged.verdict.level == .fail, judged.observation.cost.isCheap, open.confirming.insert(check).inserted {
      let moment = now + (isSuspected(check, at: now) ? Self.confirmEventAfter : Self.confirmAfter)
      open.awaited[check] = moment
      step.wishes.append(Wish(check: check, at: moment))
    }
    for (id, row) in rows where isConcerned(row, by: judged) && open.awaited[id] == nil && open.held[id] == nil {
      open.awaited[id] = now
      if !row.isCheap { open.impatient[id] = now + Self.costlyPatience }
      step.wishes.append(Wish(check: id, at: now, kind: .look(.unrested)))
    }
  }

  /// Whether a look at that check is to be taken before `judged` is said: what is below it, and its like, for what breaks one breaks often
  /// all, and then it is one message. Of the costly ones below only that whose route has just failed, or all where a costly one got a
  /// wrong answer itself.
  private func isConcerned(_ row: Row, by judged: Judged) -> Bool {
    let check = judged.observation.check
    guard row.check.id != check, row.check.id.target == check.target, row.finding?.level != .fail, !row.check.isTold else { return false }
    let component = judged.observation.component
    if row.component == component { return true }
    guard ComponentGraph.reaches(component).contains(row.component) else { return false }
    if row.isCheap || !judged.observation.cost.isCheap && !judged.verdict.isRight { return true }
    return judged.verdict.route != nil && judged.verdict.route == row.check.route
  }

  private func isSuspected(_ check: CheckID, at now: Timestamp) -> Bool {
    suspected[check].map { now - $0 <= Self.suspicionLasts } ?? false
  }

  private mutating func receive(_ judged: Judged, at now: Timestamp, _ step: inout Step) {
    guard var open = inquiry else { return }
    let check = judged.observation.check
    let isFirstFailure =
      judged.verdict.level == .fail && rows[check]?.finding?.level != .fail && open.held[check]?.verdict.level != .fail
    let wasBlip = judged.verdict.level < .fail && open.held[check]?.verdict.level == .fail
    open.held[check] = judged
    if wasBlip {
      open.confirming.remove(check)
      askAgain(&open, aboutEffectsOf: judged.observation, at: now, &step)
    }
    if let since = open.awaited[check], judged.observation.startedAt >= since {
      open.awaited[check] = nil
      open.impatient[check] = nil
      if open.recovering.contains(check), judged.verdict.level == .fail {
        let next = now + (judged.observation.cost.isCheap ? Self.confirmAfter : Self.costlyRetryAfter)
        open.awaited[check] = next
        step.wishes.append(Wish(check: check, at: next, kind: .look(.unconditional)))
      }
    }
    if isFirstFailure { ask(&open, about: judged, at: now, &step) }
    inquiry = open
    concludeIfComplete(at: now, &step)
  }

  /// A failure that its second look does not confirm may have taken others along for its moment: they are not told before one more look.
  private func askAgain(_ open: inout Inquiry, aboutEffectsOf cause: Observation, at now: Timestamp, _ step: inout Step) {
    for (id, effect) in open.held where effect.verdict.level == .fail && id.target == cause.check.target {
      guard ComponentGraph.reaches(effect.observation.component).contains(cause.component) else { continue }
      open.awaited[id] = now
      step.wishes.append(Wish(check: id, at: now, kind: .look(.unrested)))
    }
  }

  private mutating func concludeIfComplete(at now: Timestamp, _ step: inout Step) {
    if inquiry?.awaited.isEmpty == true { conclude(at: now, &step) }
  }

  /// - Parameter left: what goes on as an inquiry of its own.
  private mutating func conclude(leaving left: Inquiry? = nil, at now: Timestamp, _ step: inout Step) {
    let held = inquiry.map { $0.held.filter { left?.held[$0.key] == nil }.map(\.value) } ?? []
    inquiry = left
    publish(held, at: now, &step)
  }

  /// Failing checks whose cause was this one's component and no other failing check of the same component.
  private func effects(of observation: Observation) -> [CheckID]? {
    guard let component = rows[observation.check]?.component else { return nil }
    let failing = rows.filter { id, row in
      id != observation.check && id.target == observation.check.target && row.finding?.level == .fail
    }
    guard !failing.values.contains(where: { $0.component == component }) else { return nil }
    return failing.filter { $0.value.finding?.cause == component }.map(\.key)
  }

  // MARK: - Saying it

  /// The check stands as it did: until when that is fresh.
  mutating func refresh(_ check: CheckRow, at now: Timestamp) -> Timestamp {
    let until = now + check.interval * 3 + check.timeout * 2
    guard var finding = rows[check.id]?.finding else { return until }
    finding.observedAt = now
    finding.freshUntil = max(finding.freshUntil, until)
    rows[check.id]?.finding = finding
    return finding.freshUntil
  }

  private mutating func publish(_ judged: [Judged], at now: Timestamp, _ step: inout Step) {
    let before = rows.mapValues(\.finding)
    for one in judged {
      let new = finding(one, at: now)
      if new.level < .fail, before[one.observation.check]??.level == .fail { rows[one.observation.check]?.recoveredAt = now }
      rows[one.observation.check]?.finding = new
    }
    setCauses()
    step.hasChanged = rows.contains { id, row in Self.differs(row.finding, before[id] ?? nil) }
    step.published = judged.compactMap { one in
      rows[one.observation.check]?.finding.map { (one.observation, $0) }
    }
  }

  private func finding(_ judged: Judged, at now: Timestamp) -> Finding {
    let observation = judged.observation
    let earlier = rows[observation.check]?.finding
    let continues = earlier?.level == judged.verdict.level && earlier?.verdict.reason == judged.verdict.reason
    return Finding(
      check: observation.check, component: observation.component, database: observation.database, verdict: judged.verdict, cause: nil,
      since: continues ? earlier?.since ?? now : now, observedAt: observation.endedAt,
      freshUntil: observation.endedAt + observation.lifetime)
  }

  /// Findings that were not looked at again may have another cause now. A failure is also the failure of the component that its answer
  /// blames, which need not have a check of its own.
  private mutating func setCauses() {
    var failing: [String: Set<Component>] = [:]
    for (id, row) in rows {
      guard let finding = row.finding, finding.level == .fail else { continue }
      failing[id.target, default: []].insert(row.component)
      if let blamed = finding.verdict.blamed { failing[id.target, default: []].insert(blamed) }
    }
    for (id, row) in rows where row.finding != nil {
      let cause = ComponentGraph.cause(of: row.component, failing: failing[id.target] ?? [])
      rows[id]?.finding?.cause = row.finding?.level == .pass ? nil : cause
    }
  }

  private static func differs(_ left: Finding?, _ right: Finding?) -> Bool {
    left?.level != right?.level || left?.verdict.reason != right?.verdict.reason || left?.cause != right?.cause
  }
}
