/// Asks the dashboard for a day before anything was, and for a team that there is not: what then comes is nothing, and costs nothing, unless
/// the dashboard passes over its filters. Asked now and then, and each time while they are wrong.
actor FilterLook {
  private let url: String
  private let timeout: Duration
  private let interval: Duration
  private let now: @Sendable () -> Timestamp
  private let session: SessionKeeper
  private var due = Timestamp(milliseconds: 0)

  init(url: String, timeout: Duration, interval: Duration, now: @escaping @Sendable () -> Timestamp, session: SessionKeeper) {
    (self.url, self.timeout, self.interval, self.now, self.session) = (url, timeout, interval, now, session)
  }

  /// What a look at the figures saw, and, where there were any, what the filters make of them.
  func look(after figures: Sight) async -> Sight {
    guard now() >= due, case .answer(let exchange, let expected) = figures.seen, Self.hasFigures(exchange) else { return figures }
    var answers = [ExpectedAnswer(exchange: exchange, expectation: expected)]
    for (call, filter) in calls {
      let nothing = Expectation.object([]).demanding(DashboardShape.nothing, meaning: "the dashboard passes over its filter of \(filter)")
      guard case .success(let answer) = await session.send(.rpc(to: url, call: call, timeout: timeout)) else { return figures }
      // The figures came a moment ago; what is wrong with this answer beyond its filter says nothing about them.
      guard let data = RPCAnswer(answer.body)?.result?.data, data.error == nil else { return figures }
      answers.append(ExpectedAnswer(exchange: answer, expectation: nothing))
      guard DashboardShape.nothing.allSatisfy({ $0.outcome(on: data.json) == .met }) else {
        return Sight(seen: .answers(answers), samples: figures.samples)
      }
    }
    due = now() + interval
    return Sight(seen: .answers(answers), samples: figures.samples)
  }

  private var calls: [(DashboardParameters, String)] {
    let month = DashboardParameters.month(of: now().date)
    var (noDay, noTeam) = (month, month)
    (noDay.date_from, noDay.date_to, noTeam.team_ids) = ("1970-01-01", "1970-01-01", [Int(Int32.max)])
    return [(noDay, "dates"), (noTeam, "teams")]
  }

  private static func hasFigures(_ exchange: HTTPExchange) -> Bool {
    guard exchange.failure == nil, exchange.status == 200, let result = RPCAnswer(exchange.body)?.result else { return false }
    return result.success == true && result.data?.error == nil && result.data?.filled.contains("kpis") == true
  }
}
