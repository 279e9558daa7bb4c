/// How an expression is evaluated.
public struct EvaluationOptions: Sendable {
  /// Milliseconds an instant selector looks back for a sample.
  public var lookback: Int64
  /// Milliseconds between the steps of a subquery that names none: the interval at which rules are evaluated.
  public var subqueryStep: Int64
  /// Whether metric names are dropped from the result only, so that they can be used up to then (Prometheus' flag
  /// `promql-delayed-name-removal`).
  public var delaysNameRemoval: Bool
  /// Whether `rate`, `increase`, `irate` and `resets` look at when a sample's counting began (Prometheus' flag `use-start-timestamps`).
  public var usesStartTimes: Bool
  public var limits: EvaluationLimits

  public init(
    lookback: Int64 = 5 * 60_000, subqueryStep: Int64 = 60_000, delaysNameRemoval: Bool = false, usesStartTimes: Bool = false,
    limits: EvaluationLimits = .standard
  ) {
    self.lookback = min(max(1, lookback), Steps.longest)
    self.subqueryStep = min(max(1, subqueryStep), Steps.longest)
    self.delaysNameRemoval = delaysNameRemoval
    self.usesStartTimes = usesStartTimes
    self.limits = limits
  }

  public static let standard = EvaluationOptions()
}

/// What an evaluation may cost.
public struct EvaluationLimits: Sendable {
  /// Samples read and values made, all steps together; a new text of a label counts as one for every 8 bytes.
  public var samples: Int
  /// Asked every now and then; an answer ends the evaluation.
  public var interruption: @Sendable () -> Interruption?

  public enum Interruption: Sendable {
    case cancelled
    case timedOut
  }

  public init(
    samples: Int = 20_000_000, interruption: @escaping @Sendable () -> Interruption? = { Task.isCancelled ? .cancelled : nil }
  ) {
    self.samples = samples
    self.interruption = interruption
  }

  /// Twenty million samples and values, ended with the task it runs in.
  public static let standard = EvaluationLimits()
}

/// Why an expression that was read well could not be evaluated.
public enum EvaluationError: Error, Sendable {
  case cancelled
  case timedOut
  case tooManySamples(limit: Int)
  /// The data do not allow the operation, such as two series that match the same one.
  case execution(String)
  /// The source of the series threw.
  case source(any Error)
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cancelled: "query was canceled in expression evaluation"
    case .timedOut: "query timed out in expression evaluation"
    case .tooManySamples(let limit): "query processing would load too many samples into memory: more than \(limit)"
    case .execution(let message): message
    case .source(let error): "expanding series: \(error)"
    }
  }

  static let sameLabels = EvaluationError.execution("vector cannot contain metrics with the same labelset")
}
