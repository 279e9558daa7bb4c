/// How often each sign was seen.
struct SignCounts: Sendable, Equatable {
  private var counts = [UInt64](repeating: 0, count: LogSign.allCases.count)

  mutating func add(_ number: Int) { counts[number] &+= 1 }

  /// All of them, also those that were not seen.
  var bySign: [LogSign: UInt64] { Dictionary(uniqueKeysWithValues: zip(LogSign.allCases, counts)) }
}

/// By name, so that a sign more or less does no harm to what was kept.
extension SignCounts: Codable {
  init(from decoder: any Decoder) throws {
    let known = try [String: UInt64](from: decoder)
    for (number, sign) in LogSign.allCases.enumerated() { counts[number] = known[sign.rawValue] ?? 0 }
  }

  func encode(to encoder: any Encoder) throws {
    let seen = bySign.filter { $0.value > 0 }
    try Dictionary(uniqueKeysWithValues: seen.map { ($0.key.rawValue, $0.value) }).encode(to: encoder)
  }
}

/// Tells the sign of a message. What it remembers changes no count, but that a loop of respawns is told anew after a restart.
struct SignReader: Sendable, Equatable {
  /// By the logger's number: the rows that its messages may fit.
  private var rows: [[LogSign.Row]] = []
  private var respawns = RespawnWatch()

  static func == (_: SignReader, _: SignReader) -> Bool { true }

  mutating func row(_ header: RecordHeader, _ line: RawSpan, logger: Int, in loggers: NameTable) -> LogSign.Row? {
    while rows.count < loggers.count { rows.append(LogSign.rows.filter { [name = loggers.names[rows.count]] in $0.logger == name }) }
    guard !rows[logger].isEmpty else { return nil }
    let message = line.extracting(min(header.message, line.byteCount)..<line.byteCount)
    return rows[logger].first { $0.pattern.fits(message) }
  }

  mutating func showsLoop(_ row: LogSign.Row, _ header: RecordHeader, _ line: RawSpan) -> Bool {
    respawns.saw(row.sign, line.extracting(min(header.message, line.byteCount)..<line.byteCount), at: header.time)
  }
}
