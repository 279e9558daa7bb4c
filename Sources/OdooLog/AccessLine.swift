/// One request as its worker logged it on completion. Ranges are offsets in the line that was read.
///
/// werkzeug: `CLIENT - - [DATE] "METHOD PATH VERSION" STATUS - QUERIES SQL REST`, the last three `- - -` when not measured; Odoo 18 may add
/// a fourth, ` ro`, ` rw` or ` ro->rw`.
/// gevent: `CLIENT - - [DATE] "METHOD PATH VERSION" STATUS SIZE DURATION`.
public struct AccessLine: Sendable, Equatable {
  public let client: Range<Int>
  public let method: HTTPMethod
  /// With the query; whatever the client sent, not escaped again.
  public let path: Range<Int>
  /// 100 to 599; 0 where gevent sent none (`000`).
  public let status: UInt16
  /// Bytes of the answer; only gevent tells.
  public let size: UInt64?
  public let cost: RequestCost?

  /// What a message of an access logger turned out to be.
  public enum Reading: Sendable, Equatable {
    /// Some other message of that logger.
    case other
    /// It starts as an access line and does not go on as one.
    case malformed
    case access(AccessLine)
  }

  /// Reads a line, given without its line end and colours, whose message starts at `message`.
  public static func read(_ line: Span<UInt8>, message: Int) -> Reading {
    read(line.bytes, message: message)
  }

  @inline(__always)
  static func read(_ line: RawSpan, message: Int) -> Reading {
    let end = line.byteCount
    let client = message..<line.shortWordEnd(message, Swift.max(message, end))
    guard !client.isEmpty, let request = requestStart(line, client.upperBound) else { return .other }
    guard let access = AccessLine(line, client: client, request: request) else { return .malformed }
    return .access(access)
  }

  /// Skips ` - - [DATE] "`.
  @inline(__always)
  private static func requestStart(_ line: RawSpan, _ offset: Int) -> Int? {
    guard line.word(offset).lowBytes(6) == 0x5B20_2D20_2D20 else { return nil }
    let date = offset &+ 6
    // werkzeug's date has 20 bytes.
    if line.word(date &+ 20).lowBytes(3) == 0x22_205D { return date &+ 23 }
    // gevent's has 19; there is no sense in looking far for its end.
    let dateEnd = line.scan(date, Swift.min(date &+ 40, line.byteCount), until: UInt8(ascii: "]"), or: .newline).end
    guard line.word(dateEnd).lowBytes(3) == 0x22_205D else { return nil }
    return dateEnd &+ 3
  }

  @inline(__always)
  private init?(_ line: RawSpan, client: Range<Int>, request: Int) {
    // From the right, for a path may hold quotes and spaces, and what follows it does not.
    let quote = line.last(UInt8(ascii: "\""), from: request)
    let pathEnd = quote &- 9
    let (method, methodEnd) = Self.method(line, request, before: quote)
    guard pathEnd > methodEnd &+ 1, methodEnd > request, Self.isVersion(line, pathEnd),
      let tail = AccessTail(line, quote &+ 1)
    else { return nil }
    self.client = client
    self.method = method
    path = (methodEnd &+ 1)..<pathEnd
    (status, size, cost) = (tail.status, tail.size, tail.cost)
  }

  @inline(__always)
  private static func method(_ line: RawSpan, _ start: Int, before end: Int) -> (HTTPMethod, end: Int) {
    let word = line.word(start)
    // Which of the two comes next cannot be foretold: so there is one branch for both.
    let isPost = word.lowBytes(5) == 0x20_5453_4F50
    if isPost != (word.lowBytes(4) == 0x2054_4547) { return (isPost ? .post : .get, start &+ (isPost ? 4 : 3)) }
    let methodEnd = line.scan(start, Swift.max(end, start), until: .space, or: .space).end
    return (methodEnd &- start < 8 ? HTTPMethod(word: word.lowBytes(methodEnd &- start)) : .other, methodEnd)
  }

  /// ` HTTP/1.1`, whatever the numbers.
  @inline(__always)
  private static func isVersion(_ line: RawSpan, _ offset: Int) -> Bool {
    if line.word(offset) == 0x2E31_2F50_5454_4820 { return line.byte(offset &+ 8).isDigit }
    return line.word(offset).lowBytes(6) == 0x2F50_5454_4820 && line.byte(offset &+ 6).isDigit
      && line.byte(offset &+ 7) == UInt8(ascii: ".")
      && line.byte(offset &+ 8).isDigit
  }
}

/// What a request cost its worker, in microseconds. Waiting for a worker and the transfer of the body are not in it.
public struct RequestCost: Sendable, Equatable {
  public var duration: UInt64
  public var sql: UInt64
  /// What is not SQL: Python and everything it waits for. gevent tells the duration alone.
  public var python: UInt64
  public var queries: UInt64

  public init(duration: UInt64, sql: UInt64, python: UInt64, queries: UInt64) {
    (self.duration, self.sql, self.python, self.queries) = (duration, sql, python, queries)
  }
}
