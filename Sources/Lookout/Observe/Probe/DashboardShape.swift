/// What the two dashboards draw from the data that their routes answer; where it is missing, something on the screen is.
enum DashboardShape {
  /// Cards, the charts of pipeline, trend, teams and sources, and the list of the best agents.
  static let executive = demands(
    "kpis.total_leads", "kpis.total_opportunities", "kpis.won_revenue", "kpis.conversion_rate", "pipeline.labels", "pipeline.data",
    "trends.labels", "trends.leads", "team_performance.labels", "customer_acquisition.sources", "agent_metrics.top_agents_with_progress")

  static let strategic = demands(
    "strategic_kpis.total_pipeline_value", "strategic_kpis.revenue_growth", "strategic_kpis.new_customers", "financial_performance",
    "market_intelligence", "customer_insights")

  /// Of a period or a team without leads.
  static let nothing = demands("kpis.total_leads? == 0")

  private static func demands(_ texts: String...) -> [JSONDemand] {
    texts.map { text in
      do throws(JSONDemand.Mistake) { return try JSONDemand(text) } catch { preconditionFailure("\(text): \(error.message)") }
    }
  }
}
