import OdooLog

/// Asks with a second, less privileged login what its user may: what every seller must see, and what only managers may do. Rights are asked
/// for, never tried: a refused export would leave an ERROR in Odoo's log.
struct ViewerLook: Sendable {
  let odoo: Configuration.Odoo
  let timeout: Duration
  let send: @Sendable (HTTPRequest) async -> Result<HTTPExchange, SessionTrouble.Thrown>

  private struct Asked {
    let about: String
    let isToBeRefused: Bool
    let request: HTTPRequest
  }

  func look() async -> Sight {
    var sight = AccessSight(who: "the viewer")
    for asked in questions {
      switch await send(asked.request) {
      case .failure(let thrown):
        return Sight(seen: .session(SessionState(trouble: thrown.trouble)), retryAfter: AccessSight.pauseAfterFailure)
      case .success(let exchange):
        sight.questions.append(.init(about: asked.about, isToBeRefused: asked.isToBeRefused, exchange: exchange))
        if exchange.failure != nil { return abandoned(sight, exchange) }
      }
    }
    return Sight(seen: .access(sight), retryAfter: sight.retryAfter)
  }

  private func abandoned(_ sight: AccessSight, _ exchange: HTTPExchange) -> Sight {
    Sight(seen: .access(sight), isAbandoned: exchange.failure?.reason == .timeout, retryAfter: sight.retryAfter)
  }

  private var questions: [Asked] {
    [
      Asked(
        about: "the executive dashboard", isToBeRefused: false,
        request: .rpc(to: odoo.url.appending("/crm/dashboard/overdue?\(RequestSeen.mark)"), call: DashboardParameters(), timeout: timeout)),
      asked("to read leads", isToBeRefused: false, "crm.lead", "check_access_rights", "read"),
      asked(
        "to be a sales manager, who exports and sees the strategic dashboard", isToBeRefused: true, "res.users", "has_group", Self.managers),
      asked("to delete executive dashboards", isToBeRefused: true, "crm.executive.dashboard", "check_access_rights", "unlink"),
      asked("to delete strategic dashboards", isToBeRefused: true, "crm.strategic.dashboard", "check_access_rights", "unlink"),
      asked("to administer Odoo", isToBeRefused: true, "res.users", "has_group", "base.group_system"),
    ]
  }

  private static let managers = "sales_team.group_sale_manager"

  private func asked(_ about: String, isToBeRefused: Bool, _ model: String, _ method: String, _ argument: String) -> Asked {
    // Without it a missing right is an error instead of false.
    let kwargs = method == "check_access_rights" ? ["raise_exception": false] : [:]
    let call = ModelCall(model: model, method: method, args: [argument], kwargs: kwargs)
    let url = odoo.url.appending("/web/dataset/call_kw?\(RequestSeen.mark)")
    return Asked(about: about, isToBeRefused: isToBeRefused, request: .rpc(to: url, call: call, timeout: timeout))
  }
}

/// A method of a model, as the web client calls it.
struct ModelCall: Encodable {
  let model: String
  let method: String
  let args: [String]
  var kwargs: [String: Bool] = [:]
}
