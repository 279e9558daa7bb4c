/// Groups the errors of a log. Bounded whatever the log holds: what finds no group any more is counted as that, or takes the place of the
/// group that has not been seen for longest.
public struct ErrorGroups: Sendable {
  public static let mostGroups = 400

  public private(set) var groups: [ErrorGroup] = []
  /// Errors that came when there were as many groups as there may be, and belong to none of them.
  public private(set) var ungrouped: UInt64 = 0
  /// Fingerprints of groups that made room since this was last emptied.
  var leftOut: [UInt64] = []

  /// Leaves out more of a message than is left out in any case.
  var ownRedaction: (@Sendable (String) -> String)?

  private let makesRoom: Bool
  private var numbers: [UInt64: Int] = [:]
  /// Groups of messages as they stood in the log, so that not each has to be redacted; nil for none.
  private var known: [UInt64: UInt64?] = [:]
  private static let mostKnown = 4_096

  /// - Parameters:
  ///   - known: groups of an earlier reading, to go on with.
  ///   - makesRoom: whether an old group goes where a new one finds no place.
  init(_ known: [ErrorGroup] = [], makesRoom: Bool = false) {
    self.makesRoom = makesRoom
    for group in known.suffix(Self.mostGroups) where numbers[group.fingerprint] == nil { append(group) }
  }

  public subscript(fingerprint: UInt64) -> ErrorGroup? { numbers[fingerprint].map { groups[$0] } }

  /// Counts an error in its group, and tells which that is.
  mutating func add(_ error: OpenError, _ loggers: NameTable) -> UInt64? {
    guard let header = error.header, let number = number(error, header, loggers) else { return nil }
    groups[number].count(at: header.time, database: error.database)
    return groups[number].fingerprint
  }

  mutating func count(route: String, in fingerprint: UInt64) {
    if let number = numbers[fingerprint] { groups[number].count(route: route) }
  }

  // MARK: - Finding the group

  private mutating func number(_ error: OpenError, _ header: RecordHeader, _ loggers: NameTable) -> Int? {
    let key = error.key
    if let known = known[key] {
      guard let known else {
        ungrouped &+= 1
        return nil
      }
      if let number = numbers[known] { return number }
    }
    let number = slowNumber(ErrorReading(error, header, loggers.names[error.logger], ownRedaction))
    if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
    known[key] = .some(number.map { groups[$0].fingerprint })
    return number
  }

  private mutating func slowNumber(_ reading: ErrorReading) -> Int? {
    if let known = numbers[reading.fingerprint] { return known }
    guard groups.count >= Self.mostGroups else { return append(reading.group) }
    guard makesRoom, let oldest = groups.indices.min(by: { groups[$0].lastSeen < groups[$1].lastSeen }) else {
      ungrouped &+= 1
      return nil
    }
    numbers[groups[oldest].fingerprint] = nil
    leftOut.append(groups[oldest].fingerprint)
    groups[oldest] = reading.group
    numbers[reading.fingerprint] = oldest
    return oldest
  }

  @discardableResult
  private mutating func append(_ group: ErrorGroup) -> Int {
    numbers[group.fingerprint] = groups.count
    groups.append(group)
    return groups.count - 1
  }
}

extension OpenError {
  /// The same for errors that are of one group as they stand. Digits are left out, so that numbers of records make no difference.
  fileprivate var key: UInt64 {
    let text = exception.isEmpty ? message : exception
    var hash = UInt64(truncatingIfNeeded: logger) &* 2 &+ (hasTraceback ? 1 : 0)
    if hasTraceback, let end = LogError.classLength(exception.span.bytes) {
      hash = hash.mixed(with: exception.span.bytes.hash(0..<end))
      return hash.mixed(with: moduleFrames != 0 ? moduleFrames : allFrames)
    }
    for byte in text where !byte.isDigit { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}
