/// Which routes have taken the time of an Odoo's workers in the last minutes, from what the log's follower counts: of requests that have
/// ended, and without the agent's own.
struct WorkerTime: Sendable {
  /// The route that took most of it.
  struct Holder: Equatable, Sendable {
    let route: String
    /// Of all that was counted, 0 to 1.
    let share: Double
    let span: Duration
  }

  private struct Count: Sendable {
    let at: Timestamp
    /// Seconds by route since the log has been followed.
    let seconds: [String: Double]
  }

  /// Two of earlier, and the latest, so that there is always one to count from that is neither too old nor too new.
  private struct Counts: Sendable {
    var base: Count
    var next: Count
    var latest: Count
  }

  private var counts: [String: Counts] = [:]

  /// It is counted from one to two of these ago.
  static let span = Duration.seconds(150)
  /// Less than this in all holds no workers.
  private static let leastSeconds = 2.0

  mutating func note(_ look: Observation) {
    guard case .log(let sight) = look.sight.seen, sight.unreadable == nil else { return }
    var seconds: [String: Double] = [:]
    for sample in look.sight.samples where sample.metric == .requestDuration && sample.suffix == "_sum" {
      if let route = sample.labels["route"] { seconds[route] = sample.value }
    }
    let count = Count(at: look.endedAt, seconds: seconds)
    var known = counts[look.check.target] ?? Counts(base: count, next: count, latest: count)
    known.latest = count
    if count.at - known.next.at >= Self.span { (known.base, known.next) = (known.next, count) }
    counts[look.check.target] = known
  }

  mutating func forget(_ target: String) { counts[target] = nil }

  /// Nil where the log tells of none.
  func holder(of target: String) -> Holder? {
    guard let known = counts[target] else { return nil }
    let taken = known.latest.seconds.mapValues { max(0, $0) }.map { ($0.key, $0.value - (known.base.seconds[$0.key] ?? 0)) }
    let all = taken.reduce(0) { $0 + max(0, $1.1) }
    guard all >= Self.leastSeconds, let most = taken.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }) else { return nil }
    return Holder(route: most.0, share: most.1 / all, span: known.latest.at - known.base.at)
  }
}

extension WorkerTime.Holder {
  /// `/crm/dashboard/data took 83 % of their time in the last 4 min`.
  var inWords: String {
    let minutes = max(1, Int((span.inSeconds / 60).rounded()))
    return "\(route) took \(Int((share * 100).rounded())) % of their time in the last \(minutes) min"
  }
}

extension Verdict {
  /// All workers are busy: that, and nothing else, is what fails.
  mutating func saturate(_ sentence: String, _ holder: WorkerTime.Holder?) {
    (reason, blamed, isElsewhere) = (.saturated, .workers, true)
    self.sentence = sentence + "; " + (holder?.inWords ?? "the log tells of no route yet that holds them")
    guard let holder else { return }
    evidence += [
      Evidence(name: "route", value: holder.route), Evidence(name: "share", value: "\(Int((holder.share * 100).rounded())) %"),
    ]
  }
}
