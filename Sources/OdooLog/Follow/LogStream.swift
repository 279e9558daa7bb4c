/// What is between two lines of one of several inputs of a log: the record that the next line may continue.
public struct LogStream: Sendable, Codable {
  var place = LogStatistics.Place.beforeRecords
  var open = OpenError()
  var record = OpenRecord()

  public init() {}

  /// Whether a record that matters may still go on.
  public var hasOpenRecord: Bool { open.isOpen || !record.isEmpty }
}

extension FollowedLog {
  /// Goes on in another input, and leaves in its place what is between two lines of this one.
  public mutating func exchange(_ stream: inout LogStream) {
    swap(&statistics.place, &stream.place)
    observer.exchange(&stream)
  }
}
