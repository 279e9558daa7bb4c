import Testing

@testable import Lookout

@Suite struct FindingAnnotationTests {
  private let check = CheckID(target: "crm", check: "dashboard_data")

  private func finding(_ level: Level, _ reason: Reason?, cause: Component?, evidence: [Evidence] = []) -> Finding {
    Finding(
      check: check, component: .dashboard, database: "crm",
      verdict: Verdict(level: level, reason: reason, sentence: "data says \(level.word)", evidence: evidence), cause: cause,
      since: .seconds(0), observedAt: .seconds(0), freshUntil: .seconds(60))
  }

  private func evaluating(_ values: [Double]) throws -> Evaluating {
    let rules = """
        - alert: Broken
          expr: probe_success == 0
          annotations: {summary: broken, reason: own, cause: own}
      """
    return try Evaluating(rules: rules, series: RuleSeries(["probe_success{target=\"crm\",check=\"dashboard_data\"}": values]))
  }

  @Test("an alert that names a check carries what the check found, over the rule's own annotations, each time anew")
  func carried() throws {
    var evaluating = try evaluating([0, 0])
    let evidence = [Evidence(name: "status", value: "200"), Evidence(name: "error", value: "'planned_revenue'")]
    evaluating.findings[check] = finding(.fail, .dashboardError, cause: nil, evidence: evidence)
    #expect(
      evaluating.evaluate(at: 0).alerts.first?.annotations == [
        "summary": "broken", "reason": "dashboard_error", "cause": "own", "finding": "data says fail",
        "evidence": "status=200; error='planned_revenue'",
      ])
    evaluating.findings[check] = finding(.fail, .timeout, cause: .postgresql)
    #expect(
      evaluating.evaluate(at: 15).alerts.first?.annotations == [
        "summary": "broken", "reason": "timeout", "cause": "postgresql", "finding": "data says fail",
      ])
  }

  @Test("a check that passes again, or is not known, leaves the last that failed, up to the end of the alert")
  func kept() throws {
    var evaluating = try evaluating([0, 0, 0, 1])
    evaluating.findings[check] = finding(.fail, .timeout, cause: .postgresql)
    evaluating.evaluate(at: 0)
    evaluating.findings[check] = finding(.pass, nil, cause: nil)
    #expect(evaluating.evaluate(at: 15).alerts.first?.annotations["reason"] == "timeout")
    evaluating.findings[check] = nil
    #expect(evaluating.evaluate(at: 30).alerts.first?.annotations["cause"] == "postgresql")
    #expect(evaluating.evaluate(at: 45).resolved.first?.alert.annotations["finding"] == "data says fail")
  }

  @Test("an alert that names no check keeps the rule's annotations")
  func none() throws {
    var evaluating = try Evaluating(
      rules: "  - {alert: A, expr: up, annotations: {reason: own}}", series: RuleSeries(["up{target=\"crm\"}": [1]]))
    evaluating.findings[check] = finding(.fail, .timeout, cause: .postgresql)
    #expect(evaluating.evaluate(at: 0).alerts.first?.annotations == ["reason": "own"])
  }
}
