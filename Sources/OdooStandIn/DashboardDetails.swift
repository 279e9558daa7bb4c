/// The lower half of the executive dashboard: people, quality, response times, scores.
extension Dashboard {
  private static func agent(_ user: Int, _ rest: (String, JSON)...) -> JSON {
    let name: [JSON.Member] = [
      .init(name: "agent_id", value: .int(user + 10)), .init(name: "agent_name", value: .string(Lead.users[user])),
    ]
    return .object(name + rest.map(JSON.Member.init))
  }

  var agents: JSON {
    let top = leads.filter(\.isOpportunity).grouped(by: \.user)
    let converted = leads.filter(\.isWon).grouped(by: \.user)
    return [
      "top_agents_with_progress": .array(
        top.map { user, leads in
          Self.agent(
            user, ("partner_id", .int(user + 40)), ("leads_count", .int(leads.count)), ("total_revenue", .number(leads.revenue)),
            ("avg_revenue", .number(mean(leads.map(\.revenue)))))
        }),
      "most_converted_agents": .array(
        converted.map { user, leads in
          Self.agent(
            user, ("won_count", .int(leads.count)), ("won_revenue", .number(leads.revenue)),
            ("avg_deal_size", .number(mean(leads.map(\.revenue)))))
        }),
    ]
  }

  var quality: JSON {
    let junked = leads.filter { $0.lostReason != nil }.grouped(by: \.user)
    return [
      "most_junked_agents": .array(
        junked.map { user, leads in
          let reasons = leads.grouped { $0.lostReason ?? 0 }.map { (Lead.lostReasons[$0.key], JSON.int($0.leads.count)) }
          return Self.agent(
            user, ("junked_count", .int(leads.count)), ("top_reason", .string(reasons.first?.0 ?? "No Reason")),
            ("reasons_breakdown", .object(reasons.map(JSON.Member.init))))
        }),
      "source_quality": .array(
        leads.grouped(by: \.source).map { source, leads in
          let won = leads.count(where: \.isWon)
          return [
            "source_name": .string(Lead.sources[source]), "total_leads": .int(leads.count), "won_leads": .int(won),
            "conversion_rate": .number(percent(won, of: leads.count)),
          ]
        }),
    ]
  }

  var responses: JSON {
    let means = leads.grouped(by: \.user).map { user, leads in
      (user: user, response: mean(leads.map(\.response)), update: mean(leads.map { Double($0.cycle) }), count: leads.count)
    }
    let responders = means.sorted { $0.response < $1.response }.map {
      Self.agent($0.user, ("avg_response_time", .number($0.response)), ("response_count", .int($0.count)))
    }
    let updaters = means.sorted { $0.update < $1.update }.map {
      Self.agent($0.user, ("avg_update_interval", .number($0.update)), ("update_count", .int($0.count)))
    }
    return [
      "fast_responders": .array(responders), "slow_responders": .array(responders.reversed()), "fast_updaters": .array(updaters),
      "slow_updaters": .array(updaters.reversed()),
    ]
  }

  var insights: JSON {
    let scored = leads.filter { $0.score != nil }.sorted { ($0.score ?? 0) > ($1.score ?? 0) }
    let high = scored.count { ($0.score ?? 0) >= 70 }
    let low = scored.count { ($0.score ?? 0) < 40 }
    let right = scored.count { ($0.score ?? 0 >= 50) == $0.isWon }
    return [
      "total_ai_scored": .int(scored.count), "avg_ai_score": .number(mean(scored.compactMap(\.score))), "high_quality_leads": .int(high),
      "ai_score_distribution": ["high": .int(high), "medium": .int(scored.count - high - low), "low": .int(low)],
      "top_ai_scored_leads": .array(scored.prefix(10).map(Self.scored)),
      "ai_vs_manual_accuracy": .number(percent(right, of: scored.count)),
      "enrichment_stats": ["completed": 0, "pending": .int(leads.count(where: \.isOpportunity)), "failed": 0],
      "ai_completeness_avg": 0.0, "ai_clarity_avg": 0.0, "ai_engagement_avg": 0.0,
    ]
  }

  private static func scored(_ lead: Lead) -> JSON {
    [
      "id": .int(lead.id), "name": .string(lead.name), "partner_name": .string(lead.partnerName), "ai_score": .number(lead.score ?? 0),
      "expected_revenue": .number(lead.revenue), "stage": .string(Lead.stages[lead.stage]), "user": .string(Lead.users[lead.user]),
    ]
  }
}
