import PromQL
import Testing

@testable import Lookout

/// The agent's answers in the shapes of Prometheus' web/api/v1/api_test.go.
@Suite("Prometheus' API")
struct PrometheusAPITests {
  private let store = SeriesStore(retention: .seconds(3600))
  private let rules: RuleSet
  private let start = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    rules = try RuleSet.load(
      """
      groups:
      - name: g
        interval: 30s
        rules:
        - record: job:q:sum
          expr: sum by (job)  (q)
        - alert: Down
          expr: up == 0
          for: 90s
          labels: {severity: critical}
          annotations: {summary: "{{ $labels.job }} is down"}
      - name: h
        rules:
        - {alert: Other, expr: q > 100}
      """, file: "a.rules.yml")
    let gauge = Metric(name: "q", kind: .gauge, help: "")
    for minute in 0...3 {
      store.replace(
        [gauge.sample(["job": "a"], Double(minute)), gauge.sample(["job": "b"], 0.5)], of: CheckID(target: "crm", check: "c"),
        at: start + .seconds(60 * minute), expiresAt: start + .seconds(600))
    }
  }

  private func api(alerts: [TrackedAlert] = [], failing: [RuleID: String] = [:]) -> PrometheusAPI {
    PrometheusAPI(
      store: store,
      rules: { [rules, start] in
        RulesInForce(
          rules: rules, alerts: alerts, failing: failing,
          efforts: ["a.rules.yml;g": Pipeline.GroupEffort(evaluatedAt: start, latest: .milliseconds(2), total: .milliseconds(9))])
      }, now: { [start] in start + .seconds(180) }, version: "0")
  }

  private func ask(
    _ path: String, _ query: String = "", method: String = "GET", body: String = "", of api: PrometheusAPI? = nil
  ) async throws -> (status: Int, text: String) {
    let request = PageRequest(method: method, path: "/api/v1/\(path)", query: query, body: Array(body.utf8))
    let reply = try #require(await (api ?? self.api()).reply(to: request))
    return (reply.status, String(decoding: reply.body.dropLast(), as: UTF8.self))
  }

  private func data(_ path: String, _ query: String = "") async throws -> String {
    let answer = try await ask(path, query)
    #expect(answer.status == 200)
    let head = #"{"status":"success","data":"#
    #expect(answer.text.hasPrefix(head) && answer.text.hasSuffix("}"), "\(answer.text)")
    return String(answer.text.dropFirst(head.count).dropLast())
  }

  @Test("leaves other paths to others")
  func other() async {
    #expect(await api().reply(to: PageRequest(path: "/health")) == nil)
  }

  @Test(
    "an instant query gives a vector, a scalar, a string or a matrix",
    arguments: [
      (
        "query=q",
        #"{"resultType":"vector","result":[{"metric":{"__name__":"q","job":"a"},"value":[1700000180,"3"]},"#
          + #"{"metric":{"__name__":"q","job":"b"},"value":[1700000180,"0.5"]}]}"#
      ),
      (
        "query=q%7Bjob%3D%22a%22%7D&time=1700000090.5",
        #"{"resultType":"vector","result":[{"metric":{"__name__":"q","job":"a"},"value":[1700000090.500,"1"]}]}"#
      ),
      (
        "query=q&time=2023-11-14T22:13:20Z&limit=0&timeout=1m",
        #"{"resultType":"vector","result":[{"metric":{"__name__":"q","job":"a"},"#
          + #""value":[1700000000,"0"]},{"metric":{"__name__":"q","job":"b"},"value":[1700000000,"0.5"]}]}"#
      ),
      ("query=1%2F0", #"{"resultType":"scalar","result":[1700000180,"+Inf"]}"#),
      ("query=%22x%5C%22%22", #"{"resultType":"string","result":[1700000180,"x\""]}"#),
      (
        "query=q%7Bjob%3D%22a%22%7D%5B2m%5D",
        #"{"resultType":"matrix","result":[{"metric":{"__name__":"q","job":"a"},"#
          + #""values":[[1700000120,"2"],[1700000180,"3"]]}]}"#
      ),
      ("query=nothing", #"{"resultType":"vector","result":[]}"#),
    ])
  func instant(query: String, expected: String) async throws {
    #expect(try await data("query", query) == expected)
  }

  @Test("a range query gives a matrix; a form in the body counts as the query does")
  func range() async throws {
    let expected =
      #"{"resultType":"matrix","result":[{"metric":{"job":"a"},"values":[[1700000060,"2"],[1700000120,"4"],[1700000180,"6"]]}]}"#
    let query = "query=q%7Bjob%3D%22a%22%7D*2&start=1700000060&end=1700000180&step=1m"
    #expect(try await data("query_range", query) == expected)
    let posted = try await ask("query_range", method: "POST", body: query)
    #expect(posted.status == 200 && posted.text == #"{"status":"success","data":\#(expected)}"#)
  }

  @Test("what is cut short is said, and so is what an expression is to be looked at for")
  func warnings() async throws {
    let cut = try await ask("query", "query=q&limit=1")
    #expect(cut.text.contains(#""result":[{"metric":{"__name__":"q","job":"a"}"#) && !cut.text.contains(#""job":"b""#))
    #expect(cut.text.hasSuffix(#""warnings":["results truncated due to limit"]}"#))
    let info = try await ask("query", "query=rate(q%5B5m%5D)")
    #expect(info.text.contains(#""infos":["PromQL info: metric might not be a counter"#), "\(info.text)")
  }

  @Test(
    "mistakes are told as Prometheus tells them",
    arguments: [
      ("query", "query=q%20and", 400, #"invalid parameter \"query\": 1:6: parse error: unexpected end of input"#),
      ("query", "query=q&time=then", 400, #"invalid parameter \"time\": cannot parse \"then\" to a valid timestamp"#),
      ("query", "query=q&timeout=x", 400, #"invalid parameter \"timeout\": cannot parse \"x\" to a valid duration"#),
      ("query", "query=q&limit=-1", 400, #"invalid parameter \"limit\": limit must be non-negative"#),
      ("query", "query=%zz", 400, "the query is not well formed"),
      ("query", "", 400, #"invalid parameter \"query\": 1:1: parse error: no expression found in input"#),
      ("query_range", "query=q&end=1&step=1", 400, #"invalid parameter \"start\": cannot parse \"\" to a valid timestamp"#),
      ("query_range", "query=q&start=2&end=1&step=1", 400, #"invalid parameter \"end\": end timestamp must not be before start time"#),
      ("query_range", "query=q&start=1&end=2&step=0", 400, #"invalid parameter \"step\": zero or negative query resolution step widths"#),
      ("query_range", "query=q&start=0&end=11001&step=1", 400, "exceeded maximum resolution of 11,000 points per timeseries."),
      ("query_range", "query=q%5B1m%5D&start=0&end=1&step=1", 400, #"invalid expression type \"range vector\" for range query"#),
      ("query", "query=q%20%2B%20on()%20q", 422, "found duplicate series for the match group"),
      ("series", "", 400, "no match[] parameter provided"),
      ("series", "match[]=1", 400, #"invalid parameter \"match[]\": expected a metric selector"#),
      ("series", "match[]=%7B%7D", 400, "vector selector must contain at least one non-empty matcher"),
      ("label/U__a_/values", "", 400, "invalid label name"),
      ("rules", "type=x", 400, #"invalid parameter \"type\": not supported value \"x\""#),
      ("nothing", "", 404, "there is nothing at"),
    ])
  func mistakes(path: String, query: String, status: Int, message: String) async throws {
    let answer = try await ask(path, query)
    #expect(answer.status == status && answer.text.contains(message), "\(answer)")
    let kind = [400: "bad_data", 404: "not_found", 422: "execution"][status] ?? ""
    #expect(answer.text.hasPrefix(#"{"status":"error","errorType":"\#(kind)","error":"#))
  }

  @Test("a query that takes too long is ended, and one that is too large", .timeLimit(.minutes(2)))
  func limits() async throws {
    let long = "query=sum_over_time(vector(1)%5B10000d:1s%5D)&timeout=50ms"
    let answer = try await ask("query", long)
    #expect([422, 503].contains(answer.status), "\(answer)")
  }

  @Test("only what changes nothing is answered")
  func methods() async throws {
    #expect(try await ask("query", method: "DELETE").status == 405)
    #expect(try await ask("rules", method: "POST").status == 405)
  }

  @Test("series, names and values of labels are those with samples in the range")
  func series() async throws {
    #expect(try await data("series", "match[]=q") == #"[{"__name__":"q","job":"a"},{"__name__":"q","job":"b"}]"#)
    #expect(try await data("series", "match[]=q%7Bjob%3D%22b%22%7D&start=1700000000&end=1700000001") == #"[{"__name__":"q","job":"b"}]"#)
    #expect(try await data("series", "match[]=q&end=1600000000") == "[]")
    #expect(try await data("labels") == #"["__name__","job"]"#)
    #expect(try await data("label/job/values") == #"["a","b"]"#)
    #expect(try await data("label/U__job/values", "match[]=%7Bjob%3D~%22b.*%22%7D") == #"["b"]"#)
    #expect(try await data("label/none/values") == "[]")
    let cut = try await ask("labels", "limit=1")
    #expect(cut.text == #"{"status":"success","data":["__name__"],"warnings":["results truncated due to limit"]}"#)
  }

  @Test(
    "names with other characters are written with their codes in a path",
    arguments: [
      ("job", "job"), ("U__a_2e_b", "a.b"), ("U__a__b", "a_b"), ("U___1f600_", "😀"), ("U__a_", nil), ("U__a_zz_", nil), ("U__", ""),
    ])
  func labelNames(text: String, name: String?) {
    #expect(PrometheusAPI.labelName(text) == name)
  }

  @Test("expressions are written anew, and taken apart")
  func expressions() async throws {
    #expect(try await data("format_query", "query=sum%20by(job)(q)") == #""sum by (job) (q)""#)
    #expect(try await data("parse_query", "query=1").contains(#""type":"numberLiteral""#))
  }

  @Test("metadata and the version that clients go by")
  func metadata() async throws {
    let one = try await data("metadata", "metric=probe_success")
    #expect(one.hasPrefix(#"{"probe_success":[{"help":""#) && one.hasSuffix(#""type":"gauge","unit":""}]}"#), "\(one)")
    #expect(try await data("metadata", "limit=2").components(separatedBy: #""unit""#).count == 3)
    #expect(try await data("status/buildinfo").contains(#""version":"3."#))
  }

  private var firing: TrackedAlert {
    get throws {
      let rule = try #require(rules.alertRules.first)
      let alert = Alert(
        labels: ["alertname": "Down", "job": "a", "severity": "critical"], annotations: ["summary": "a is down"], state: .firing,
        activeAt: start, firedAt: start, value: 0)
      return TrackedAlert(rule: rule.id, alert: alert)
    }
  }

  @Test("rules with their alerts, and alerts alone")
  func ruleStates() async throws {
    let tracked = try firing
    let failing = [try #require(rules.rules.last).id: "no such thing"]
    let api = api(alerts: [tracked], failing: failing)
    let alert =
      #"{"labels":{"alertname":"Down","job":"a","severity":"critical"},"annotations":{"summary":"a is down"},"state":"firing","#
      + #""activeAt":"2023-11-14T22:13:20.000Z","value":"0e+00"}"#
    #expect(try await ask("alerts", of: api).text == #"{"status":"success","data":{"alerts":[\#(alert)]}}"#)
    let text = try await ask("rules", of: api).text
    let evaluated = #""lastEvaluation":"2023-11-14T22:13:20.000Z""#
    #expect(
      text.contains(
        #"{"name":"job:q:sum","query":"sum by (job) (q)","labels":{},"health":"ok","evaluationTime":0,\#(evaluated),"type":"recording"}"#))
    #expect(
      text.contains(
        #"{"state":"firing","name":"Down","query":"up == 0","duration":90,"keepFiringFor":0,"labels":{"severity":"critical"},"#
          + #""annotations":{"summary":"{{ $labels.job }} is down"},"alerts":[\#(alert)],"health":"ok","evaluationTime":0,\#(evaluated),"type":"alerting"}"#
      ))
    #expect(text.contains(#""interval":30,"limit":0,"evaluationTime":0.002,\#(evaluated)}"#))
    #expect(text.contains(#""health":"err","lastError":"no such thing""#) && text.contains(#""state":"inactive""#))
  }

  @Test(
    "rules are found by kind, name, group, file and labels",
    arguments: [
      ("type=record", ["job:q:sum"]), ("type=alert", ["Down", "Other"]), ("rule_name[]=Down", ["Down"]),
      ("rule_group[]=h", ["Other"]), ("file[]=b.yml", []), ("match[]=%7Bseverity%3D%22critical%22%7D", ["Down"]),
    ])
  func ruleFilter(query: String, names: [String]) async throws {
    let text = try await data("rules", query)
    let all = ["job:q:sum", "Down", "Other"]
    #expect(all.filter { text.contains(#""name":"\#($0)""#) } == names)
    #expect(try await ask("rules", query + "&exclude_alerts=true", of: api(alerts: [firing])).text.contains("activeAt") == false)
  }

  @Test(
    "numbers of all sizes",
    arguments: [
      (0, "0", "0e+00"), (1, "1", "1e+00"), (-1.5, "-1.5", "-1.5e+00"), (1e-7, "1e-7", "1e-07"), (1e21, "1e+21", "1e+21"),
      (123_456_789, "123456789", "1.23456789e+08"), (.nan, "NaN", "NaN"), (-.infinity, "-Inf", "-Inf"), (1e-6, "0.000001", "1e-06"),
    ])
  func numbers(value: Double, json: String, scientific: String) {
    #expect(formatJSONNumber(value) == json && formatScientific(value) == scientific)
  }

  @Test(
    "moments have milliseconds where they are no whole seconds",
    arguments: [
      (0, "0"), (1500, "1.500"), (1_700_000_000_007, "1700000000.007"), (-20, "-0.020"),
    ])
  func moments(milliseconds: Int64, text: String) {
    var json = JSONText()
    json.seconds(milliseconds)
    #expect(String(decoding: json.bytes, as: UTF8.self) == text)
  }
}
