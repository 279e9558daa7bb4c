/// The signs that were seen: how often, when, and what the log said at the last of them.
public struct Signs: Sendable {
  public struct Entry: Sendable, Equatable {
    public let sign: LogSign
    public internal(set) var count: UInt64 = 0
    /// Milliseconds since 1970.
    public internal(set) var firstSeen: Int64
    public internal(set) var lastSeen: Int64
    /// What was logged, of the latest ones.
    public internal(set) var latest: [Note] = []
  }

  public struct Note: Sendable, Equatable {
    public let time: Int64
    let bytes: [UInt8]
  }

  /// In the order of `LogSign.allCases`.
  private var counted: [Entry?] = Array(repeating: nil, count: LogSign.allCases.count)
  public private(set) var cron = CronJobs()
  public private(set) var logins = FailedLogins()
  /// Those that were seen.
  public var entries: [Entry] { counted.compactMap(\.self) }

  mutating func saw(_ row: LogSign.Row, _ header: RecordHeader, _ line: RawSpan, isLoop: Bool) {
    let message = line.extracting(min(header.message, line.byteCount)..<line.byteCount)
    add(row.sign, row.number, at: header.time, row.isShown && !row.sign.isOrdinary ? message : RawSpan())
    if row.sign == .loginFailed { logins.saw(message, isRefusal: false) }
    if row.sign == .loginsRefused { logins.saw(message, isRefusal: true) }
    if isLoop { add(.respawnLoop, LogSign.respawnLoop.number, at: header.time) }
  }

  /// A message of the scheduler.
  mutating func sawJob(_ header: RecordHeader, _ line: RawSpan) {
    cron.saw(line.extracting(min(header.message, line.byteCount)..<line.byteCount), header)
  }

  /// One that an exception tells.
  mutating func saw(_ sign: LogSign, at time: Int64) { add(sign, sign.number, at: time) }

  private mutating func add(_ sign: LogSign, _ number: Int, at time: Int64, _ message: RawSpan = RawSpan()) {
    if counted[number] == nil { counted[number] = Entry(sign: sign, firstSeen: time, lastSeen: time) }
    counted[number]?.count(at: time, message)
  }
}

extension Signs.Entry {
  private static let mostNotes = 5
  fileprivate static let longestNote = 160

  fileprivate mutating func count(at time: Int64, _ message: RawSpan) {
    count &+= 1
    firstSeen = min(firstSeen, time)
    lastSeen = max(lastSeen, time)
    guard !message.isEmpty else { return }
    if latest.count >= Self.mostNotes { latest.removeFirst() }
    latest.append(Signs.Note(time: time, bytes: message.copy(0..<Self.longestNote)))
  }
}

extension Signs.Note {
  /// Without control characters and the blank at the end.
  public var text: String { Self.text(bytes.span.bytes) }

  /// Of a message, as far as it is kept.
  static func text(_ message: RawSpan) -> String {
    let bytes = message.copy(0..<Signs.Entry.longestNote)
    var text = String(decoding: bytes.map { $0.isControl ? .space : $0 }, as: UTF8.self)
    while text.last == " " { text.removeLast() }
    return text
  }
}
