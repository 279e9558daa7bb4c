/// The figures of the executive dashboard over some leads.
struct Dashboard: Sendable {
  let all: [Lead]
  let leads: [Lead]
  let period: Period
  let today: Day

  init(_ all: [Lead], _ period: Period, today: Day) {
    self.all = all
    leads = all.filter { period.holds($0, today: today) }
    (self.period, self.today) = (period, today)
  }

  private var opportunities: [Lead] { leads.filter(\.isOpportunity) }
  private var won: [Lead] { leads.filter(\.isWon) }

  /// Two messages and two more queries a lead, as the module makes them.
  var cost: Cost { Cost(queries: 14 + 4 * leads.count, seconds: 0.006 + 0.002 * Double(leads.count), sql: 0.55) }

  /// In the order of the export.
  var kpis: [(name: String, title: String, value: JSON)] {
    let lost = opportunities.filter { $0.lostReason != nil }
    let expected = leads.filter(\.isOpen).reduce(0) { $0 + $1.revenue * $1.probability / 100 }.cents
    return [
      ("total_leads", "Total Leads", .int(leads.count)),
      ("total_opportunities", "Total Opportunities", .int(opportunities.count)),
      ("won_opportunities", "Won Opportunities", .int(won.count)),
      ("lost_opportunities", "Lost Opportunities", .int(lost.count)),
      ("won_revenue", "Won Revenue", .number(won.revenue)),
      ("expected_revenue", "Expected Revenue", .number(expected)),
      ("conversion_rate", "Conversion Rate", .number(percent(won.count, of: leads.count))),
      ("opportunity_conversion_rate", "Opportunity Conversion Rate", .number(percent(won.count, of: opportunities.count))),
      ("avg_deal_size", "Avg Deal Size", .number(mean(won.map(\.revenue)))),
    ]
  }

  var data: JSON {
    [
      "kpis": .object(kpis.map { JSON.Member(name: $0.name, value: $0.value) }), "pipeline": pipeline, "trends": trends,
      "team_performance": teamPerformance, "customer_acquisition": acquisition, "agent_metrics": agents, "lead_quality": quality,
      "response_metrics": responses, "ai_insights": insights, "currency_symbol": "$",
    ]
  }

  private var pipeline: JSON {
    let stages = Lead.stages.indices.map { stage in leads.filter { $0.isOpportunity && $0.lostReason == nil && $0.stage == stage } }
    return [
      "labels": .array(zip(Lead.stages, stages).map { .string("\($0) (\($1.count))") }),
      "data": .array(stages.map { .number($0.revenue) }),
      "colors": ["#3366CC", "#DC3912", "#FF9900", "#109618"], "total_value": .number(stages.joined().revenue),
    ]
  }

  /// The last twelve months, whatever the period.
  private var trends: JSON {
    let (year, month, _) = today.civil
    let months = (0..<12).map { back in year * 12 + month - 1 - (11 - back) }
    let byMonth = Dictionary(grouping: all) { lead in
      let day = lead.created(today).civil
      return day.year * 12 + day.month - 1
    }
    let sets = months.map { byMonth[$0] ?? [] }
    return [
      "labels": .array(months.map { .string("\(Stamp.months[$0 % 12]) \($0 / 12)") }),
      "leads": .array(sets.map { .int($0.count) }),
      "opportunities": .array(sets.map { .int($0.count(where: \.isOpportunity)) }),
      "won_revenue": .array(sets.map { .number($0.filter(\.isWon).revenue) }),
      "expected_revenue": .array(sets.map { .number($0.filter(\.isOpen).revenue) }),
    ]
  }

  private var teamPerformance: JSON {
    let teams = Lead.teams.indices.map { team in opportunities.filter { $0.team == team } }
    return [
      "labels": .array(Lead.teams.map(JSON.string)), "opportunities": .array(teams.map { .int($0.count) }),
      "won_revenue": .array(teams.map { .number($0.filter(\.isWon).revenue) }),
      "conversion_rates": .array(teams.map { .number(percent($0.count(where: \.isWon), of: $0.count)) }),
    ]
  }

  private var acquisition: JSON {
    let sources = leads.grouped(by: \.source)
    return [
      "sources": [
        "labels": .array(sources.map { .string(Lead.sources[$0.key]) }), "counts": .array(sources.map { .int($0.leads.count) }),
        "revenue": .array(sources.map { .number($0.leads.revenue) }),
      ],
      "new_customers": .int(Set(won.compactMap(\.partner)).count),
    ]
  }

  /// The best sellers by won revenue.
  func performers(limit: Int) -> JSON {
    let best = won.grouped(by: \.user).sorted { $0.leads.revenue > $1.leads.revenue }.prefix(max(0, limit))
    return .array(
      best.map { user, leads in
        [
          "name": .string(Lead.users[user]), "revenue": .number(leads.revenue), "count": .int(leads.count),
          "avatar": .string("/web/image/res.users/\(user + 10)/avatar_128"),
        ]
      })
  }

  /// The ten newest of the open opportunities past their deadline.
  var overdue: JSON {
    let late = all.filter { $0.isOpen && $0.deadline < 0 && (period.teams?.contains($0.team + 1) ?? true) }
    return .array(
      late.suffix(10).reversed().map { lead in
        [
          "id": .int(lead.id), "name": .string(lead.name), "partner_name": .string(lead.partnerName),
          "expected_revenue": .number(lead.revenue), "probability": .number(lead.probability),
          "date_deadline": .string((today + lead.deadline).text), "user_id": .string(Lead.users[lead.user]),
          "team_id": .string(Lead.teams[lead.team]),
        ]
      })
  }
}
