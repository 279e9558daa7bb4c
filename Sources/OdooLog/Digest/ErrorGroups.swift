/// Groups the errors of a log. Bounded whatever the log holds: what finds no group any more is counted as that.
public struct ErrorGroups: Sendable {
  public static let mostGroups = 400

  public private(set) var groups: [ErrorGroup] = []
  /// Errors that came when there were as many groups as there may be, and belong to none of them.
  public private(set) var ungrouped: UInt64 = 0

  private var numbers: [UInt64: Int] = [:]
  /// Groups of messages as they stood in the log, so that not each has to be redacted.
  private var known: [UInt64: Int?] = [:]
  private static let mostKnown = 4_096

  mutating func add(_ error: OpenError, _ loggers: NameTable) -> Int? {
    guard let header = error.header, let number = number(error, header, loggers) else { return nil }
    groups[number].count(at: header.time, database: error.database)
    return number
  }

  mutating func count(route: Int, in group: Int) { groups[group].count(route: route) }

  // MARK: - Finding the group

  private mutating func number(_ error: OpenError, _ header: RecordHeader, _ loggers: NameTable) -> Int? {
    let key = error.key
    if let known = known[key] {
      if known == nil { ungrouped &+= 1 }
      return known
    }
    let number = slowNumber(ErrorReading(error, header, loggers.names[error.logger]))
    if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
    known[key] = .some(number)
    return number
  }

  private mutating func slowNumber(_ reading: ErrorReading) -> Int? {
    if let known = numbers[reading.fingerprint] { return known }
    guard groups.count < Self.mostGroups else {
      ungrouped &+= 1
      return nil
    }
    numbers[reading.fingerprint] = groups.count
    groups.append(reading.group)
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
