/// The verdict on who may see what. It warns at most: nothing is broken by an open door.
enum AccessJudgement {
  static func verdict(on sight: AccessSight) -> Verdict {
    let replies = sight.questions.map { ($0, AccessSight.Reply($0.exchange)) }
    let open = replies.filter { $0.0.isToBeRefused && $0.1 == .granted }.map(\.0.about)
    if !open.isEmpty {
      return warn(.exposed, "\(sight.who) one is allowed \(list(open))", evidence: [Evidence(name: "open", value: String(open.count))])
    }
    let shut = replies.filter { !$0.0.isToBeRefused && $0.1 == .refused }.map(\.0.about)
    if !shut.isEmpty { return warn(.accessDenied, "\(sight.who) is refused \(list(shut)), which every seller should have") }
    for (question, reply) in replies {
      if case .failed(let reason, let message) = reply { return unknown(reason, "\(question.about): \(message)") }
      if reply == .absent { return unknown(.notInstalled, "\(question.about): Odoo has no such route") }
    }
    return Verdict(level: .pass, sentence: "\(sight.who) one sees what is to be seen, and no more")
  }

  static func verdict(on sight: ExposureSight) -> Verdict {
    if let failure = sight.failure { return unknown(failure.reason, failure.message) }
    let open = ExposureSight.Thing.allCases.filter { sight.isOpen[$0] == true && !sight.accepted.contains($0) }
    let versions = sight.versions.map { Evidence(name: $0.name.lowercased(), value: $0.version) }
    guard !open.isEmpty else { return Verdict(level: .pass, sentence: "nothing stands open that need not", evidence: versions) }
    return warn(.exposed, open.map(\.sentence).joined(separator: "; "), evidence: versions)
  }

  private static func warn(_ reason: Reason, _ sentence: String, evidence: [Evidence] = []) -> Verdict {
    Verdict(level: .warn, reason: reason, sentence: sentence, evidence: evidence)
  }

  /// Odoo's trouble is told by the checks that are about it.
  private static func unknown(_ reason: Reason, _ message: String) -> Verdict {
    Verdict(level: .warn, reason: reason, isUnknown: true, sentence: "could not be asked: \(message)")
  }

  private static func list(_ things: [String]) -> String {
    things.prefix(4).joined(separator: ", ") + (things.count > 4 ? " and \(things.count - 4) more" : "")
  }
}
