/// What follows the request in an access line.
struct AccessTail {
  let status: UInt16
  let size: UInt64?
  let cost: RequestCost?

  @inline(__always)
  init?(_ line: RawSpan, _ start: Int) {
    let word = line.word(start)
    guard let digits = word.digits(between: 0x0020_2D20_0000_0020), 1...5 ~= digits.digit(1) else {
      self.init(rare: line, start)
      return
    }
    // ` 200 - 1`, as nearly every line goes.
    var offset = start &+ 7
    guard let queries = line.integer(&offset), line.byte(offset) == .space, let times = Self.times(line, offset &+ 1) else {
      self.init(rare: line, start)
      return
    }
    let status = UInt16(truncatingIfNeeded: digits.digit(1) &* 100 &+ digits.digit(2) &* 10 &+ digits.digit(3))
    let cost = RequestCost(duration: times.sql &+ times.rest, sql: times.sql, python: times.rest, queries: queries)
    self.init(status: status, size: nil, cost: cost)
  }

  /// `0.052 0.040` at the end of the line, both below ten seconds.
  @inline(__always)
  private static func times(_ line: RawSpan, _ start: Int) -> (sql: UInt64, rest: UInt64)? {
    guard start &+ 11 == line.byteCount, let first = line.word(start).digits(between: 0x2E00_2000_0000_2E00),
      let second = line.word(start &+ 3).digits(between: 0x0000_002E_0020_0000)
    else { return nil }
    let sql = first.digit(0) &* 1_000_000 &+ first.digit(2) &* 100_000 &+ first.digit(3) &* 10_000 &+ first.digit(4) &* 1_000
    let rest = second.digit(3) &* 1_000_000 &+ second.digit(5) &* 100_000 &+ second.digit(6) &* 10_000 &+ second.digit(7) &* 1_000
    return (sql, rest)
  }

  @inline(__always)
  private init(status: UInt16, size: UInt64?, cost: RequestCost?) {
    (self.status, self.size, self.cost) = (status, size, cost)
  }

  @inline(never)
  private init?(rare line: RawSpan, _ start: Int) {
    var offset = start
    guard line.skipSpace(&offset), let status = line.integer(&offset), status == 0 || 100...599 ~= status, offset &- start == 4,
      line.skipSpace(&offset)
    else { return nil }
    self.status = UInt16(truncatingIfNeeded: status)
    if line.skipDash(&offset) {
      size = nil
    } else {
      guard let bytes = line.integer(&offset) else { return nil }
      size = bytes
    }
    cost = Self.cost(line, &offset)
    guard line.isAtEnd(offset) else { return nil }
  }

  /// `QUERIES SQL REST`, `DURATION`, `- - -`, `-` or nothing. Leaves the offset where it cannot go on.
  @inline(__always)
  private static func cost(_ line: RawSpan, _ offset: inout Int) -> RequestCost? {
    if let perf = perf(line, offset) {
      offset = perf.end
      return perf.cost
    }
    return rareCost(line, &offset)
  }

  @inline(__always)
  private static func perf(_ line: RawSpan, _ start: Int) -> (cost: RequestCost, end: Int)? {
    var offset = start
    guard line.skipSpace(&offset), let queries = line.integer(&offset), line.skipSpace(&offset),
      let sql = line.microseconds(&offset), line.skipSpace(&offset), let rest = line.microseconds(&offset)
    else { return nil }
    line.skipCursorMode(&offset)
    return (RequestCost(duration: sql &+ rest, sql: sql, python: rest, queries: queries), offset)
  }

  private static func rareCost(_ line: RawSpan, _ start: inout Int) -> RequestCost? {
    var offset = start
    if line.skipSpace(&offset), let duration = line.microseconds(&offset), line.isAtEnd(offset) {
      start = offset
      return RequestCost(duration: duration, sql: 0, python: 0, queries: 0)
    }
    offset = start
    while line.skipSpace(&offset), line.skipDash(&offset) { start = offset }
    return nil
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func skipSpace(_ offset: inout Int) -> Bool {
    guard byte(offset) == .space else { return false }
    offset &+= 1
    return true
  }

  /// A dash that stands for a missing value, not for a minus.
  @inline(__always)
  fileprivate func skipDash(_ offset: inout Int) -> Bool {
    guard byte(offset) == UInt8(ascii: "-"), isAtEnd(offset &+ 1) || byte(offset &+ 1) == .space else { return false }
    offset &+= 1
    return true
  }

  /// ` ro`, ` rw`, ` ro->rw` or ` -`: Odoo 18 tells where it has a replica whether the request read only (odoo/netsvc.py, `PerfFilter`).
  @inline(__always)
  fileprivate func skipCursorMode(_ offset: inout Int) {
    if byte(offset) == .space, offset &+ 1 < byteCount { skipRareCursorMode(&offset) }
  }

  @inline(never)
  private func skipRareCursorMode(_ offset: inout Int) {
    for mode in Self.cursorModes where starts(with: mode, at: offset) && isAtEnd(offset &+ mode.utf8CodeUnitCount) {
      return offset &+= mode.utf8CodeUnitCount
    }
  }

  private static let cursorModes: [StaticString] = [" ro", " rw", " ro->rw", " -"]

  /// Nothing but spaces follows.
  @inline(__always)
  fileprivate func isAtEnd(_ offset: Int) -> Bool {
    var offset = offset
    while byte(offset) == .space { offset &+= 1 }
    return offset >= byteCount
  }
}
