/// A value at an instant.
public struct Sample: Hashable, Sendable {
  /// Milliseconds since 1970-01-01 UTC.
  public var time: Int64
  public var value: Double

  public init(time: Int64, value: Double) {
    self.time = time
    self.value = value
  }
}

/// Samples of one set of labels, in ascending time.
public struct Series: Sendable {
  public var labels: Labels
  public var samples: [Sample]

  public init(labels: Labels, samples: [Sample]) {
    self.labels = labels
    self.samples = samples
  }
}

extension Double {
  /// The value that says a series has ended (model/value/value.go, StaleNaN): a NaN told from others by its bits alone.
  public static let staleMarker = Double(bitPattern: 0x7ff0_0000_0000_0002)

  public var isStaleMarker: Bool { bitPattern == 0x7ff0_0000_0000_0002 }
}
