/// What the check that an alert names says of itself, for the person who reads the alert.
enum FindingAnnotations {
  private static let names = ["reason", "cause", "finding", "evidence"]

  /// Adds those of a finding, over annotations of the same name. Where the check passes, or nothing is known of it, the earlier ones stay:
  /// an alert says until its end why it fired.
  static func add(_ finding: Finding?, to annotations: [String: String], earlier: [String: String]) -> [String: String] {
    var annotations = annotations
    let told = finding.flatMap { $0.level == .pass ? nil : of($0) } ?? earlier
    for name in names { annotations[name] = told[name] ?? annotations[name] }
    return annotations
  }

  private static func of(_ finding: Finding) -> [String: String] {
    let verdict = finding.verdict
    var annotations = ["finding": verdict.sentence]
    annotations["reason"] = verdict.reason?.rawValue
    annotations["cause"] = finding.cause?.rawValue
    if !verdict.evidence.isEmpty {
      annotations["evidence"] = verdict.evidence.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }
    return annotations
  }
}
