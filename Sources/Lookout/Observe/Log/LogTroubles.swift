import OdooLog

/// What the follower knows of the log besides what stands in it.
struct LogSurroundings: Sendable, Equatable {
  /// `log_level` in Odoo's own configuration, where that is known.
  var level: String?
  /// When Odoo last answered a request of the agent's.
  var answeredAt: Timestamp?
  /// Why Odoo may not write its log; nil where it may, or where that is not known.
  var unwritable: String?
}

/// Tells from a log that is followed what is wrong, check by check.
struct LogTroubles: Sendable {
  private var debugRecords = RisingCount()
  private var secrets = RisingCount()
  private var lost = RisingCount()
  private var lines = RisingCount()
  private var requests = RisingCount()

  /// Without a line or a request for so long, while Odoo answers, something is wrong.
  static let patience = Duration.seconds(300)
  fileprivate static let mostFacts = 6

  /// Takes the counts of that moment.
  mutating func note(_ progress: LogReader.Progress, accepted: Set<SecretKind>, at now: Timestamp) {
    let statistics = progress.log.statistics
    debugRecords.note(statistics.records.filter { $0.key.level == .debug }.values.reduce(0, +), at: now)
    requests.note(statistics.records.filter { $0.key.logger == "werkzeug" }.values.reduce(0, +), at: now)
    lines.note(statistics.lines, at: now)
    lost.note(progress.losses.count, at: now)
    secrets.note(progress.log.secrets.filter { !accepted.contains($0.kind) }.map(\.count).reduce(0, +), at: now)
  }

  func sight(of check: LogCheck, _ progress: LogReader.Progress, _ around: LogSurroundings, at now: Timestamp) -> LogTroubleSight {
    var sight = LogTroubleSight(reason: check.reason, sentence: check.sentence, lasts: check.lasts)
    sight.unknown = progress.unreadable
    switch check.source {
    case .signs(let signs, let least): sight.take(signs, least: least, progress.log, at: now)
    case .newErrors: sight.takeNews(progress.log, at: now)
    case .secrets: take(secretsOf: progress.log, &sight, at: now)
    case .level: take(levelOf: around, &sight, at: now)
    case .loss: sight.set(lost.rise(within: sight.lasts, at: now), progress.losses.latest.map { [("loss", $0)] } ?? [])
    case .silence: take(silenceIn: around, &sight, at: now)
    case .writing:
      sight.unknown = nil
      if let why = around.unwritable { sight.set(1, [("why", why)]) }
    }
    return sight
  }

  private func take(secretsOf log: FollowedLog, _ sight: inout LogTroubleSight, at now: Timestamp) {
    let count = secrets.rise(within: sight.lasts, at: now)
    let recent = log.secrets.filter { $0.seenAt > now.milliseconds - sight.lasts.milliseconds && !$0.place.isEmpty }
    sight.set(count, recent.map { ("secret", "\($0.kind.sentence), in \($0.place)") })
  }

  private func take(silenceIn around: LogSurroundings, _ sight: inout LogTroubleSight, at now: Timestamp) {
    guard !around.hidesRequests, let since = lines.unchangedSince, let answered = around.answeredAt else { return }
    guard answered - since >= Self.patience, now - answered < Self.patience else { return }
    sight.set(1, [("last_line", "none since \(since.rfc3339)")])
  }

  /// A level that hides requests, or one that shows too much.
  private func take(levelOf around: LogSurroundings, _ sight: inout LogTroubleSight, at now: Timestamp) {
    if around.hidesRequests, let level = around.level { return sight.set(1, [("log_level", level)]) }
    if let since = requests.unchangedSince, let written = lines.changedAt, let answered = around.answeredAt,
      written - since >= Self.patience, answered - since >= Self.patience
    {
      return sight.set(1, [("last_request", "none since \(since.rfc3339)")])
    }
    let debug = debugRecords.rise(within: sight.lasts, at: now)
    guard debug > 0 else { return }
    (sight.reason, sight.sentence) = (.debugLogged, "Odoo logs at level DEBUG: that costs time and disk, and may hold what no log should")
    sight.set(debug, [])
  }
}

extension LogSurroundings {
  /// Odoo's levels from `warn` on leave out requests (odoo/netsvc.py, PSEUDOCONFIG_MAPPER).
  fileprivate var hidesRequests: Bool { level.map { ["warn", "error", "critical"].contains($0) } ?? false }
}

extension LogTroubleSight {
  fileprivate mutating func set(_ count: UInt64, _ facts: [(String, String)]) {
    self.count = count
    self.facts = count > 0 ? facts.prefix(LogTroubles.mostFacts).map { Fact(name: $0.0, value: $0.1) } : []
  }

  fileprivate mutating func take(_ signs: [LogSign], least: UInt64, _ log: FollowedLog, at now: Timestamp) {
    let (now, span) = (now.milliseconds, lasts.milliseconds)
    let count = log.signs.count(of: signs, within: span, at: now)
    guard count >= least else { return }
    let texts = log.signs.texts(of: signs, within: span, at: now).map { ("said", $0) }
    let logins =
      signs.contains(.loginFailed) ? log.signs.failedLogins(within: span, at: now).map { ("from", "\($0.address): \($0.count)") } : []
    set(count, texts + logins)
  }

  fileprivate mutating func takeNews(_ log: FollowedLog, at now: Timestamp) {
    let recent = log.errorNews.filter { $0.at > now.milliseconds - lasts.milliseconds }
    let groups = recent.reversed().compactMap { news in log.errorGroups[news.fingerprint].map { (news, $0) } }
    set(
      UInt64(recent.count),
      groups.flatMap { news, group in [("fingerprint", group.id), ("error", group.inWords(cameBack: news.cameBack))] })
  }
}

extension ErrorGroup {
  /// For a person, on one line.
  fileprivate func inWords(cameBack: Bool) -> String {
    let what = [exceptionClass, message.isEmpty ? nil : message].compactMap(\.self).joined(separator: ": ")
    let place = culprit.map { " at \($0)" } ?? ""
    let request = routes.last.map { ", request \($0.route)" } ?? ""
    return "\(what)\(place)\(request)\(cameBack ? ", not for the first time" : "")"
  }
}
