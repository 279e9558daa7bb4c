/// A diagnosis for each target. What ails one Odoo explains nothing at another, and what is seen of one costs nothing at the others: so the
/// work of a look does not grow with the number of targets.
struct Diagnoses {
  private var byTarget: [String: Diagnosis] = [:]
  /// Of the diagnoses that wait for a moment.
  private var deadlines: [String: Timestamp] = [:]
  /// Targets of which something was seen, or said, since this was last taken.
  private var touched: Set<String> = []

  init(checks: [CheckRow]) {
    for (target, rows) in Dictionary(grouping: checks, by: \.id.target) { byTarget[target] = Diagnosis(checks: rows) }
  }

  /// Goes on with these checks. Returns those that are gone.
  mutating func change(to checks: [CheckRow]) -> [CheckID] {
    let wanted = Dictionary(grouping: checks, by: \.id.target)
    var gone: [CheckID] = []
    for target in Set(byTarget.keys).union(wanted.keys) {
      gone += with(target) { $0.change(to: wanted[target] ?? []) }
      if wanted[target] == nil { (byTarget[target], deadlines[target]) = (nil, nil) }
    }
    return gone
  }

  mutating func take(_ noticed: Noticed, at now: Timestamp) -> Diagnosis.Step {
    switch noticed {
    case .observation(let observation): with(observation.check.target) { $0.take(observation, at: now) }
    case .event(let event): with(event.target) { $0.take(event, at: now) }
    }
  }

  /// When `expire` must be called.
  var deadline: Timestamp? { deadlines.values.min() }

  /// Ends what waits no longer.
  mutating func expire(at now: Timestamp) -> [Diagnosis.Step] {
    deadlines.filter { $0.value <= now }.keys.sorted().map { target in with(target) { $0.expire(at: now) } }
  }

  func finding(of check: CheckID) -> Finding? { byTarget[check.target]?.rows[check]?.finding }

  /// What is found of the targets that were touched since this was last called.
  mutating func takeNews() -> [(target: String, findings: [Finding])] {
    defer { touched = [] }
    return touched.map { ($0, byTarget[$0]?.findings ?? []) }
  }

  private mutating func with<Result>(_ target: String, _ body: (inout Diagnosis) -> Result) -> Result {
    touched.insert(target)
    defer { deadlines[target] = byTarget[target]?.deadline }
    // A target that is not in the table is looked at all the same.
    return body(&byTarget[target, default: Diagnosis(checks: [])])
  }
}

extension Event {
  fileprivate var target: String {
    switch self {
    case .connectionLost(let check): check.target
    case .processEnded(let target), .requestEnded(let target, _), .operated(let target, _): target
    }
  }
}

/// The latest findings of all targets, for those who only read. Kept by target, so that a look changes those of its own alone.
final class FindingBoard: Sendable {
  private let byTarget = Board<[String: [Finding]]>([:])

  /// In the order of the checks.
  var latest: [Finding] { byTarget.latest.sorted { $0.key < $1.key }.flatMap(\.value) }

  func post(_ findings: [Finding], of target: String) {
    byTarget.update { $0[target] = findings.isEmpty ? nil : findings }
  }
}
