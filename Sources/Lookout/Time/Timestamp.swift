/// A moment, in milliseconds since 1970 (UTC).
struct Timestamp: Hashable, Comparable, Codable, Sendable {
  var milliseconds: Int64

  init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  var seconds: Double { Double(milliseconds) / 1000 }

  static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
  static func + (moment: Timestamp, span: Duration) -> Timestamp { Timestamp(milliseconds: moment.milliseconds + span.milliseconds) }
  static func - (moment: Timestamp, span: Duration) -> Timestamp { Timestamp(milliseconds: moment.milliseconds - span.milliseconds) }
  static func - (later: Timestamp, earlier: Timestamp) -> Duration { .milliseconds(later.milliseconds - earlier.milliseconds) }
}

extension Duration {
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// The span in seconds, as metrics and sentences give it.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
