/// A question that is open: a check began to fail, or the cause of others' failure went away, and several looks are awaited before anything
/// is said, so that no effect is told before its cause and no recovery before its effects.
struct Inquiry {
  /// What has been seen and is not yet said, by check.
  var held: [CheckID: Judged] = [:]
  /// Looks that must come first, and the moment from which on a look counts.
  var awaited: [CheckID: Timestamp] = [:]
  /// Checks whose failure has been looked at a second time, or will be.
  var confirming: Set<CheckID> = []
  /// Checks that failed because of what has just recovered: they are looked at again until they pass.
  var recovering: Set<CheckID> = []
  /// Of those looks the costly ones, and until when each is waited for.
  var impatient: [CheckID: Timestamp] = [:]
  /// What is not known by then is left out.
  var deadline: Timestamp
}

extension Inquiry {
  mutating func giveUpOnCostly(at now: Timestamp) {
    for (check, until) in impatient where until <= now {
      awaited[check] = nil
      impatient[check] = nil
    }
  }

  /// Checks whose failure is held and may be an effect of that one's.
  func failures(above cause: Observation) -> [CheckID] {
    held.filter { id, judged in
      id.target == cause.check.target && judged.verdict.level == .fail
        && ComponentGraph.reaches(judged.observation.component).contains(cause.component)
    }.map(\.key)
  }

  /// The check is no more.
  mutating func forget(_ check: CheckID) {
    held[check] = nil
    awaited[check] = nil
    impatient[check] = nil
    confirming.remove(check)
    recovering.remove(check)
  }
}

extension Inquiry {
  /// An inquiry of the failures whose second look is not due yet; nil where there is none. One look proves nothing.
  func awaitingConfirmation(at now: Timestamp, until deadline: Timestamp) -> Inquiry? {
    let unconfirmed = held.filter { id, judged in
      judged.verdict.level == .fail && confirming.contains(id) && awaited[id].map { $0 > now } == true
    }
    guard !unconfirmed.isEmpty else { return nil }
    return Inquiry(
      held: unconfirmed, awaited: awaited.filter { unconfirmed[$0.key] != nil }, confirming: Set(unconfirmed.keys), deadline: deadline)
  }
}

/// An observation and its verdict.
struct Judged {
  let observation: Observation
  let verdict: Verdict
}
