/// An alert with what the evaluator has to know about it beyond what is told to people.
struct TrackedAlert: Codable, Hashable, Sendable {
  let rule: RuleID
  var alert: Alert
  /// When the expression ceased to hold, while `keep_firing_for` keeps the alert firing.
  var keepFiringSince: Timestamp?
  /// Restored after a start, and its rule has not been evaluated since: whether it still holds is not known, so it is neither to be
  /// told again nor to be called over.
  var awaitsEvaluation = false

  private enum CodingKeys: String, CodingKey {
    case rule, alert, keepFiringSince
  }

  /// As an evaluator after a start takes it.
  var restored: TrackedAlert {
    var copy = self
    copy.awaitsEvaluation = true
    return copy
  }
}

/// A rule that could not be evaluated.
struct RuleFailure: Sendable, Equatable {
  let rule: RuleID
  let message: String
}

/// What an evaluation came to.
struct Evaluation: Sendable, Equatable {
  /// Every alert that is pending or firing now, those of groups that were not evaluated included: the `earlier` of the next evaluation.
  var active: [TrackedAlert] = []
  /// Those that fired until now. They are not in `active` any more.
  var resolved: [TrackedAlert] = []
  var failures: [RuleFailure] = []
  /// When the earliest `for` or `keep_firing_for` is over: the groups of `RuleSet.groups(due:in:)` are to be evaluated then.
  var nextDue: Timestamp?
}
