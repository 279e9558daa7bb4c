/// A length of time: a number of seconds, or arithmetic on such numbers and on the query's own step and range.
package struct Length: Sendable {
  package indirect enum Kind: Sendable {
    case number(Double, isDuration: Bool)
    /// Of the query; 0 for an instant one.
    case step
    case range
    /// A plus is kept where parentheses around a number need something to hold on to, and is not printed.
    case sign(isNegative: Bool, Length)
    case binary(BinaryOperator, Length, Length)
    case extreme(isMaximum: Bool, Length, Length)
  }

  package var kind: Kind
  package var range: Range<Int>
  package var isParenthesized = false

  init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// Nil for what depends on the query, or was written as arithmetic.
  package var seconds: Double? {
    if case .number(let seconds, _) = kind, !isParenthesized { return seconds }
    return nil
  }

  /// As Prometheus keeps it: rounded, and 0 for arithmetic.
  package var nanoseconds: Int64 {
    seconds.flatMap { Int64(exactly: ($0 * 1e9).rounded(.toNearestOrAwayFromZero)) } ?? 0
  }

  /// Levels of arithmetic.
  var height: Int {
    switch kind {
    case .number, .step, .range: 1
    case .sign(_, let inner): 1 + inner.height
    case .binary(_, let left, let right), .extreme(_, let left, let right): 1 + max(left.height, right.height)
    }
  }
}

/// What a length can depend on, in seconds.
struct QueryTimes {
  var step: Double
  var range: Double
}

extension Length {
  /// Why arithmetic gives no length of time; the range is where it stands.
  struct Impossible: Error {
    let message: String
    let range: SourceRange
  }

  /// In milliseconds (promql/durations.go, calculateDuration).
  func milliseconds(_ times: QueryTimes, allowsNegative: Bool) throws(Impossible) -> Int64 {
    if seconds != nil { return nanoseconds / 1_000_000 }
    let value = try value(times)
    guard value.isFinite else { throw Impossible(message: "duration is NaN or infinite", range: range) }
    guard value > 0 || allowsNegative else { throw Impossible(message: "duration must be greater than 0", range: range) }
    guard value.magnitude <= Length.maximum else { throw Impossible(message: "duration is out of range", range: range) }
    return Int64(value * 1000)
  }

  /// What 64 bits of nanoseconds hold, in seconds.
  static let maximum = 9_223_372_036.854_775

  private func value(_ times: QueryTimes) throws(Impossible) -> Double {
    switch kind {
    case .number(let seconds, _): return seconds
    case .step: return times.step
    case .range: return times.range
    case .sign(let isNegative, let inner): return try isNegative ? -inner.value(times) : inner.value(times)
    case .extreme(true, let left, let right): return higher(try left.value(times), try right.value(times))
    case .extreme(false, let left, let right): return lower(try left.value(times), try right.value(times))
    case .binary(let operation, let left, let right):
      let left = try left.value(times)
      let right = try right.value(times)
      if right == 0 && operation == .divide { throw Impossible(message: "division by zero", range: range) }
      if right == 0 && operation == .modulo { throw Impossible(message: "modulo by zero", range: range) }
      return operation.apply(left, right).value
    }
  }
}
