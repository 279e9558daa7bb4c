import OdooLog

/// What has been told of the things that only the log tells.
struct ToldTroubles {
  private let checks: [LogCheck]
  private let acceptedSecrets: Set<SecretKind>
  private var troubles = LogTroubles()
  private var told: [String: LogTroubleSight] = [:]

  init(_ checks: [LogCheck], acceptedSecrets: Set<SecretKind>) {
    (self.checks, self.acceptedSecrets) = (checks, acceptedSecrets)
  }

  /// Those that have changed, or all when they are due.
  mutating func news(
    _ progress: LogReader.Progress, _ around: @autoclosure () -> LogSurroundings, isDue: Bool, at now: Timestamp
  ) -> [(LogCheck, LogTroubleSight)] {
    guard !checks.isEmpty else { return [] }
    let around = around()
    troubles.note(progress, accepted: acceptedSecrets, at: now)
    return checks.compactMap { check in
      let sight = troubles.sight(of: check, progress, around, at: now)
      guard isDue || told[check.name] != sight else { return nil }
      told[check.name] = sight
      return (check, sight)
    }
  }
}
