import PromQL
import Testing

@testable import promqltest

/// A runner that finds no mistakes would make all scripts worthless.
@Suite("test scripts")
struct ScriptTests {
  private func failures(_ script: String, delaysNameRemoval: Bool = false) throws -> [String] {
    var runner = ScriptRunner(delaysNameRemoval: delaysNameRemoval)
    try runner.run(script)
    return runner.failures
  }

  private static let load = "load 1m\n  m_total{a=\"x\"} 1 2 3\n  m_total{a=\"y\"} 4 5 6\n\n"

  @Test(
    "what is wrong is told with what was expected and what came",
    arguments: [
      ("eval instant at 1m m_total{a=\"x\"}\n  m_total{a=\"x\"} 3", "expected m_total{a=\"x\"}"),
      ("eval instant at 1m m_total\n  m_total{a=\"x\"} 2", "expected no m_total{a=\"y\"}"),
      ("eval instant at 1m m_total{a=\"x\"}\n  m_total{a=\"x\"} 2\n  m_total{a=\"z\"} 2", "nothing for it"),
      ("eval instant at 1m 1\n  2", "expected 2.0"), ("eval instant at 1m 1\n  {} 1", "expected a vector"),
      ("eval instant at 1m m_total{a=\"x\"}\n  2", "expected scalar 2.0"),
      ("eval instant at 1m m_total\n  expect fail", "expected an error"),
      ("eval instant at 1m -{a=\"x\"} + on() m_total", "expected a result"),
      ("eval instant at 1m m_total + on() m_total\n  expect fail msg: something else", "expected error"),
      ("eval instant at 1m rate(m_total[2m])\n  expect info\n  {a=\"x\"} 0.025\n  {a=\"y\"} 0.025", "expected info"),
      ("eval instant at 1m quantile(2, m_total)\n  expect no_warn\n  {} Inf", "expected no warning"),
      ("eval instant at 1m quantile(2, m_total)\n  expect warn msg: other\n  {} Inf", "expected warning other"),
      ("eval instant at 1m sort(m_total)\n  expect ordered\n  m_total{a=\"y\"} 5\n  m_total{a=\"x\"} 2", "at position 1"),
      ("eval range from 0 to 2m step 1m m_total{a=\"x\"}\n  m_total{a=\"x\"} 1 2 4", "4.0@120000"),
      ("eval range from 0 to 2m step 1m m_total{a=\"x\"}\n  m_total{a=\"x\"} 1 2", "3.0@120000"),
      ("eval instant at 1m \"a\"\n  expect string \"b\"", "expected string b"),
      ("eval instant at 2m m_total{a=\"x\"}[1m]\n  expect range vector from 1m to 2m step 1m\n  m_total{a=\"x\"} 2 3", "3.0@120000"),
      ("eval instant at 1m sum(\n  1", "unclosed left parenthesis"),
    ])
  func mismatches(_ evaluation: String, _ message: String) throws {
    let failures = try failures(Self.load + evaluation)
    #expect(failures.count == 1)
    #expect(failures.first?.contains(message) == true, "\(failures)")
    #expect(failures.first?.hasPrefix("line 5: ") == true)
  }

  @Test("a query that is right at its own time only is found out")
  func extraChecks() throws {
    #expect(try failures(Self.load + "eval instant at 1m time() * 0 + 1\n  1") == [])
    let sorted = "eval instant at 1m sort_desc(m_total)\n  expect ordered\n  m_total{a=\"y\"} 5\n  m_total{a=\"x\"} 2"
    #expect(try failures(Self.load + sorted) == [])
  }

  @Test(
    "a script that is none is an error with its line",
    arguments: [
      ("lod 1m\n  m 1", "line 1: invalid command"), ("load x\n  m 1", "line 1: invalid step definition"), ("load 1m\n  m 1 2 x", "line 2:"),
      ("eval instant m", "line 1: invalid evaluation command"), ("eval instant at 1m m\n  m 1 2", "line 2: expecting multiple values"),
      ("eval instant at 1m m\n  expect nothing", "line 2: invalid expected error/annotation type"),
      ("eval range from 2m to 1m step 1m m", "line 1: invalid test definition"),
      ("load 1m\n  m@st -1m\n", "@st line has no following sample line"),
      ("eval instant at 1m m\n  expect warn regex: (", "line 2: invalid regex"),
      ("load 1m\n  m 1x99999999999", "line 2: series has more than"),
    ])
  func malformed(_ script: String, _ message: String) {
    let error = #expect(throws: Script.Malformed.self) { try Script(script) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("native histograms are skipped and counted where they matter")
  func histograms() throws {
    var runner = ScriptRunner(delaysNameRemoval: false)
    try runner.run(
      """
      load 1m
        h {{schema:0 sum:1 count:1}}x3
        f 1x3

      eval instant at 1m h
        h {{schema:0 sum:1 count:1}}

      eval instant at 1m histogram_count(h)
        {} 1

      eval instant at 1m abs({__name__=~"h|f"})
        {} 1
      """)
    #expect([runner.passed, runner.skipped, runner.failures.count] == [1, 2, 0])
  }
}
