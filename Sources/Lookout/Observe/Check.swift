/// A look that is taken on a schedule: one row of the table of checks.
struct Check: Sendable {
  /// Whether a look costs what is watched something worth saving: a costly one holds a worker of Odoo for as long as the answer takes, so
  /// that it needs a slot.
  enum Cost: Sendable, Hashable {
    case cheap
    case costly(WorkerSlot)

    var isCheap: Bool { self == .cheap }
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
  /// The route of Odoo that is asked for, as its log names it: what users ask for there says something about this check too.
  var route: String?
  /// Never throws: failing to look is something seen.
  let look: @Sendable () async -> Sight

  /// The same check with another look.
  func looking(_ look: @escaping @Sendable () async -> Sight) -> Check {
    Check(
      id: id, component: component, database: database, interval: interval, timeout: timeout, cost: cost, budget: budget, route: route,
      look: look)
  }

  /// The same check, whose answers of Odoo are noted: of each there should be a line in the log.
  func noting(answersIn board: Board<Timestamp?>, _ now: @escaping @Sendable () -> Timestamp) -> Check {
    looking { [look] in
      let sight = await look()
      if case .answer(let exchange, _) = sight.seen, exchange.status == 200 { board.post(now()) }
      return sight
    }
  }

  /// The labels that every sample of this check carries.
  var labels: [String: String] {
    var labels = ["target": id.target, "component": component.rawValue, "check": id.check]
    labels["database"] = database
    return labels
  }
}

/// A check as others know it: without the look. Followers have a row of their own.
struct CheckRow: Sendable, Equatable {
  let id: CheckID
  let component: Component
  let cost: Check.Cost
  let database: String?
  var interval = Duration.seconds(15)
  var timeout = Duration.zero
  var budget: Double?
  var route: String?
  /// A follower tells of it when it happens: nobody can be asked to look, and what it tells is a fact that no second look confirms.
  var isTold = false
}

extension CheckRow {
  init(_ check: Check) {
    self.init(
      id: check.id, component: check.component, cost: check.cost, database: check.database, interval: check.interval,
      timeout: check.timeout, budget: check.budget, route: check.route)
  }
}

extension CheckRow {
  /// How long the check may go without an observation that was due before that is a trouble; a costly one may have to wait for its slot.
  var grace: Duration { cost.isCheap ? .seconds(60) : .seconds(3600) }
}

/// A check that is in the table, and since when.
struct ExpectedCheck: Sendable, Equatable {
  let row: CheckRow
  let since: Timestamp
}

extension CheckRow {
  /// Of a check that was in no table.
  init(_ observation: Observation) {
    self.init(
      id: observation.check, component: observation.component, cost: observation.cost, database: observation.database,
      interval: observation.interval, budget: observation.budget)
  }
}

/// What one look saw: facts for the judgement, and the samples that are measured whatever the verdict.
struct Sight: Sendable {
  let seen: Seen
  var samples: [MetricSample] = []
  /// The look was given up while what it asked for goes on: a client's time-out does not stop Odoo.
  var isAbandoned = false
  /// Something was wrong, and the check's own interval is longer than the next look can wait.
  var retryAfter: Duration?
  /// Labels of all its samples beside those of the check.
  var labels: [String: String] = [:]
}

/// The kinds of thing that can be seen; each has its judgement in Diagnose.
enum Seen: Sendable {
  /// An answer of Odoo, and what it was expected to be.
  case answer(HTTPExchange, Expectation)
  /// Several of one look, of which the first that is wrong counts, else the first.
  case answers([ExpectedAnswer])
  /// A page, and the assets that it names.
  case page(HTTPExchange, assets: [HTTPExchange])
  /// A page with all that a browser would fetch for it.
  case pageLoad(PageLoadSight)
  /// What a probe of the configuration's list saw.
  case probe(ProbeOutcome)
  /// Who may see what.
  case access(AccessSight)
  case exposure(ExposureSight)
  /// There is no session to look with.
  case session(SessionState)
  case database(DatabaseSight)
  case statements(Result<[SlowStatement], PostgresFailure>)
  case mail(Result<MailSight, PostgresFailure>)
  case cron(Result<[OverdueJob], PostgresFailure>)
  case log(LogSight)
  /// What only the log tells.
  case logTrouble(LogTroubleSight)
  case agent(AgentSight)
}

/// An answer of Odoo, and what it was expected to be.
struct ExpectedAnswer: Sendable {
  let exchange: HTTPExchange
  let expectation: Expectation
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
