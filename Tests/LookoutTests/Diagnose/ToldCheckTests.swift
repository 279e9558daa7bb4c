import Testing

@testable import Lookout

@Suite("Checks that a follower tells")
struct ToldCheckTests {
  private static let told = CheckID(target: "crm", check: "log_pool_full")

  private func diagnosis() -> Diagnosis {
    var diagnosis = Diagnosis(
      checks: DiagnosisScene.rows(of: "crm") + [
        CheckRow(id: Self.told, component: .workers, cost: .cheap, database: nil, isTold: true)
      ])
    for (name, component) in DiagnosisScene.components {
      _ = diagnosis.take(observed(name, component, .level(.pass), at: notifyStart, cost: DiagnosisScene.cost(name)), at: notifyStart)
    }
    _ = diagnosis.take(observed(Self.told.check, .workers, sight(0), at: notifyStart), at: notifyStart)
    return diagnosis
  }

  private func sight(_ count: UInt64) -> Seen {
    .logTrouble(LogTroubleSight(count: count, reason: .poolFull, sentence: "made", lasts: .seconds(300)))
  }

  @Test("what happened is said at once, and what lies below it is looked at")
  func atOnce() {
    var diagnosis = diagnosis()
    let step = diagnosis.take(observed(Self.told.check, .workers, sight(2), at: notifyStart), at: notifyStart)
    #expect(step.said == ["log_pool_full warn workers"] && step.hasChanged && diagnosis.inquiry == nil)
    #expect(step.wished(after: notifyStart) == ["health +0", "postgresql +0"])
    let again = diagnosis.take(observed(Self.told.check, .workers, sight(3), at: notifyStart), at: notifyStart)
    #expect(again.said == ["log_pool_full warn workers"] && again.wishes.isEmpty && !again.hasChanged)
  }

  @Test("nobody can be asked for it: the failure of what lies above does not wait for it")
  func neverAwaited() {
    var diagnosis = diagnosis()
    let failing = observed("page", .page, .level(.fail), at: notifyStart)
    let step = diagnosis.take(failing, at: notifyStart)
    #expect(!step.wishes.contains { $0.check == Self.told })
    #expect(diagnosis.inquiry?.awaited[Self.told] == nil)
  }

  @Test("it names a failure below as its cause")
  func cause() {
    var diagnosis = diagnosis()
    for moment in [notifyStart, notifyStart + .seconds(1)] {
      _ = diagnosis.take(observed("postgresql", .postgresql, .level(.fail), at: moment), at: moment)
    }
    let step = diagnosis.take(observed(Self.told.check, .workers, sight(1), at: notifyStart), at: notifyStart + .seconds(16))
    _ = diagnosis.expire(at: notifyStart + .seconds(16))
    #expect(step.published.first?.1.level == .warn)
    #expect(diagnosis.findings.first { $0.check == Self.told }?.cause == .postgresql)
  }
}

@Suite("Verdicts on what only the log tells")
struct LogJudgementTests {
  private func verdict(_ sight: LogTroubleSight) -> Verdict {
    Judgement.verdict(on: observed("x", .workers, .logTrouble(sight), at: notifyStart))
  }

  @Test("nothing passes, something warns with its reason, number and evidence; it fails never, for it has happened")
  func verdicts() {
    var sight = LogTroubleSight(reason: .workerKilled, sentence: "workers were killed", lasts: .seconds(300))
    #expect(verdict(sight).level == .pass)
    sight.count = 1
    #expect(verdict(sight).sentence == "workers were killed" && verdict(sight).reason == .workerKilled)
    sight.count = 4
    sight.facts = [.init(name: "said", value: "WorkerHTTP (7) timeout")]
    let four = verdict(sight)
    #expect(four.level == .warn && four.sentence == "workers were killed, 4 times within 5 min" && four.value == 4)
    #expect(four.evidence == [Evidence(name: "said", value: "WorkerHTTP (7) timeout")])
  }

  @Test("what cannot be known is neither well nor broken")
  func unknown() {
    let unknown = verdict(LogTroubleSight(unknown: "gone", reason: .workerKilled, sentence: "x", lasts: .seconds(300)))
    #expect(unknown.level == .warn && unknown.isUnknown && unknown.reason == .logUnreadable)
  }
}
