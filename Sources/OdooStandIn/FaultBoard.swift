internal import Synchronization

/// Which faults are on, since when, and where they strike.
final class FaultBoard: Sendable {
  struct Setting: Sendable {
    /// Of `slow`: the delay. Of the others: after how long the fault goes off by itself.
    var seconds: Double?
    /// The beginning of the paths that are struck, in place of the fault's own scope.
    var route: String?
    var since = ContinuousClock.now
    /// Requests that it has struck since it went on.
    var struck = 0
  }

  private let settings = Mutex<[Fault.Name: Setting]>([:])

  func set(_ name: Fault.Name, to setting: Setting?) {
    settings.withLock { $0[name] = setting }
  }

  func setting(_ name: Fault.Name) -> Setting? {
    settings.withLock { $0[name] }
  }

  func isOn(_ name: Fault.Name) -> Bool { setting(name) != nil }

  var on: [Fault.Name] {
    settings.withLock { settings in Fault.all.map(\.name).filter { settings[$0] != nil } }
  }

  /// The setting of a fault that is on and strikes this path.
  func strikes(_ name: Fault.Name, _ path: String) -> Setting? {
    guard let setting = setting(name) else { return nil }
    if let route = setting.route { return path.hasPrefix(route) ? setting : nil }
    switch Fault.all.first(where: { $0.name == name })?.scope {
    case .data: return Dashboards.data.contains(path) ? setting : nil
    case .dashboards: return Dashboards.data.contains(path) || Dashboards.exports.contains(path) ? setting : nil
    case .everything, nil: return setting
    }
  }

  func first(of names: [Fault.Name], striking path: String) -> Fault.Name? {
    names.first { strikes($0, path) != nil }
  }

  func count(_ name: Fault.Name) {
    settings.withLock { $0[name]?.struck += 1 }
  }

  /// The faults whose time is over.
  func due(at now: ContinuousClock.Instant) -> [Fault.Name] {
    settings.withLock { settings in
      settings.filter { name, setting in
        guard name != .slow, let seconds = setting.seconds else { return false }
        return now - setting.since >= .seconds(seconds)
      }.map(\.key)
    }
  }
}

/// The paths of the two dashboards.
enum Dashboards {
  static let data = ["/crm/dashboard/data", "/crm/dashboard/overdue", "/crm/dashboard/performers", "/crm/strategic/dashboard/data"]
  static let exports = ["/crm/dashboard/export", "/crm/strategic/dashboard/export"]
}
