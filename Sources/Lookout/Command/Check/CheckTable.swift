import Logging

/// The looks of a configuration, made by the same hands as the agent's.
struct CheckTable {
  private(set) var checks: [Check]
  /// A single look at statistics that only grow says nothing.
  private(set) var compared: Set<CheckID> = []

  /// The log is read for so long.
  static let logWindow = Duration.seconds(300)

  init(_ configuration: Configuration, _ watches: Watches, timeline: Timeline) async {
    checks = []
    for target in configuration.targets {
      checks += await watches.watch(target).checks
      // A stream cannot be read twice, and the journal not from its end.
      if let files = target.log?.files, !files.isEmpty, !files.contains("-") {
        checks.append(Self.log(of: target, at: files, timeline: timeline))
      }
    }
    compared = Set(checks.map(\.id).filter { $0.check == "statements" })
  }

  /// The follower's check, looked at once and from the end of the log: positions are the agent's.
  private static func log(of target: Configuration.Target, at files: [String], timeline: Timeline) -> Check {
    let queue = BlockingQueue("lookout.log")
    return Check(
      id: CheckID(target: target.name, check: "log"), component: .log, interval: target.checks.interval, timeout: target.checks.timeout
    ) {
      let since = timeline.now() - logWindow
      return Sight(seen: .log(await queue.run { RecentLog.look(at: files.flatMap(LogInputs.files), since: since) }))
    }
  }
}

extension Configuration {
  /// For somebody who waits no longer than `limit`: a costly look that does not end is given up before, so that it is known to fail rather
  /// than not known, where it had twice its budget at least.
  func waiting(atMost limit: Duration) -> Configuration {
    var configuration = self
    for index in targets.indices {
      let checks = targets[index].checks
      let shorter = limit - .seconds(10)
      guard shorter >= max(checks.dashboardBudget, checks.exportBudget) * 2 else { continue }
      configuration.targets[index].checks.costlyTimeout = min(checks.costlyTimeout, shorter)
    }
    return configuration
  }
}
