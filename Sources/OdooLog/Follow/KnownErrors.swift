/// The groups of errors of a log that is followed, what is news of them, and what of them is to be kept anew.
struct KnownErrors: Sendable {
  var trail: ErrorTrail
  private(set) var standings: [UInt64: ErrorStanding] = [:]
  private(set) var news: [ErrorNews] = []
  /// How many groups were new or came back, in all.
  private(set) var newsCount: UInt64 = 0
  private var changed: Set<UInt64> = []
  private var removed: Set<UInt64> = []

  private static let mostNews = 20

  init(_ known: [KnownError] = []) {
    trail = ErrorTrail(ErrorGroups(known.map(\.group), makesRoom: true))
    standings = Dictionary(known.map { ($0.group.fingerprint, $0.standing) }) { first, _ in first }
  }

  /// Goes on in the middle of a record and with requests that are still awaited.
  mutating func goOn(with kept: ErrorTrail, newsCount: UInt64, news: [ErrorNews]) {
    var kept = kept
    kept.groups = trail.groups
    trail = kept
    (self.newsCount, self.news) = (newsCount, news)
  }

  /// The record has ended; tells what its exception says beside.
  mutating func end(in loggers: NameTable, at now: Int64) -> ErrorTrail.Ended? {
    guard let ended = trail.end(in: loggers) else { return nil }
    let fingerprint = ended.fingerprint
    let isNew = standings[fingerprint] == nil
    let isBack = standings[fingerprint, default: ErrorStanding(at: now)].saw(at: now)
    changed.insert(fingerprint)
    removed.remove(fingerprint)
    for gone in trail.groups.leftOut {
      standings[gone] = nil
      changed.remove(gone)
      removed.insert(gone)
    }
    trail.groups.leftOut = []
    if isNew || isBack, trail.groups[fingerprint]?.kind == .failure { tell(fingerprint, at: now, cameBack: isBack) }
    return ended
  }

  private mutating func tell(_ fingerprint: UInt64, at now: Int64, cameBack: Bool) {
    newsCount &+= 1
    if news.count >= Self.mostNews { news.removeFirst() }
    news.append(ErrorNews(fingerprint: fingerprint, at: now, cameBack: cameBack))
  }

  mutating func saw(requestOf pid: UInt64, route: Int, in routes: NameTable) {
    if let fingerprint = trail.saw(requestOf: pid, route: route, in: routes) { changed.insert(fingerprint) }
  }

  /// What has changed since it was last taken.
  mutating func takeChanges() -> ErrorChanges {
    defer { (changed, removed) = ([], []) }
    let known = changed.compactMap { fingerprint in
      trail.groups[fingerprint].flatMap { group in standings[fingerprint].map { KnownError(group: group, standing: $0) } }
    }
    return ErrorChanges(changed: known, removed: Array(removed))
  }

  /// Changes that could not be kept.
  mutating func giveBack(_ changes: ErrorChanges) {
    changed.formUnion(changes.changed.map(\.group.fingerprint).filter { standings[$0] != nil })
    removed.formUnion(changes.removed.filter { standings[$0] == nil })
  }
}

/// A group that was seen for the first time, or again after it had been over.
public struct ErrorNews: Sendable, Codable, Equatable {
  public let fingerprint: UInt64
  /// By the follower's clock, in milliseconds since 1970.
  public let at: Int64
  public let cameBack: Bool
}

/// What is to be written of the groups of errors.
public struct ErrorChanges: Sendable {
  public var changed: [KnownError] = []
  /// Fingerprints of groups that made room for others.
  public var removed: [UInt64] = []

  public init() {}

  init(changed: [KnownError], removed: [UInt64]) {
    (self.changed, self.removed) = (changed, removed)
  }

  public var isEmpty: Bool { changed.isEmpty && removed.isEmpty }
}
