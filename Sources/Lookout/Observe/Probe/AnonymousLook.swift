import OdooLog

/// Asks for everything the dashboards have without a login. What is refused costs two queries; were it not, the answer could cost as much as
/// a dashboard, so that one is asked after the other and no more once one was granted.
struct AnonymousLook: Sendable {
  let odoo: Configuration.Odoo
  let timeout: Duration
  let today: @Sendable () -> String
  let perform: @Sendable (HTTPRequest) async -> HTTPExchange

  func look() async -> Sight {
    var sight = AccessSight(who: "without a login")
    for (about, request) in requests {
      let exchange = await perform(request)
      sight.questions.append(.init(about: about, isToBeRefused: true, exchange: exchange))
      // Nobody answers: the others would only take their time-outs after it.
      if exchange.failure != nil { break }
    }
    let exposed = sight.questions.map { question in
      Metric.exposed.sample(["what": question.about], AccessSight.Reply(question.exchange) == .granted ? 1 : 0)
    }
    return Sight(
      seen: .access(sight), samples: exposed, isAbandoned: sight.questions.last?.exchange.failure?.reason == .timeout,
      retryAfter: sight.retryAfter)
  }

  private var requests: [(about: String, HTTPRequest)] {
    let today = today()
    let data = DashboardRoutes.data.map { route in
      (
        route,
        HTTPRequest.rpc(
          to: odoo.url.appending("\(route)?\(RequestSeen.mark)"), call: DashboardParameters.month(of: today), timeout: timeout)
      )
    }
    let exports = DashboardRoutes.exports.flatMap { route in
      [ExportFormat.csv, .xlsx].map { format in
        let query = "date_from=\(today)&date_to=\(today)&format=\(format.rawValue)"
        return ("\(route) \(format.rawValue)", HTTPRequest(url: odoo.url.appending("\(route)?\(query)"), timeout: timeout))
      }
    }
    return data + exports + [("/web", HTTPRequest(url: odoo.url.appending("/web?\(RequestSeen.mark)"), timeout: timeout))]
  }
}

/// The routes of the two dashboards.
enum DashboardRoutes {
  static let data = ["/crm/dashboard/data", "/crm/dashboard/overdue", "/crm/dashboard/performers", "/crm/strategic/dashboard/data"]
  static let exports = ["/crm/dashboard/export", "/crm/strategic/dashboard/export"]
}
