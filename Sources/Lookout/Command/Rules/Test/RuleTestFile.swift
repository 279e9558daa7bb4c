import PromQL

/// A file of unit tests for rules, in promtool's format (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/).
struct RuleTestFile {
  struct Group {
    var name = ""
    /// Between the values of the series.
    var interval: Duration
    var series: [SeriesNotation] = []
    var alertTests: [AlertTest] = []
    var queryTests: [QueryTest] = []
    var externalLabels: [String: String] = [:]
    var externalURL = ""

    /// When the last of its tests looks.
    var end: Duration { (alertTests.map(\.time) + queryTests.map(\.time)).max() ?? .zero }
  }

  struct AlertTest {
    let time: Duration
    let name: String
    let expected: [ToldAlert]
  }

  struct QueryTest {
    let time: Duration
    let text: String
    let expected: [ExpectedSample]
  }

  struct ExpectedSample {
    let labels: Labels
    let value: Double
  }

  /// As they are written, seen from the file.
  var ruleFiles: [String] = []
  var evaluationInterval = Duration.seconds(60)
  /// Groups of rules in the order in which they are to be evaluated.
  var groupOrder: [String] = []
  /// Whether values that are neighbours among the numbers count as equal.
  var isFuzzy = false
  var groups: [Group] = []
}

/// An alert as a test compares it.
struct ToldAlert: Equatable {
  var labels: [String: String]
  var annotations: [String: String]

  /// As promtool writes it; also what alerts are sorted by.
  var lines: [String] {
    ["Labels:" + Self.written(labels), "Annotations:" + Self.written(annotations)]
  }

  private static func written(_ texts: [String: String]) -> String {
    "{\(GoValue.inOrder(texts).map { "\($0.key)=\(GoText.quoted($0.value))" }.joined(separator: ", "))}"
  }
}
