/// The verdict on a page's load: whole, with the code that it needs, and in time.
enum PageLoadJudgement {
  static func verdict(on sight: PageLoadSight, budget: Double?) -> Verdict {
    let ladder = AnswerLadder(budget: budget)
    let loads = [sight.cold, sight.warm].compactMap(\.self)
    guard let load = loads.first else {
      return Verdict(level: .warn, reason: .sessionExpired, isUnknown: true, sentence: "the page could not be loaded")
    }
    if let fault = loads.lazy.compactMap({ ladder.fault(ofPage: $0.page) }).first { return toldByPage(fault) }
    if let broken = loads.lazy.compactMap(\.gravest).first { return asset(broken, of: load) }
    if !sight.missingCode.isEmpty { return missing(sight.missingCode, load) }
    let visit = sight.cold == nil ? "a later visit's load" : "a first visit's load"
    return ladder.timely(load.seconds, "\(visit) of the page came whole", evidence(load))
  }

  private static func asset(_ asset: HTTPExchange, of load: PageLoad) -> Verdict {
    let what = asset.failure?.message ?? "HTTP \(asset.status), \(asset.bodyBytes) bytes"
    let verdict = fail("the page came, but \(name(asset)) did not: \(what)", load)
    return asset.isBundle ? toldByPage(verdict) : asset.isNeeded ? verdict : minor(verdict)
  }

  /// The check of the page itself looks more often and says the same.
  private static func toldByPage(_ verdict: Verdict) -> Verdict {
    var verdict = verdict
    (verdict.level, verdict.isUnknown) = (.warn, true)
    return verdict
  }

  /// A picture or a font: users see a gap, and go on working.
  private static func minor(_ verdict: Verdict) -> Verdict {
    var verdict = verdict
    (verdict.level, verdict.isMinor) = (.warn, true)
    return verdict
  }

  private static func missing(_ code: [String], _ load: PageLoad) -> Verdict {
    fail("the page's scripts came, but the code of \(code.joined(separator: ", ")) is not in them", load)
  }

  private static func fail(_ sentence: String, _ load: PageLoad) -> Verdict {
    Verdict(level: .fail, reason: .assetBroken, sentence: sentence, value: load.seconds, unit: "s", evidence: evidence(load))
  }

  private static func evidence(_ load: PageLoad) -> [Evidence] {
    let slowest = load.slowest.map { Evidence(name: "slowest", value: "\(name($0)) \($0.phases.total.formatted()) s") }
    return [
      Evidence(name: "requests", value: String(load.all.count)), Evidence(name: "bytes", value: String(load.bytes)),
      Evidence(name: "critical_path", value: "\(load.criticalPath.formatted()) s"),
    ] + (slowest.map { [$0] } ?? [])
  }

  /// The last part of its path, without a query.
  private static func name(_ asset: HTTPExchange) -> String {
    let path = asset.url.prefix { $0 != "?" }
    return String((path.split(separator: "/").last ?? "an asset").prefix(80))
  }
}

extension HTTPExchange {
  fileprivate var isBundle: Bool { url.contains("/web/assets/") }
  /// Without its menus the web client does not start.
  fileprivate var isNeeded: Bool { isBundle || url.contains("/web/webclient/load_menus") }
}

extension PageLoad {
  fileprivate var gravest: HTTPExchange? { broken.first(where: \.isNeeded) ?? broken.first }
}
