import PromQL
import Testing

/// Small scripts of our own; each answer has been checked against Prometheus.
@Suite("evaluation")
struct CorpusTests {
  static let scripts: [(name: String, text: String)] = [
    (
      "selectors look back five minutes, open on the left",
      """
      load 1m
        m{a="x"} 1 2 3
        m{a="y"} _ 7
        gone{a="x"} 1 stale

      eval instant at 2m m
        m{a="x"} 3
        m{a="y"} 7

      eval instant at 6m59s m
        m{a="x"} 3

      eval instant at 7m m

      eval instant at 1m gone

      eval instant at 30s gone
        gone{a="x"} 1

      eval instant at 2m {__name__=~"m|gone", a!="y"}
        m{a="x"} 3

      eval instant at 2m m{b=""}
        m{a="x"} 3
        m{a="y"} 7

      eval instant at 2m m{a=~"x|z"}
        m{a="x"} 3

      eval instant at 2m m{a!~"x.*"}
        m{a="y"} 7
      """
    ),
    (
      "rates extrapolate, and make good resets",
      """
      load 30s
        c{j="even"} 0+30x20
        c{j="reset"} 0 30 60 10 40 70 100 130 160 190 220
        c{j="late"} _ _ _ _ _ _ 5 6 7
        c{j="one"} 1
        c{j="gap"} 100 _ _ _ 110 stale 120 _ _ _ 130

      eval instant at 5m rate(c[5m])
        {j="even"} 1
        {j="reset"} 0.9259259259259259
        {j="late"} 0.01
        {j="gap"} 0.08333333333333333

      eval instant at 5m increase(c[4m59s999ms])
        {j="even"} 299.999
        {j="reset"} 277.77685185185186
        {j="late"} 3
        {j="gap"} 25

      eval instant at 2m increase(c{j="even"}[30s])

      eval instant at 2m increase(c{j="even"}[1m])
        {j="even"} 60

      eval instant at 2m increase(c{j="even"}[61s])
        {j="even"} 61
      """
    ),
    (
      "functions over time see every value but the markers",
      """
      load 1m
        g{k="plain"} 3 1 4 1 5 9
        g{k="nan"} NaN 2 NaN 1
        g{k="marked"} 1 1 stale 2
        g{k="big"} 1e308 1e308 1e308
        g{k="tiny"} 1e16 1 -1e16

      eval instant at 5m max_over_time(g[10m])
        {k="plain"} 9
        {k="nan"} 2
        {k="marked"} 2
        {k="big"} 1e308
        {k="tiny"} 1e16

      eval instant at 5m min_over_time(g{k=~"plain|nan|marked"}[10m])
        {k="plain"} 1
        {k="nan"} 1
        {k="marked"} 1

      eval instant at 5m avg_over_time(g[10m])
        {k="plain"} 3.8333333333333335
        {k="nan"} NaN
        {k="marked"} 1.3333333333333333
        {k="big"} 1e308
        {k="tiny"} 0.3333333333333333

      eval instant at 5m sum_over_time(g[10m])
        {k="plain"} 23
        {k="nan"} NaN
        {k="marked"} 4
        {k="big"} Inf
        {k="tiny"} 1

      eval instant at 5m count_over_time(g[10m])
        {k="plain"} 6
        {k="nan"} 4
        {k="marked"} 3
        {k="big"} 3
        {k="tiny"} 3

      eval instant at 5m changes(g[10m])
        {k="plain"} 5
        {k="nan"} 3
        {k="marked"} 1
        {k="big"} 0
        {k="tiny"} 2
      """
    ),
    (
      "operators bind, match and drop names as Prometheus has it",
      """
      load 1m
        a{i="1",z="p"} 10
        a{i="2",z="q"} 20
        b{i="1"} 4
        b{i="3"} 5
        info{i="1",team="x"} 1
        many{i="1",c="m"} 2
        many{i="1",c="n"} 3

      eval instant at 0 2 ^ 3 ^ 2 - -1 * 4 % 3
        513

      eval instant at 0 -2 ^ 2
        -4

      eval instant at 0 1 > bool 2 or vector(3)
      expect fail

      eval instant at 0 vector(1 < bool 2)
        {} 1

      eval instant at 0 a > 15
        a{i="2",z="q"} 20

      eval instant at 0 15 < a
        a{i="2",z="q"} 20

      eval instant at 0 a > bool 15
        {i="1",z="p"} 0
        {i="2",z="q"} 1

      eval instant at 0 a / on (i) b
        {i="1"} 2.5

      eval instant at 0 a > on (i) b
        {i="1"} 10

      eval instant at 0 a < ignoring (z) b

      eval instant at 0 a != bool ignoring (z) b
        {i="1"} 1

      eval instant at 0 a and ignoring (z) b
        a{i="1",z="p"} 10

      eval instant at 0 a unless on (i) b
        a{i="2",z="q"} 20

      eval instant at 0 b or on (i) a
        b{i="1"} 4
        b{i="3"} 5
        a{i="2",z="q"} 20

      eval instant at 0 many * on (i) group_left (team) info
        {i="1",c="m",team="x"} 2
        {i="1",c="n",team="x"} 3

      eval instant at 0 info * on (i) group_right (team) many
        {i="1",c="m",team="x"} 2
        {i="1",c="n",team="x"} 3

      eval instant at 0 many * on (i) info
      expect fail

      eval instant at 0 info * on (i) many
      expect fail

      eval instant at 0 -{i="1", __name__=~"a|b"}
        {i="1",z="p"} -10
        {i="1"} -4

      eval instant at 0 -{i="1", __name__=~"b|info", team=""}
        {i="1"} -4

      eval instant at 0 abs({i="1", __name__=~"b|unknown"})
        {i="1"} 4
      """
    ),
    (
      "aggregations group, and ignore nothing",
      """
      load 1m
        v{g="a",i="1"} 1
        v{g="a",i="2"} NaN
        v{g="a",i="3"} 3
        v{g="b",i="1"} -5
        v{i="4"} 7

      eval instant at 0 sum(v{i!="2"})
        {} 6

      eval instant at 0 sum by (g) (v)
        {g="a"} NaN
        {g="b"} -5
        {} 7

      eval instant at 0 max by (g) (v)
        {g="a"} 3
        {g="b"} -5
        {} 7

      eval instant at 0 min without (i) (v)
        {g="a"} 1
        {g="b"} -5
        {} 7

      eval instant at 0 count by (g, nothing) (v)
        {g="a"} 3
        {g="b"} 1
        {} 1

      eval instant at 0 avg by (__name__) (v{i=~"[13]"})
        v -0.3333333333333333

      eval instant at 0 sum(nothing)
      """
    ),
    (
      "absence, scalars and vectors",
      """
      load 1m
        up{job="a"} 1
        up{job="b"} 0

      eval instant at 0 absent(up)

      eval instant at 0 absent(up{job="c", env=~"x", q="1", q="2"})
        {job="c"} 1

      eval instant at 0 absent((up{job="c"}))
        {job="c"} 1

      eval instant at 0 absent(sum(nothing{job="c"}))
        {} 1

      eval instant at 0 absent({job="c", __name__="up"})
        {job="c"} 1

      eval instant at 90s time()
        90

      eval instant at 0 scalar(up{job="a"}) + 1
        2

      eval instant at 0 scalar(up)
        NaN

      eval instant at 0 vector(0x1F + 5m + .5 + 1_000)
        {} 1331.5

      eval instant at 0 clamp_max(clamp_min(up - 5, -4.5), -4.25)
        {job="a"} -4.25
        {job="b"} -4.5

      eval instant at 0 abs(up - 3)
        {job="a"} 2
        {job="b"} 3
      """
    ),
  ]

  @Test("the scripts give what Prometheus gives", arguments: scripts.indices)
  func answers(_ index: Int) throws {
    let runner = try ScriptRunner(Self.scripts[index].text)
    #expect(runner.failures == [], "\(Self.scripts[index].name)")
    #expect(runner.skipped == 0 && runner.passed > 3)
  }
}
