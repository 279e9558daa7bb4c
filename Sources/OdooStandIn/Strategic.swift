/// The figures of the strategic dashboard over some leads.
struct Strategic: Sendable {
  let leads: [Lead]
  let period: Period
  let today: Day
  private let before: [Lead]

  init(_ all: [Lead], _ period: Period, today: Day) {
    leads = all.filter { period.holds($0, today: today) }
    var earlier = period
    let length = max(1, period.to - period.from + 1)
    (earlier.from, earlier.to) = (period.from + -length, period.from + -1)
    before = all.filter { earlier.holds($0, today: today) }
    (self.period, self.today) = (period, today)
  }

  var cost: Cost { Cost(queries: 60 + 2 * leads.count, seconds: 0.01 + 0.0006 * Double(leads.count), sql: 0.4) }

  var won: [Lead] { leads.filter(\.isWon) }
  var opportunities: [Lead] { leads.filter(\.isOpportunity) }
  var pipelineValue: Double { leads.filter(\.isOpen).revenue }
  var cycle: Double { mean(won.map { Double($0.cycle) }) }
  var customers: Int { Set(won.compactMap(\.partner)).count }
  var penetration: Double { percent(customers, of: Lead.partners.count) }

  var growth: Double {
    let earlier = before.filter(\.isWon).revenue
    return earlier == 0 ? 0 : ((won.revenue - earlier) / earlier * 100).cents
  }

  var data: JSON {
    [
      "strategic_kpis": [
        "total_pipeline_value": .number(pipelineValue), "won_revenue": .number(won.revenue), "revenue_growth": .number(growth),
        "avg_sales_cycle": .number(cycle), "market_penetration": .number(penetration), "new_customers": .int(customers),
      ],
      "financial_performance": finances, "market_intelligence": market, "customer_insights": insights,
      "operational_efficiency": efficiency,
    ]
  }

  private var finances: JSON {
    let months = Dictionary(grouping: won) { String($0.created(today).text.prefix(7)) }.sorted { $0.key < $1.key }
    let forecast = leads.filter(\.isOpen).reduce(0) { $0 + $1.revenue * $1.probability / 100 }.cents
    let total = won.revenue
    return [
      "monthly_revenue": .object(months.map { JSON.Member(name: $0.key, value: .number($0.value.revenue)) }),
      "total_revenue": .number(total), "revenue_per_opportunity": .number(mean(won.map(\.revenue))),
      "forecast_accuracy": .number(forecast == 0 ? 0 : (min(total, forecast) / max(total, forecast) * 100).cents),
      "forecasted_revenue": .number(forecast),
    ]
  }

  private var market: JSON {
    [
      "lead_sources": groups("source_id", Lead.sources) { $0.source },
      "lost_reasons": groups("lost_reason_id", Lead.lostReasons, of: leads.filter { $0.lostReason != nil }, revenue: false) {
        $0.lostReason
      },
      "geographic_distribution": groups("country_id", Lead.countries) { $0.country },
      "industry_analysis": groups("partner_id", Lead.partners) { $0.partner },
    ]
  }

  /// As `read_group` returns groups: the value, its count, a sum, and the domain that leads to its records.
  private func groups(_ field: String, _ names: [String], of some: [Lead]? = nil, revenue: Bool = true, by key: (Lead) -> Int?) -> JSON {
    let groups = (some ?? leads).grouped { key($0) ?? Int.max }
    return .array(
      groups.map { index, leads in
        let isSet = names.indices.contains(index)
        var members = [
          JSON.Member(name: field, value: isSet ? [.int(index + 1), .string(names[index])] : false),
          JSON.Member(name: "\(field)_count", value: .int(leads.count)),
        ]
        if revenue { members.append(JSON.Member(name: "expected_revenue", value: .number(leads.revenue))) }
        let domain: JSON = [
          "&", "&", ["create_date", ">=", .string(period.from.text)], ["create_date", "<=", .string(period.to.text)],
          [.string(field), "=", isSet ? .int(index + 1) : false],
        ]
        return .object(members + [JSON.Member(name: "__domain", value: domain)])
      })
  }

  private var insights: JSON {
    let repeated = won.filter { $0.partner != nil }.grouped { $0.partner ?? 0 }.count { $0.leads.count > 1 }
    return [
      "customer_retention_rate": .number(percent(repeated, of: customers)), "repeat_customers": .int(repeated),
      "total_customers": .int(customers),
      "deal_segmentation": [
        "large_deals": .int(won.count { $0.revenue >= 50_000 }), "medium_deals": .int(won.count { (10_000..<50_000).contains($0.revenue) }),
        "small_deals": .int(won.count { $0.revenue < 10_000 }),
      ],
      "avg_activities_per_lead": 0.0,
    ]
  }

  private var efficiency: JSON {
    [
      "avg_response_time": .number(mean(leads.map(\.response))),
      "lead_to_opportunity_rate": .number(percent(opportunities.count, of: leads.count)),
      "team_productivity": .array(
        Lead.teams.indices.map { team in
          let own = opportunities.filter { $0.team == team }
          return [
            "team_name": .string(Lead.teams[team]), "opportunities": .int(own.count), "won": .int(own.count(where: \.isWon)),
            "revenue": .number(own.filter(\.isWon).revenue),
          ]
        }),
    ]
  }
}
