import PromQL
import Testing

@Suite("sources of series")
struct SourceTests {
  /// Every selection has a symbol table of its own, as those of sources that keep none have.
  private struct Scattered: SeriesSource {
    let all: [Series]

    func select(_ request: SeriesRequest) -> any SeriesSelection {
      SeriesBlock(all.filter { series in request.matchers.allSatisfy { $0.matches(series.labels) } })
    }
  }

  @Test("labels from different tables are the same when their texts are")
  func tables() throws {
    let samples = [Sample(time: 0, value: 2)]
    let source = Scattered(all: [
      Series(labels: ["__name__": "a", "x": "1", "y": "2"], samples: samples),
      Series(labels: ["__name__": "b", "y": "2"], samples: samples),
      Series(labels: ["__name__": "c", "z": "1", "w": "2"], samples: samples),
    ])
    func count(_ text: String) throws -> Int {
      guard case .vector(let elements) = try Expression(parsing: text).evaluate(at: 0, over: source).value else { return -1 }
      return elements.count
    }
    #expect(try count("a * on(y) b") == 1)
    #expect(try count("label_replace(vector(2), 'y', '2', '', '') * on(y) a") == 1)
    #expect(try count("label_replace(c, 'y', '$1', 'w', '(.*)') and on(y) b") == 1)
    #expect(try count("a and on(y) c") == 0)
  }

  @Test("elements of a result have the labels that the source gave, whatever came after")
  func lazyLabels() throws {
    let labels: Labels = ["__name__": "a", "é": "e\u{301}", "long": String(repeating: "x", count: 300)]
    let source = Scattered(all: [Series(labels: labels, samples: [Sample(time: 0, value: 2)])])
    guard case .vector(let elements) = try Expression(parsing: "a").evaluate(at: 0, over: source).value else { throw CancellationError() }
    #expect(elements.map(\.labels) == [labels])
    #expect(elements.values == [2])
  }

  @Test("a sample is found by its time, at any pace", arguments: [1, 2, 3] as [UInt64])
  func search(_ seed: UInt64) {
    var state = seed
    func next(_ bound: Int64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(state >> 33) % bound
    }
    for _ in 0..<300 {
      var time = next(100) - 50
      let isSteady = next(2) == 0
      let samples = (0..<Int(next(40))).map { _ in
        time += isSteady ? 15 : 1 + next(30)
        return Sample(time: time, value: 0)
      }
      samples.withUnsafeBufferPointer { buffer in
        for wanted in [Int64.min, .max, -60, 0, next(700), next(700), samples.first?.time ?? 0, samples.last?.time ?? 0] {
          #expect(buffer.firstIndex(laterThan: wanted) == samples.firstIndex { $0.time > wanted } ?? samples.count)
        }
      }
    }
  }

