import OdooLog

/// Finds the line that Odoo has logged of an answer to one of the agent's own looks. A line is that answer's when it names the route and the
/// status, was served while the look waited, and is the agent's own: by its mark, or, where a route bears none, by the address that its
/// marked requests come from. Where two lines may be, none is: a wrong split would be worse than none.
struct RequestMatching: Sendable {
  /// An answer whose line may still come.
  struct Awaited: Sendable {
    /// Without the answer's body.
    let observation: Observation
    let route: String
    let status: Int
    /// Between these moments of the machine's clock Odoo must have served it.
    let sentAt: Timestamp
    let answeredAt: Timestamp
    /// Seconds from the one to the other.
    let waited: Double
    let isMarked: Bool
    let until: Timestamp
  }

  private var awaited: [CheckID: Awaited] = [:]
  private var lines: [String: Lines] = [:]

  private struct Lines: Sendable {
    var kept: [RequestSeen] = []
    /// When the newest of those ended that were given up for want of room.
    var forgotten = Int64.min
    /// The agent's, as this Odoo sees it.
    var ownClient: UInt64?
  }

  /// How long the line of an answer may take from Odoo to here, and another that may be meant as well.
  static let patience = Duration.milliseconds(500)
  /// How much the stamps of the log may differ: they are cut to milliseconds, and durations are rounded.
  static let earliness = Duration.milliseconds(10)
  static let lateness = Duration.milliseconds(50)
  private static let linesKept = 64
  /// Of each Odoo the latest requests that ended, whoever sent them.
  private var ended: [String: [(at: Int64, began: Int64)]] = [:]
  private static let endsKept = 8
  /// A worker that is free again for so long has taken the next request, if that one is the next.
  private static let leastLeft = Duration.seconds(1)

  var deadline: Timestamp? { awaited.values.map(\.until).min() }

  /// An answer on a route whose requests Odoo's log tells of.
  /// - Parameter isMarked: whether the look marks its requests.
  mutating func expectLine(of observation: Observation, on route: String, isMarked: Bool, at now: Timestamp) {
    guard let exchange = observation.sight.answer, exchange.failure == nil, let beganAt = exchange.beganAt else { return }
    let phases = exchange.phases
    let sentAt = beganAt + .seconds(phases.resolve + phases.connect + phases.tls)
    awaited[observation.check] = Awaited(
      observation: observation.withoutBody, route: route, status: exchange.status, sentAt: sentAt,
      answeredAt: sentAt + .seconds(phases.processing), waited: phases.processing, isMarked: isMarked, until: now + Self.patience)
  }

  mutating func note(_ request: RequestSeen, of target: String) {
    if let cost = request.cost {
      ended[target] = ((ended[target] ?? []) + [(request.endedAt, request.endedAt - Int64(clamping: cost.duration / 1000))])
        .suffix(Self.endsKept)
    }
    // Of users' requests only those can be mistaken for the agent's that bear no mark either.
    guard request.isOwn || request.route.hasSuffix("/export") else { return }
    var known = lines[target] ?? Lines()
    known.kept.append(request)
    if known.kept.count > Self.linesKept { known.forgotten = max(known.forgotten, known.kept.removeFirst().endedAt) }
    lines[target] = known
  }

  /// Whether a worker ended, while the look waited, what it had been busy with when that began, and the look waited on all the same.
  func sawWorkerEnd(during look: Observation) -> Bool {
    guard let beganAt = look.sight.answer?.beganAt, let ends = ended[look.check.target] else { return false }
    let from = beganAt.milliseconds
    let until = (beganAt + (look.endedAt - look.startedAt) - Self.leastLeft).milliseconds
    return ends.contains { $0.began < from && $0.at > from && $0.at <= until }
  }

  mutating func forget(_ check: CheckID) { awaited[check] = nil }

  /// The answers whose time is over, with what is known of them; nil where no line is theirs for certain.
  mutating func take(at now: Timestamp) -> [(Awaited, AnswerTimes?)] {
    let over = awaited.filter { $0.value.until <= now }
    for check in over.keys { awaited[check] = nil }
    // Marked ones first, for they tell the agent's address.
    return over.values.sorted { ($0.isMarked ? 0 : 1, $0.observation.check) < ($1.isMarked ? 0 : 1, $1.observation.check) }.map { answer in
      (answer, line(of: answer).flatMap(\.cost).map { AnswerTimes(waited: answer.waited, cost: $0) })
    }
  }

  private mutating func line(of answer: Awaited) -> RequestSeen? {
    let target = answer.observation.check.target
    guard let known = lines[target], known.forgotten < answer.sentAt.milliseconds else { return nil }
    var candidates = known.kept.filter { answer.mayBe($0) }
    if !answer.isMarked || candidates.count > 1 { candidates.removeAll { known.ownClient == nil || $0.client != known.ownClient } }
    guard candidates.count == 1, let line = candidates.first else { return nil }
    if answer.isMarked { lines[target]?.ownClient = line.client }
    return line
  }
}

extension RequestMatching.Awaited {
  fileprivate func mayBe(_ line: RequestSeen) -> Bool {
    guard line.route == route, Int(line.status) == status, line.isOwn == isMarked else { return false }
    let endedAt = Timestamp(milliseconds: line.endedAt)
    let took = Duration.microseconds(Int64(clamping: line.cost?.duration ?? 0))
    return endedAt <= answeredAt + RequestMatching.lateness && endedAt - sentAt >= took - RequestMatching.earliness
  }
}

extension Sight {
  /// The answer that its verdict is about, where there is one.
  fileprivate var answer: HTTPExchange? {
    switch seen {
    case .answer(let exchange, _): exchange
    case .answers(let answers): answers.first?.exchange
    default: nil
    }
  }
}

extension Observation {
  /// With what is measured of it, and no more of the answer than that there was one.
  fileprivate var withoutBody: Observation {
    var sight = Sight(seen: .answers([]), samples: sight.samples, isAbandoned: sight.isAbandoned, labels: sight.labels)
    sight.retryAfter = self.sight.retryAfter
    return seeing(sight)
  }

  /// The same look with these samples besides.
  func measuring(_ samples: [MetricSample]) -> Observation {
    var sight = sight
    sight.samples += samples
    return seeing(sight)
  }

  private func seeing(_ sight: Sight) -> Observation {
    Observation(
      check: check, component: component, database: database, interval: interval, lifetime: lifetime, budget: budget, cost: cost,
      startedAt: startedAt, endedAt: endedAt, sight: sight)
  }
}
