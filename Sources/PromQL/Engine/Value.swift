/// What an expression came to.
public struct QueryResult: Sendable {
  public let value: Value
  public let annotations: Annotations
}

public enum Value: Sendable {
  case scalar(Double)
  /// No two elements have the same labels. Their order means nothing, unless the expression sorts.
  case vector(InstantVector)
  case string(String)
  /// Ordered by labels.
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

/// The elements of an instant vector; the labels of one are put together when it is asked for.
public struct InstantVector: RandomAccessCollection, Sendable {
  /// In the order of the elements.
  public let values: [Double]
  private let sets: [LabelSet]
  private let arena: LabelArena

  init(_ sets: [LabelSet], _ values: [Double], in arena: LabelArena) {
    self.sets = sets
    self.values = values
    self.arena = arena
  }

  /// The first elements, so many at most.
  public func first(_ count: Int) -> InstantVector {
    InstantVector(Array(sets.prefix(count)), Array(values.prefix(count)), in: arena)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { values.count }

  public subscript(index: Int) -> VectorElement {
    VectorElement(labels: arena.labels(sets[index]), value: values[index])
  }
}
