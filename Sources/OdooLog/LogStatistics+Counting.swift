extension LogStatistics {
  /// - Parameters:
  ///   - line: what was kept of it, without the newline.
  ///   - lineBytes: its length with the newline.
  @inline(__always)
  mutating func count(_ line: RawSpan, lineBytes: Int, isTruncated: Bool, _ witness: inout some LogWitness) {
    lines &+= 1
    bytes &+= UInt64(lineBytes)
    if isTruncated { countTruncated(line, &witness) }
    let length = line.byteCount
    let hasReturn = length > 0 && line.byte(length &- 1) == .carriageReturn
    count(line.extracting(0..<(hasReturn ? length &- 1 : length)), &witness)
  }

  @inline(__always)
  private mutating func count(_ line: RawSpan, _ witness: inout some LogWitness) {
    if let header = RecordHeader(line, &memo) {
      countRecord(header, line, &witness)
    } else if line.byte(0) == .space || line.byteCount == 0 {
      countContinuation(line, &witness)
    } else {
      countOther(line, &witness)
    }
  }

  private mutating func countTruncated(_ line: RawSpan, _ witness: inout some LogWitness) {
    truncatedLines &+= 1
    witness.saw(odd: line, .truncated)
  }

  // MARK: - Records

  @inline(__always)
  private mutating func countRecord(_ header: RecordHeader, _ line: RawSpan, _ witness: inout some LogWitness) {
    guard witness.admits(header.time) else { return leaveOut(&witness) }
    lastRecordTime = header.time
    lastPID = header.pid
    place = .record
    let logger = recordCounts.count(header, line)
    if logger == RecordCounts.Known.werkzeug, header.knownLogger == nil { memo.remember(line, header, logger: logger) }
    if logger > RecordCounts.Known.longpolling {
      countMessage(header, line, logger, &witness)
    } else {
      witness.saw(header, line, logger: logger, in: recordCounts.loggers, sign: nil, loop: false)
    }
    switch logger {
    case RecordCounts.Known.werkzeug, RecordCounts.Known.longpolling: countAccess(line, header, &witness)
    case RecordCounts.Known.sql where line.starts(with: "Connection to the database failed", at: header.message):
      databaseUnreachable &+= 1
    case RecordCounts.Known.sql where line.starts(with: "bad query", at: header.message): return
    default: break
    }
    if header.level.rawValue >= LogLevel.error.rawValue { countError(header, line, logger) }
  }

  private mutating func countMessage(_ header: RecordHeader, _ line: RawSpan, _ logger: Int, _ witness: inout some LogWitness) {
    let row = signReader.row(header, line, logger: logger, in: recordCounts.loggers)
    let isLoop = row.map { signReader.showsLoop($0, header, line) } ?? false
    if let row { signCounts.add(row.number) }
    if isLoop { signCounts.add(LogSign.respawnLoop.number) }
    witness.saw(header, line, logger: logger, in: recordCounts.loggers, sign: row, loop: isLoop)
  }

  private mutating func leaveOut(_ witness: inout some LogWitness) {
    place = .leftOut
    lines &-= 1
    witness.skipped()
  }

  @inline(__always)
  private mutating func countAccess(_ line: RawSpan, _ header: RecordHeader, _ witness: inout some LogWitness) {
    switch AccessLine.read(line, message: header.message) {
    case .access(let access): countRequest(access, line, header, &witness)
    case .malformed: countMalformedAccess(line, header, &witness)
    case .other: break
    }
  }

  @inline(__always)
  private mutating func countRequest(_ access: AccessLine, _ line: RawSpan, _ header: RecordHeader, _ witness: inout some LogWitness) {
    let (route, isOwn) = routeTable.add(access, line)
    if RouteTable.dashboards ~= route {
      recentRequests.add(route: route, endedAt: header.time, status: access.status, cost: access.cost, isOwn: isOwn)
    }
    if failure.awaitsRequest(of: header.pid) { failure.end(request: routeTable.names.names[route]) }
    witness.saw(access, header, line, route: route, in: routeTable.names, isOwn: isOwn)
  }

  /// Older werkzeugs colour the request even where the log has no colours.
  private mutating func countMalformedAccess(_ line: RawSpan, _ header: RecordHeader, _ witness: inout some LogWitness) {
    let plain = line.contains(.escape, in: header.message..<line.byteCount) ? Colours.strip(line) : []
    if !plain.isEmpty, case .access(let access) = AccessLine.read(plain.span, message: header.message) {
      countRequest(access, plain.span.bytes, header, &witness)
    } else {
      unparsedAccessLines &+= 1
      witness.saw(odd: line, .unparsedAccess)
    }
  }

  private mutating func countError(_ header: RecordHeader, _ line: RawSpan, _ logger: Int) {
    errors &+= 1
    failure.start(header, line, logger: recordCounts.loggers.names[logger])
    place = .lastError
  }

  // MARK: - Lines that are not records as Odoo writes them into a file

  /// Neither a record nor indented: the end of a traceback mostly, or a record in another form.
  @inline(never)
  private mutating func countOther(_ line: RawSpan, _ witness: inout some LogWitness) {
    if Colours.mayHide(line) {
      countColoured(line, &witness)
    } else if Envelope.mayBe(line), let envelope = Envelope(line, latest: latest ?? lastRecordTime) {
      count(envelope, line, &witness)
    } else {
      countContinuation(line, &witness)
    }
  }

  private mutating func countColoured(_ line: RawSpan, _ witness: inout some LogWitness) {
    let plain = Colours.strip(line)
    if let header = RecordHeader(plain.span) {
      countRecord(header, plain.span.bytes, &witness)
    } else {
      countContinuation(line, &witness)
    }
  }

  private mutating func count(_ envelope: Envelope, _ line: RawSpan, _ witness: inout some LogWitness) {
    let text = line.extracting(Swift.min(envelope.payload, line.byteCount)..<line.byteCount)
    // rsyslog writes a record of many lines as one (its EscapeControlCharactersOnReceive).
    let first = text.extracting(0..<(text.escapedNewline(from: 0) ?? text.byteCount))
    if let header = RecordHeader(first) {
      countRecord(header, first, &witness)
    } else if let header = RecordHeader(sentToSyslog: first, time: envelope.time ?? lastRecordTime, pid: envelope.pid) {
      countRecord(header, first, &witness)
    } else if Colours.mayHide(first) {
      countColoured(first, &witness)
    } else {
      countContinuation(first, &witness)
    }
    var start = first.byteCount
    while start < text.byteCount {
      start &+= RawSpan.escapedNewlineLength
      let end = text.escapedNewline(from: start) ?? text.byteCount
      follow(text.extracting(start..<end), &witness)
      start = end
    }
  }

  // MARK: - Continuations

  @inline(__always)
  private mutating func countContinuation(_ line: RawSpan, _ witness: inout some LogWitness) {
    switch place {
    case .leftOut: return leaveOut(&witness)
    case .beforeRecords:
      strayLines &+= 1
      witness.saw(odd: line, .stray)
    default: continuationLines &+= 1
    }
    if line.resemblesRecord { countResembling(line, &witness) }
    follow(line, &witness)
  }

  private mutating func countResembling(_ line: RawSpan, _ witness: inout some LogWitness) {
    unparsedRecords &+= 1
    witness.saw(odd: line, .unparsedRecord)
  }

  @inline(__always)
  private mutating func follow(_ line: RawSpan, _ witness: inout some LogWitness) {
    switch place {
    case .lastError, .traceback: followTraceback(line)
    case .record: break
    case .beforeRecords, .leftOut: return
    }
    witness.sawContinuation(line)
  }

  /// The exception is on the first line after "Traceback" that is not indented; of chained exceptions the last one counts.
  private mutating func followTraceback(_ line: RawSpan) {
    if line.starts(with: LogError.traceback, at: 0) {
      place = .traceback
    } else if place == .traceback, line.byteCount > 0, line.byte(0) != .space, line.byte(0) != UInt8(ascii: "\t") {
      place = .lastError
      failure.end(line)
      if let sign = LogSign.of(exception: line) { signCounts.add(sign.number) }
    }
  }
}

extension RawSpan {
  fileprivate static let escapedNewlineLength = 4

  /// Where `#012` stands, at `start` or behind it.
  fileprivate func escapedNewline(from start: Int) -> Int? {
    var offset = start
    while offset < byteCount {
      offset = scan(offset, byteCount, until: UInt8(ascii: "#"), or: UInt8(ascii: "#")).end
      if offset < byteCount, word(offset).lowBytes(Self.escapedNewlineLength) == 0x3231_3023 { return offset }
      offset += 1
    }
    return nil
  }

  /// `YYYY-MM-DD `, or with a T.
  @inline(__always)
  fileprivate var resemblesRecord: Bool {
    guard byte(0).isDigit else { return false }
    return word(0).digits(between: 0x2D00_002D_0000_0000) != nil && byte(8).isDigit && byte(9).isDigit
  }
}