  @Test("a request tells the metric's name where the conditions leave one only")
  func metricName() throws {
    func name(_ selector: String) throws -> String? {
      SeriesRequest(matchers: try #require(try Expression(parsing: selector).selectors.first), after: 0, through: 0).metricName
    }
    #expect(try name("up{a=\"b\"}") == "up")
    #expect(try name("{__name__=~\"up\"}") == nil)
    #expect(try name("{a=\"b\",__name__!=\"up\"}") == nil)
  }
}

@Suite("other forms of expressions")
struct FormTests {
  @Test(
    "the tree is told as Prometheus tells it",
    arguments: [
      ("1", #"{"type":"numberLiteral","val":"1"}"#),
      ("-(\"a\\n\" )", ""),
      (
        "up{a!=\"b\"} offset 1m @ 5",
        #"{"anchored":false,"matchers":[{"name":"a","type":"!=","value":"b"},{"name":"__name__","type":"=","value":"up"}],"name":"up","offset":60000,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":5000,"type":"vectorSelector"}"#
      ),
      (
        "sum by (x) (a and b)",
        #"{"expr":{"bool":false,"lhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"matching":{"card":"many-to-many","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":[],"on":false},"op":"and","rhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"b"}],"name":"b","offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"type":"binaryExpr"},"grouping":["x"],"op":"sum","param":null,"type":"aggregation","without":false}"#
      ),
      (
        "rate(a[5m] @ end())",
        #"{"args":[{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a","offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"smoothed":false,"startOrEnd":"end","timestamp":null,"type":"matrixSelector"}],"func":{"argTypes":["matrix"],"name":"rate","returnType":"vector","variadic":0},"type":"call"}"#
      ),
      (
        "vector(1)[5m:-(2)*-step()]",
        #"{"expr":{"args":[{"type":"numberLiteral","val":"1"}],"func":{"argTypes":["scalar"],"name":"vector","returnType":"vector","variadic":0},"type":"call"},"offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,"startOrEnd":null,"step":0,"stepExpr":{"lhs":{"lhs":null,"op":"-","rhs":{"lhs":null,"op":"+","rhs":{"duration":false,"type":"numberLiteral","val":"2"},"type":"durationExpr","wrapped":true},"type":"durationExpr","wrapped":false},"op":"*","rhs":{"lhs":null,"op":"-","rhs":{"lhs":null,"op":"step","rhs":null,"type":"durationExpr","wrapped":false},"type":"durationExpr","wrapped":false},"type":"durationExpr","wrapped":false},"timestamp":null,"type":"subquery"}"#
      ),
    ])
  func tree(_ text: String, _ json: String) {
    #expect((try? Expression(parsing: text))?.syntaxTree ?? "" == json)
  }

  @Test("long expressions are split and indented")
  func pretty() throws {
    let long =
      "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) / on (job) group_left () sum by (job) (rate(http_requests_total[5m]))"
    #expect(
      try Expression(parsing: long).pretty == """
          sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))
        / on (job) group_left ()
          sum by (job) (rate(http_requests_total[5m]))
        """)
    #expect(try Expression(parsing: "a+b").pretty == "a + b")
  }

  @Test(
    "how far back an expression looks is its ranges, offsets and subqueries together",
    arguments: [
      ("up", 0), ("rate(a[10m]) / rate(b[1h30m])", 5_400_000), ("a offset 1h", 3_600_000), ("a offset -1h", 0),
      ("max_over_time(rate(a[5m] offset 1m)[1h:1m] offset 10m)", 4_560_000), ("a[2m * 3]", 360_000),
    ] as [(String, Int64)])
  func longestRange(_ text: String, _ milliseconds: Int64) throws {
    #expect(try Expression(parsing: text).longestRange == milliseconds)
  }

  @Test(
    "arithmetic on lengths binds as Prometheus has it",
    arguments: [
      ("x offset 5s-8", "x offset 5s - 8"), ("x offset -2^2", "x offset -2s ^ 2"), ("x offset -(1^2)", "x offset -(1 ^ 2)"),
      ("x[-2^2 + 8]", "x[-2 ^ 2 + 8]"), ("x[2*3+4%5]", "x[2 * 3 + 4 % 5]"), ("x[MAX_OF(step( ), 5s)]", "x[max_of(step(), 5s)]"),
    ])
  func lengths(_ text: String, _ printed: String) throws {
    #expect(try Expression(parsing: text).description == printed)
  }

  @Test("a series in its notation is refused with the place of the mistake")
  func notation() {
    #expect((try? SeriesNotation(parsing: "{\"a.b\",c='d'} 1 stale _ -Inf"))?.values.count == 4)
    for text in ["a{b=\"c\"", "a{b}", "a 1+2", "a 1 b", "a 1x99999999999999999999", "a {b=\"c\"} 1", "a {{schema:1", "a 1,2"] {
      #expect(throws: PromQLError.self, "\(text)") { try SeriesNotation(parsing: text) }
    }
  }
}
