import Testing

@testable import Lookout

@Suite struct MetricsFormatTests {
  @Test(
    "the format follows the quality values",
    arguments: [
      (nil, .text), ("", .text), ("*/*", .text), ("text/*", .text), ("application/json", .text),
      ("application/openmetrics-text", .openMetrics),
      ("application/*", .openMetrics), ("APPLICATION/OpenMetrics-Text; Version=1.0.0", .openMetrics),
      ("text/plain;q=0.5,application/openmetrics-text;q=0.6", .openMetrics),
      ("text/plain;q=0.6, application/openmetrics-text; q=0.5", .text),
      ("text/plain, application/openmetrics-text", .text),
      ("*/*;q=0.9, text/plain;q=0.1", .openMetrics),
      ("application/openmetrics-text;q=0, */*", .text),
      ("application/openmetrics-text;version=0.0.1", .text),
      ("application/openmetrics-text;version=\"1.0.0\";charset=\"utf-8\",text/plain;q=0.9", .openMetrics),
      ("application/openmetrics-text;charset=latin1,text/plain;q=0.1", .text),
      // Prometheus 2 and 3.
      (
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        .openMetrics
      ),
      (
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", .openMetrics
      ),
      // One that it can read decides, whatever stands beside it.
      (",;q=1,\"a,b\",text/plain;q=2,application/openmetrics-text;q=x,;;;,application/openmetrics-text;q=0.1,=,\u{0}", .openMetrics),
    ] as [(String?, MetricsFormat)])
  func negotiation(_ accept: String?, _ format: MetricsFormat) {
    #expect(MetricsFormat(accept: accept) == format)
  }

  @Test("a comma or semicolon within quotes does not part")
  func quotes() {
    let ranges = MediaRange.list(#"a/b;x="1,2;3\"4" ; q=0.5 , c/d"#)
    #expect(ranges.map(\.name) == ["a/b", "c/d"])
    #expect(ranges.first?.parameters == ["x": #"1,2;3"4"#])
    #expect(ranges.map(\.quality) == [0.5, 1])
    #expect(MediaRange.list("\"open, to the end").map(\.name) == ["\"open, to the end"])
  }

  @Test(
    "gzip only for who asks for it",
    arguments: [
      (nil, false), ("", false), ("gzip", true), ("GZIP;q=0.5", true), ("x-gzip", true), ("deflate, br", false), ("gzip;q=0", false),
      ("*", true), ("*;q=0", false), ("gzip;q=0, *", false), ("identity;q=1, gzip;q=0.5", false), ("deflate, gzip ; q=0.1", true),
    ] as [(String?, Bool)])
  func gzip(_ header: String?, _ welcome: Bool) {
    #expect(MediaRange.acceptsGzip(header) == welcome)
  }
}
