import Foundation

/// All silences: those to come, those that hold, and for a while those that are over. Pure: time is an argument.
struct Silences: Sendable {
  /// How long one that is over can still be looked up (Alertmanager's `--data.retention`).
  static let memory = Duration.seconds(120 * 3600)
  /// More are refused.
  static let limit = 5_000
  /// Bytes of a silence's texts.
  static let byteLimit = 16 << 10

  enum Refusal: Error, Equatable, Sendable {
    case notFound
    case bad(String)
  }

  private(set) var byID: [String: Silence] = [:]
  private var changed: Set<String> = []

  init(restoring silences: [Silence] = []) {
    for silence in silences { byID[silence.id] = silence }
  }

  func active(at now: Timestamp) -> ActiveSilences {
    ActiveSilences(byID.values.filter { $0.state(at: now) == .active }.sorted { $0.id < $1.id })
  }

  /// When a silence begins or ends next.
  func nextChange(after now: Timestamp) -> Timestamp? {
    byID.values.flatMap { [$0.startsAt, $0.endsAt] }.filter { $0 > now }.min()
  }

  /// Takes a silence in, or changes the one of that id: where what it silences would change, the old one ends and a new one takes its place,
  /// so that what was silenced when can still be told (silence/silence.go, Set). Returns its id.
  mutating func set(_ given: Silence, at now: Timestamp) throws(Refusal) -> String {
    var silence = given
    silence.updatedAt = now
    try Self.check(silence, at: now)
    if !given.id.isEmpty {
      guard let earlier = byID[given.id] else { throw .notFound }
      if Self.canChange(earlier, to: silence, at: now) {
        keep(silence)
        return silence.id
      }
      if earlier.state(at: now) != .expired { try expire(earlier.id, at: now) }
    }
    guard byID.count < Self.limit else { throw .bad("there are \(Self.limit) silences already") }
    silence.startsAt = max(silence.startsAt, now)
    let id = UUID().uuidString.lowercased()
    keep(silence.named(id))
    return id
  }

  /// Ends one now; one that has not begun never does.
  mutating func expire(_ id: String, at now: Timestamp) throws(Refusal) {
    guard var silence = byID[id] else { throw .notFound }
    switch silence.state(at: now) {
    case .expired: throw .bad("silence \(id) is over already")
    case .active: silence.endsAt = now
    case .pending: (silence.startsAt, silence.endsAt) = (now, now)
    }
    silence.updatedAt = now
    keep(silence)
  }

  mutating func forgetOld(at now: Timestamp) {
    for (id, silence) in byID where silence.endsAt + Self.memory < now {
      byID[id] = nil
      changed.insert(id)
    }
  }

  mutating func takeChanged() -> Set<String> {
    defer { changed = [] }
    return changed
  }

  private mutating func keep(_ silence: Silence) {
    byID[silence.id] = silence
    changed.insert(silence.id)
  }

  private static func check(_ silence: Silence, at now: Timestamp) throws(Refusal) {
    guard silence.startsAt < silence.endsAt else { throw .bad("the start must lie before the end") }
    guard silence.endsAt > now else { throw .bad("the end lies in the past") }
    guard silence.bytes <= byteLimit else { throw .bad("a silence may have \(byteLimit >> 10) KiB of text") }
    guard !silence.matchers.isEmpty else { throw .bad("at least one matcher is needed") }
    guard silence.matchers.contains(where: { !$0.matches([:]) }) else { throw .bad("at least one matcher must not match the empty text") }
  }

  private static func canChange(_ earlier: Silence, to later: Silence, at now: Timestamp) -> Bool {
    guard earlier.matchers == later.matchers else { return false }
    switch earlier.state(at: now) {
    case .active: return later.startsAt == earlier.startsAt && later.endsAt >= now
    case .pending: return later.startsAt >= now
    case .expired: return false
    }
  }
}

extension Silence {
  fileprivate var bytes: Int {
    let texts = [author, comment] + matchers.flatMap { [$0.name, $0.value] } + annotations.flatMap { [$0.key, $0.value] }
    return texts.reduce(0) { $0 + $1.utf8.count }
  }

  fileprivate func named(_ id: String) -> Silence {
    Silence(
      id: id, matchers: matchers, startsAt: startsAt, endsAt: endsAt, updatedAt: updatedAt, author: author, comment: comment,
      annotations: annotations)
  }
}

extension Silence: Codable {
  private enum CodingKeys: CodingKey {
    case id, matchers, startsAt, endsAt, updatedAt, author, comment, annotations
  }

  private struct WrittenMatcher: Codable {
    let name: String
    let kind: String
    let value: String
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    matchers = try container.decode([WrittenMatcher].self, forKey: .matchers).map { written in
      guard let kind = Matcher.Kind(rawValue: written.kind) else {
        throw DecodingError.dataCorruptedError(forKey: .matchers, in: container, debugDescription: "no kind of matcher: \(written.kind)")
      }
      return try Matcher(written.name, kind, written.value)
    }
    startsAt = try container.decode(Timestamp.self, forKey: .startsAt)
    endsAt = try container.decode(Timestamp.self, forKey: .endsAt)
    updatedAt = try container.decode(Timestamp.self, forKey: .updatedAt)
    author = try container.decode(String.self, forKey: .author)
    comment = try container.decode(String.self, forKey: .comment)
    annotations = try container.decode([String: String].self, forKey: .annotations)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(matchers.map { WrittenMatcher(name: $0.name, kind: $0.kind.rawValue, value: $0.value) }, forKey: .matchers)
    try container.encode(startsAt, forKey: .startsAt)
    try container.encode(endsAt, forKey: .endsAt)
    try container.encode(updatedAt, forKey: .updatedAt)
    try container.encode(author, forKey: .author)
    try container.encode(comment, forKey: .comment)
    try container.encode(annotations, forKey: .annotations)
  }
}
