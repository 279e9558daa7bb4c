/// Is told of each line as it is counted, in the order of the log: how more is learned from the same reading. Lines come without their end,
/// their colours and what a collector put before them.
protocol LogWitness {
  /// Whether records of that moment count; what continues one that does not is left out with it.
  mutating func admits(_ time: Int64) -> Bool
  mutating func skipped()
  /// A record; if it is a request, it is told again as one.
  /// - Parameter sign: what only this record tells; `loop` where it shows that workers respawn again and again.
  mutating func saw(_ header: RecordHeader, _ line: RawSpan, logger: Int, in loggers: NameTable, sign: LogSign.Row?, loop: Bool)
  /// - Parameter line: what the ranges of `access` are offsets in.
  mutating func saw(_ access: AccessLine, _ header: RecordHeader, _ line: RawSpan, route: Int, in routes: NameTable, isOwn: Bool)
  mutating func sawContinuation(_ line: RawSpan)
  mutating func saw(odd line: RawSpan, _ kind: OddLine)
}

/// Why a line could not be used, or not whole.
public enum OddLine: String, Sendable, Codable, CaseIterable {
  /// It starts no record and stands before the first.
  case stray
  case truncated
  case unparsedAccess = "unparsed_access"
  /// It starts as records do, with a date, and does not go on so.
  case unparsedRecord = "unparsed_record"
}

/// Where counting is all that is wanted.
struct NoWitness: LogWitness {
  @inline(__always) func admits(_: Int64) -> Bool { true }
  @inline(__always) func skipped() {}
  @inline(__always) func saw(_: RecordHeader, _: RawSpan, logger _: Int, in _: NameTable, sign _: LogSign.Row?, loop _: Bool) {}
  @inline(__always) func saw(_: AccessLine, _: RecordHeader, _: RawSpan, route _: Int, in _: NameTable, isOwn _: Bool) {}
  @inline(__always) func sawContinuation(_: RawSpan) {}
  @inline(__always) func saw(odd _: RawSpan, _: OddLine) {}
}
