/// `/web/dataset/call_kw` for what monitors ask: how many leads there are, and which.
extension Visit {
  func callKW(_ params: JSON) throws(Raised) -> Reply {
    let (model, method) = (params["model"]?.string ?? "", params["method"]?.string ?? "")
    if let right = right(of: model, method, params) { return Reply(result: .bool(right), cost: Cost(queries: 2, seconds: 0.003)) }
    guard model == "crm.lead" else { throw raised("KeyError", "\(model.oneLine)", shown: "'\(model.oneLine)'") }
    guard method == "search_count" || method == "search_read" else {
      throw raised("AttributeError", "The method '\(method.oneLine)' does not exist on the model 'crm.lead'")
    }
    let domain = params["args"]?.array?.first?.array ?? []
    var leads = odoo.leads
    for leaf in domain { leads = leads.filter(try condition(leaf)) }
    if method == "search_count" { return Reply(result: .int(leads.count), cost: Cost(queries: 2, seconds: 0.003)) }
    let limit = max(0, params["kwargs"]?["limit"]?.int ?? leads.count)
    let cost = Cost(queries: 4, seconds: 0.004)
    return Reply(result: .array(leads.prefix(limit).map(Self.record)), cost: cost)
  }

  /// Of sellers: to read leads and dashboards. Of sales managers: everything of theirs. Of nobody: to administer Odoo.
  private func right(of model: String, _ method: String, _ params: JSON) -> Bool? {
    let argument = params["args"]?.array?.first?.string ?? ""
    switch (model, method) {
    case ("res.users", "has_group"): return argument == "sales_team.group_sale_manager" && !isViewer
    case ("crm.lead", "check_access_rights"): return true
    case ("crm.executive.dashboard", "check_access_rights"), ("crm.strategic.dashboard", "check_access_rights"):
      return argument == "read" || !isViewer
    default: return nil
    }
  }

  private static func record(_ lead: Lead) -> JSON {
    [
      "id": .int(lead.id), "name": .string(lead.name), "partner_name": .string(lead.partnerName),
      "expected_revenue": .number(lead.revenue), "probability": .number(lead.probability),
      "team_id": [.int(lead.team + 1), .string(Lead.teams[lead.team])], "user_id": [.int(lead.user + 10), .string(Lead.users[lead.user])],
      "stage_id": [.int(lead.stage + 1), .string(Lead.stages[lead.stage])], "active": .bool(lead.lostReason == nil),
    ]
  }

  /// One `(field, operator, value)`; all of a domain have to hold.
  private func condition(_ leaf: JSON) throws(Raised) -> (Lead) -> Bool {
    guard let parts = leaf.array, parts.count == 3, let field = parts[0].string, let sign = parts[1].string else {
      throw raised("ValueError", "Invalid leaf \(leaf.text)")
    }
    guard let read = Self.fields[field] else {
      throw raised(
        "ValueError", "Invalid field crm.lead.\(field.oneLine) in leaf ('\(field.oneLine)', '\(sign.oneLine)', \(parts[2].text))")
    }
    guard let compare = Self.operators[sign], let value = Self.number(parts[2]) else {
      throw raised("ValueError", "Invalid leaf \(leaf.text)")
    }
    return { compare(read($0), value) }
  }

  private static let fields: [String: @Sendable (Lead) -> Double] = [
    "id": { Double($0.id) }, "expected_revenue": { $0.revenue }, "probability": { $0.probability }, "team_id": { Double($0.team + 1) },
    "user_id": { Double($0.user + 10) }, "stage_id": { Double($0.stage + 1) }, "active": { $0.lostReason == nil ? 1 : 0 },
  ]

  private static let operators: [String: @Sendable (Double, Double) -> Bool] = [
    "=": { $0 == $1 }, "!=": { $0 != $1 }, ">": { $0 > $1 }, ">=": { $0 >= $1 }, "<": { $0 < $1 }, "<=": { $0 <= $1 },
  ]

  private static func number(_ value: JSON) -> Double? {
    switch value {
    case .int(let value): Double(value)
    case .number(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  private func raised(_ type: String, _ message: String, shown: String? = nil) -> Raised {
    let frames: [Traceback.Frame] = [
      ("odoo/addons/web/controllers/dataset.py", 24, "call_kw"), ("odoo/addons/web/controllers/dataset.py", 20, "_call_kw"),
      ("odoo/api.py", 464, "call_kw"),
    ]
    return Raised(
      name: "builtins.\(type)", message: shown ?? message,
      traceback: Traceback.controller(frames, raising: "\(type): \(shown ?? message)"), cost: Cost(queries: 1, seconds: 0.003))
  }
}
