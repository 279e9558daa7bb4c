/// A look that is taken on a schedule: one row of the table of checks.
struct Check: Sendable {
  /// Whether a look costs what is watched something worth saving: a costly one holds a worker of Odoo for as long as the answer takes.
  enum Cost: Sendable {
    case cheap, costly
  }

  let id: CheckID
  let component: Component
  /// The Odoo database that the check is about, where it is about one.
  var database: String?
  var interval: Duration
  /// How long a look may take before it is given up.
  var timeout = Duration.zero
  var cost = Cost.cheap
  /// Seconds, connections or whatever the check measures, above which its verdict is fail; it warns from two thirds on.
  var budget: Double?
  /// Never throws: failing to look is something seen.
  let look: @Sendable () async -> Sight

  /// The labels that every sample of this check carries.
  var labels: [String: String] {
    var labels = ["target": id.target, "component": component.rawValue, "check": id.check]
    labels["database"] = database
    return labels
  }
}

/// A check as others know it: without the look. Followers have a row of their own.
struct CheckRow: Sendable {
  let id: CheckID
  let component: Component
  let cost: Check.Cost
  let database: String?
}

extension CheckRow {
  init(_ check: Check) {
    self.init(id: check.id, component: check.component, cost: check.cost, database: check.database)
  }
}

/// What one look saw: facts for the judgement, and the samples that are measured whatever the verdict.
struct Sight: Sendable {
  let seen: Seen
  var samples: [MetricSample] = []
}

/// The kinds of thing that can be seen; each has its judgement in Diagnose.
enum Seen: Sendable {
  /// An answer of Odoo, and what it was expected to be.
  case answer(HTTPExchange, Expectation)
  /// A page, and the assets that it names.
  case page(HTTPExchange, assets: [HTTPExchange])
  /// There is no session to look with.
  case session(SessionState)
  case database(DatabaseSight)
  case log(LogSight)
  case agent(AgentSight)
}

/// What a right answer looks like.
enum Expectation: Sendable, Equatable {
  /// Status 200 and a JSON object whose `status` is `pass`.
  case health
  /// JSON-RPC with `result.success`, no `result.data.error`, and the named objects within `result.data` not empty.
  case dashboard(required: [String])
}

/// One look at a check, taken.
struct Observation: Sendable {
  let check: CheckID
  let component: Component
  let database: String?
  let interval: Duration
  /// How long it says something about now: until three more were due, and a look and its confirmation could have timed out.
  let lifetime: Duration
  let budget: Double?
  let cost: Check.Cost
  let startedAt: Timestamp
  let endedAt: Timestamp
  let sight: Sight

  var labels: [String: String] {
    var labels = ["target": check.target, "component": component.rawValue, "check": check.check]
    labels["database"] = database
    return labels
  }
}
