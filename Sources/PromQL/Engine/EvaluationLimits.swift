/// What an evaluation may cost.
public struct EvaluationLimits: Sendable {
  /// Samples read and vector elements made, all steps together.
  public var samples: Int
  /// Milliseconds an instant selector looks back for a sample.
  public var lookback: Int64
  /// Asked between steps; true ends the evaluation.
  public var isCancelled: @Sendable () -> Bool

  public init(
    samples: Int = 5_000_000, lookback: Int64 = 5 * 60_000, isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled }
  ) {
    self.samples = samples
    self.lookback = lookback
    self.isCancelled = isCancelled
  }

  /// Five million samples (80 MB), five minutes back, ended with the task it runs in.
  public static let standard = EvaluationLimits()
}

/// Why an expression that was read well could not be evaluated.
public enum EvaluationError: Error, Sendable {
  case cancelled
  case tooManySamples(limit: Int)
  /// The data do not allow the operation, such as two series that match the same one.
  case execution(String)
  /// The source of the series threw.
  case source(any Error)
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cancelled: "query was cancelled"
    case .tooManySamples(let limit): "query touches more than \(limit) samples"
    case .execution(let message): message
    case .source(let error): "series could not be read: \(error)"
    }
  }
}
