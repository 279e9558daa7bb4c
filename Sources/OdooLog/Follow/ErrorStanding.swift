/// How a group of errors stands among all that have been: told by the follower's clock, for a log may be behind.
public struct ErrorStanding: Sendable, Codable, Equatable {
  public enum State: String, Sendable, CaseIterable {
    case new, ongoing, regressed, resolved
  }

  /// So long a group is new, or has come back, in milliseconds.
  public static let fresh: Int64 = 3_600_000
  /// Not seen for so long it is over.
  public static let forgotten: Int64 = 86_400_000

  /// Milliseconds since 1970.
  public private(set) var seenAt: Int64
  /// When it was seen for the first time, or came back.
  public private(set) var since: Int64
  public private(set) var cameBack = false

  public init(at now: Int64) {
    (seenAt, since) = (now, now)
  }

  /// Whether that is news: it had been over.
  mutating func saw(at now: Int64) -> Bool {
    let isBack = state(at: now) == .resolved
    if isBack { (since, cameBack) = (now, true) }
    seenAt = max(seenAt, now)
    return isBack
  }

  public func state(at now: Int64) -> State {
    if now - seenAt >= Self.forgotten { return .resolved }
    if now - since >= Self.fresh { return .ongoing }
    return cameBack ? .regressed : .new
  }
}

/// A group of errors that is kept over restarts.
public struct KnownError: Sendable, Equatable, Codable {
  public let group: ErrorGroup
  public let standing: ErrorStanding

  public init(group: ErrorGroup, standing: ErrorStanding) {
    (self.group, self.standing) = (group, standing)
  }
}
