/// What only the log tells, as far as it happened of late.
public struct RecentSigns: Sendable, Codable, Equatable {
  fileprivate struct Entry: Sendable, Codable, Equatable {
    var counts = RecentCounts()
    var notes: [Note] = []
  }

  /// What the log said, or what is known besides.
  struct Note: Sendable, Codable, Equatable {
    let at: Int64
    let text: String
  }

  private static let mostNotes = 3
  private static let mostAddresses = 50

  /// By the sign's name, so that a sign more or less does no harm to what was kept.
  private var entries: [String: Entry] = [:]
  private var logins: [String: RecentCounts] = [:]

  mutating func add(_ sign: LogSign, at now: Int64, _ text: String?) {
    entries[sign.rawValue, default: Entry()].counts.add(at: now)
    guard let text, !text.isEmpty else { return }
    entries[sign.rawValue]?.note(Note(at: now, text: text), most: Self.mostNotes)
  }

  /// Not each of many needs a text of its own.
  func wantsText(of sign: LogSign, at now: Int64) -> Bool {
    entries[sign.rawValue]?.notes.last.map { now - $0.at >= 1_000 } ?? true
  }

  mutating func addLogin(from address: String, at now: Int64) {
    if logins[address] == nil, logins.count >= Self.mostAddresses {
      logins = logins.filter { $0.value.count(within: RecentCounts.longest, at: now) > 0 }
    }
    let kept = logins[address] != nil || logins.count < Self.mostAddresses ? address : "other"
    logins[kept, default: RecentCounts()].add(at: now)
  }

  /// - Parameter span: milliseconds.
  public func count(of signs: [LogSign], within span: Int64, at now: Int64) -> UInt64 {
    signs.reduce(0) { $0 &+ (entries[$1.rawValue]?.counts.count(within: span, at: now) ?? 0) }
  }

  /// Of each sign what was said last, the newest first.
  public func texts(of signs: [LogSign], within span: Int64, at now: Int64) -> [String] {
    let notes = signs.flatMap { entries[$0.rawValue]?.notes ?? [] }.filter { $0.at > now - span }
    return notes.sorted { ($1.at, $0.text) < ($0.at, $1.text) }.map(\.text)
  }

  /// Addresses that logins failed from, those with the most first.
  public func failedLogins(within span: Int64, at now: Int64) -> [(address: String, count: UInt64)] {
    let all = logins.map { (address: $0.key, count: $0.value.count(within: span, at: now)) }.filter { $0.count > 0 }
    return all.sorted { ($1.count, $0.address) < ($0.count, $1.address) }
  }
}

extension RecentSigns.Entry {
  fileprivate mutating func note(_ note: RecentSigns.Note, most: Int) {
    notes.removeAll { $0.text == note.text }
    if notes.count >= most { notes.removeFirst() }
    notes.append(note)
  }
}
