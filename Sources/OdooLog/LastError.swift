/// The last failure as it was read. What is kept of it is made when somebody asks, for in a storm of errors only the last one matters.
struct LastError: Sendable {
  private var known: LogError?
  private var header: RecordHeader?
  private var logger = ""
  private var record: [UInt8] = []
  private var exception: [UInt8] = []
  private var route: String?
  private var waitingPID: UInt64?
  /// Leaves out more of the message than is left out in any case.
  var ownRedaction: (@Sendable (String) -> String)?

  init() {}

  var value: LogError? {
    var error = header.map { LogError($0, record.span.bytes, logger: logger) } ?? known
    if let name = LogError.exceptionClass(exception.span.bytes) { error?.exceptionClass = name }
    if let route { error?.route = route }
    if let ownRedaction, let message = error?.message { error?.message = ownRedaction(message) }
    return error
  }

  @inline(__always)
  mutating func start(_ header: RecordHeader, _ line: RawSpan, logger: String) {
    self.header = header
    self.logger = logger
    route = nil
    waitingPID = header.pid
    exception.removeAll(keepingCapacity: true)
    record.replace(with: line, first: header.message &+ Redaction.longestInput)
  }

  /// The process that failed logs the request that it failed at next, for a worker serves one at a time.
  @inline(__always)
  func awaitsRequest(of pid: UInt64) -> Bool { waitingPID == pid }

  mutating func end(request route: String) {
    self.route = route
    waitingPID = nil
  }

  /// Takes the last line of a traceback.
  mutating func end(_ line: RawSpan) {
    if LogError.startsWithClass(line) { exception.replace(with: line, first: LogError.longestClass + 1) }
  }
}

extension LastError: Codable, Equatable {
  init(from decoder: any Decoder) throws {
    known = try decoder.singleValueContainer().decode(LogError?.self)
    waitingPID = known.flatMap { $0.route == nil ? $0.pid : nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  static func == (one: LastError, other: LastError) -> Bool { one.value == other.value }
}

extension [UInt8] {
  fileprivate mutating func replace(with line: RawSpan, first count: Int) {
    removeAll(keepingCapacity: true)
    line.extracting(first: count).withUnsafeBytes { append(contentsOf: $0) }
  }
}
