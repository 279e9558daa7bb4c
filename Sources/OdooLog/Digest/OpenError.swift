/// The record of an error that is being read: its traceback is followed line by line, and judged when the next record comes.
struct OpenError: Sendable, Codable {
  private(set) var isOpen = false
  private(set) var header: RecordHeader?
  private(set) var logger = 0
  private(set) var database: [UInt8] = []
  /// The first line's message, as far as it is read.
  private(set) var message: [UInt8] = []
  /// The line of the last exception, or PostgreSQL's answer to a statement.
  private(set) var exception: [UInt8] = []
  private(set) var hasTraceback = false
  /// The lines that name the frames, of a deep stack the innermost.
  private(set) var frames: [UInt8] = []
  private(set) var moduleFrames: UInt64 = 0
  private(set) var allFrames: UInt64 = 0
  private var isInTraceback = false
  private var isStatement = false
  private var paths = FramePaths()

  /// What paths name is found again.
  private enum CodingKeys: CodingKey {
    case isOpen, header, logger, database, message, exception, hasTraceback, frames, moduleFrames, allFrames, isInTraceback, isStatement
  }

  private static let longestException = 512
  private static let longestFrames = 16_384
  private static let longestDatabase = 63

  mutating func start(_ header: RecordHeader, _ line: RawSpan, logger: Int, isStatement: Bool) {
    (self.header, self.logger, self.isStatement) = (header, logger, isStatement)
    (isOpen, hasTraceback, isInTraceback) = (true, false, false)
    (moduleFrames, allFrames) = (0, 0)
    exception.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    message.set(line, header.message..<min(line.byteCount, header.message &+ Redaction.longestInput))
    database.set(line, header.database.lowerBound..<min(header.database.upperBound, header.database.lowerBound &+ Self.longestDatabase))
  }

  mutating func end() { isOpen = false }

  @inline(__always)
  mutating func follow(_ line: RawSpan) {
    if line.word(0) == 0x2220_656C_6946_2020 {
      addFrame(line)
    } else if line.byte(0) != .space, line.byteCount > 0 {
      followText(line)
    }
  }

  private mutating func followText(_ line: RawSpan) {
    if line.starts(with: LogError.traceback, at: 0) {
      (hasTraceback, isInTraceback) = (true, true)
    } else if isInTraceback, line.byte(0) != UInt8(ascii: "\t") {
      isInTraceback = false
      exception.set(line, 0..<min(line.byteCount, Self.longestException))
    } else if isStatement, exception.isEmpty, line.starts(with: "ERROR: ", at: 0) {
      exception.set(line, 0..<min(line.byteCount, Self.longestException))
    }
  }

  /// `  File "PATH", line NUMBER, in FUNCTION`: the number changes with each release, so it is left out of the hash.
  private mutating func addFrame(_ line: RawSpan) {
    let quote = UInt8(ascii: "\"")
    let (pathEnd, pathHash) = line.scan(8, line.byteCount, until: quote, or: quote)
    var offset = pathEnd &+ 8
    guard line.word(pathEnd) == 0x2065_6E69_6C20_2C22, line.integer(&offset) != nil, line.word(offset).lowBytes(5) == 0x20_6E69_202C else {
      return
    }
    let function = line.hash((offset &+ 5)..<max(line.byteCount, offset &+ 5))
    let place = paths.place(line, 8..<pathEnd, hash: pathHash)
    let frame = place.hash.mixed(with: function)
    allFrames = allFrames.mixed(with: frame)
    if place.isOfModule { moduleFrames = moduleFrames.mixed(with: frame) }
    if frames.count > Self.longestFrames { frames.removeFirst(Self.longestFrames / 2) }
    line.extracting(0..<min(line.byteCount, Self.longestException)).withUnsafeBytes { frames.append(contentsOf: $0) }
    frames.append(.newline)
  }
}

extension [UInt8] {
  fileprivate mutating func set(_ line: RawSpan, _ range: Range<Int>) {
    removeAll(keepingCapacity: true)
    line.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
  }
}
