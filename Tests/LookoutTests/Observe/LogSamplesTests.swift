import OdooLog
import Testing

@testable import Lookout

@Suite("The log's counts as samples")
struct LogSamplesTests {
  private func samples(_ text: String, isUnreadable: Bool = false) -> [String: Double] {
    var statistics = LogStatistics()
    var scanner = LogScanner()
    let bytes = Array(text.utf8)
    scanner.feed(bytes.span, into: &statistics)
    let samples = LogSamples.all(statistics, isUnreadable: isUnreadable)
    return Dictionary(
      uniqueKeysWithValues: samples.map { sample in
        let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return (sample.metric.name + sample.suffix + (labels.isEmpty ? "" : "{\(labels)}"), sample.value)
      })
  }

  @Test("before the first line all counts are there, at 0")
  func empty() {
    let empty = samples("")
    for name in [
      "odoo_log_errors_total", "odoo_log_lines_total", "odoo_log_bytes_total", "lookout_log_unreadable",
      "odoo_log_odd_lines_total{kind=stray}", "odoo_log_odd_lines_total{kind=truncated}", "odoo_log_odd_lines_total{kind=unparsed_access}",
      "odoo_log_odd_lines_total{kind=unparsed_record}", "odoo_log_events_total{event=worker_time_limit}",
      "odoo_log_events_total{event=pool_full}",
    ] { #expect(empty[name] == 0, "\(name)") }
    #expect(samples("", isUnreadable: true)["lookout_log_unreadable"] == 1)
  }

  @Test("records by level and logger, requests by route, method and status, and how long they took")
  func counts() {
    let text = accessRecord() + accessRecord(python: "3.000") + accessRecord(status: 500) + logRecord("bad", "ERROR", logger: "odoo.http")
    let all = samples(text)
    #expect(all["odoo_log_lines_total"] == 4 && all["odoo_log_bytes_total"] == Double(text.utf8.count))
    #expect(all["odoo_log_errors_total"] == 1)
    #expect(all["odoo_log_records_total{level=ERROR,logger=odoo.http}"] == 1)
    #expect(all["odoo_http_requests_total{method=POST,route=/crm/dashboard/data,status=200}"] == 2)
    #expect(all["odoo_http_requests_total{method=POST,route=/crm/dashboard/data,status=500}"] == 1)
    #expect(all["odoo_http_request_queries_total{route=/crm/dashboard/data}"] == 405)
    let seconds = all["odoo_http_request_sql_seconds_total{route=/crm/dashboard/data}"] ?? 0
    #expect(abs(seconds - 0.156) < 0.001)
  }

  @Test("what only the log tells is counted by what happened")
  func events() {
    let all = samples(logRecord("WorkerHTTP (31257) timeout after 120s", "ERROR", logger: "odoo.service.server"))
    #expect(all["odoo_log_events_total{event=worker_time_limit}"] == 1)
    #expect(all.filter { $0.key.hasPrefix("odoo_log_events_total") }.count == LogSign.allCases.count)
  }

  @Test("the histogram's buckets grow from bound to bound and end with all")
  func histogram() {
    let all = samples(accessRecord() + accessRecord(python: "3.000") + accessRecord(python: "60.000"))
    let bounds = DurationHistogram.bounds.map { "\($0)" } + ["+Inf"]
    let buckets = bounds.map { all["odoo_http_request_duration_seconds_bucket{le=\($0),route=/crm/dashboard/data}"] }
    #expect(buckets == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3])
    #expect(all["odoo_http_request_duration_seconds_count{route=/crm/dashboard/data}"] == 3)
    let sum = all["odoo_http_request_duration_seconds_sum{route=/crm/dashboard/data}"] ?? 0
    #expect(abs(sum - 63.196) < 0.001)
  }
}
