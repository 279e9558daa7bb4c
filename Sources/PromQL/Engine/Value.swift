/// What an expression comes to.
public enum Value: Sendable {
  case scalar(Double)
  /// No two elements have the same labels; their order means nothing.
  case vector([VectorElement])
  case string(String)
  case matrix([Series])
}

/// One value of an instant vector.
public struct VectorElement: Sendable {
  public var labels: Labels
  public var value: Double

  public init(labels: Labels, value: Double) {
    self.labels = labels
    self.value = value
  }
}
