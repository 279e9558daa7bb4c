/// What a collector puts before each line that a program writes: syslog (RFC 3164, RFC 5424, and as journalctl shows it), Docker Compose, and
/// the runtimes of Kubernetes.
struct Envelope {
  /// Where the program's own text begins.
  var payload: Int
  /// Milliseconds since 1970; nil where the collector tells none.
  var time: Int64?
  /// 0 where the collector tells none.
  var pid: UInt64 = 0

  /// Hosts and programs have short names; there is no sense in looking far for their end.
  private static let longestName = 80

  /// Whether a line that is no record could have one; cheap, for it is asked of the last line of each traceback.
  @inline(__always)
  static func mayBe(_ line: RawSpan) -> Bool {
    let first = line.byte(0)
    if first == UInt8(ascii: "<") || line.byte(first.isDigit ? 10 : 3) == (first.isDigit ? UInt8(ascii: "T") : .space) { return true }
    return line.contains(UInt8(ascii: "|"), in: 0..<min(line.byteCount, longestName))
  }

  /// - Parameter latest: when the line was written at the latest, in milliseconds since 1970: tells the year of stamps that name none, as
  ///   those of RFC 3164 do. Their time is taken for UTC.
  init?(_ line: RawSpan, latest: Int64) {
    let start = Self.afterPriority(line)
    if let stamp = CollectorTime(line, start, latest: latest) {
      (payload, time) = (stamp.end, stamp.milliseconds)
      readSender(line, isStructured: start > 0 && line.byte(start &- 1) == .space)
    } else {
      guard let text = Self.afterContainer(line) else { return nil }
      payload = text
    }
  }

  /// `<14>`, and of RFC 5424 the version after it.
  private static func afterPriority(_ line: RawSpan) -> Int {
    guard line.byte(0) == UInt8(ascii: "<") else { return 0 }
    var offset = 1
    guard line.integer(&offset) != nil, offset <= 4, line.byte(offset) == UInt8(ascii: ">") else { return 0 }
    offset &+= 1
    return line.byte(offset) == UInt8(ascii: "1") && line.byte(offset &+ 1) == .space ? offset &+ 2 : offset
  }

  /// `odoo-1  | `
  private static func afterContainer(_ line: RawSpan) -> Int? {
    var offset = 0
    while line.byte(offset).isPartOfName, offset < longestName { offset += 1 }
    guard offset > 0, line.byte(offset) == .space else { return nil }
    while line.byte(offset) == .space { offset += 1 }
    guard line.byte(offset) == UInt8(ascii: "|"), line.byte(offset &+ 1) == .space else { return nil }
    return offset &+ 2
  }

  /// Goes on behind the host and the program, where they are told.
  private mutating func readSender(_ line: RawSpan, isStructured: Bool) {
    if line.starts(with: "stdout ", at: payload) || line.starts(with: "stderr ", at: payload) {
      payload &+= 9
    } else if isStructured {
      readStructured(line)
    } else if !Self.isDate(line, payload) {
      readTag(line)
    }
  }

  private static func isDate(_ line: RawSpan, _ offset: Int) -> Bool {
    line.byte(offset).isDigit && line.byte(offset &+ 4) == UInt8(ascii: "-") && line.byte(offset &+ 10) == .space
  }

  /// `HOST PROGRAM[PID]: `, `HOST PROGRAM: `; nothing where it is neither.
  private mutating func readTag(_ line: RawSpan) {
    guard let host = Self.nameEnd(line, payload), line.byte(host) == .space else { return }
    guard !line.starts(with: RecordHeader.product, at: host &+ 1) else { return payload = host &+ 1 }
    guard var offset = Self.nameEnd(line, host &+ 1) else { return }
    if line.byte(offset) == UInt8(ascii: "[") {
      offset &+= 1
      pid = line.integer(&offset) ?? 0
      guard line.byte(offset) == UInt8(ascii: "]") else { return }
      offset &+= 1
    }
    guard line.byte(offset) == UInt8(ascii: ":") else { return }
    payload = line.byte(offset &+ 1) == .space ? offset &+ 2 : offset &+ 1
  }

  /// `HOST PROGRAM PID MESSAGE-ID STRUCTURED-DATA `
  private mutating func readStructured(_ line: RawSpan) {
    var offset = payload
    for word in 0..<4 {
      guard let end = Self.wordEnd(line, offset) else { return }
      var digits = offset
      if word == 2 { pid = line.integer(&digits) ?? 0 }
      offset = end &+ 1
    }
    let isData = line.byte(offset) == UInt8(ascii: "[")
    let close = isData ? UInt8(ascii: "]") : .space
    let end = line.scan(offset, line.byteCount, until: close, or: close).end
    guard end < line.byteCount else { return }
    payload = isData ? end &+ 2 : end &+ 1
  }

  private static func nameEnd(_ line: RawSpan, _ start: Int) -> Int? {
    var offset = start
    while line.byte(offset).isPartOfName, offset &- start < longestName { offset += 1 }
    return offset > start ? offset : nil
  }

  private static func wordEnd(_ line: RawSpan, _ start: Int) -> Int? {
    let end = line.scan(start, Swift.min(start &+ 255, line.byteCount), until: .space, or: .space).end
    return end > start && line.byte(end) == .space ? end : nil
  }
}

extension UInt8 {
  fileprivate var isPartOfName: Bool { isLetter || isDigit || "-._/@".utf8.contains(self) }
}
