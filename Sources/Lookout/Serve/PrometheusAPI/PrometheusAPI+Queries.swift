import PromQL

extension PrometheusAPI {
  /// Who asks for more waits too long.
  private static let longestQuery = Duration.seconds(30)
  /// Of a range query, a series.
  private static let mostPoints: Int64 = 11_000

  func query(_ parameters: Parameters) throws(Failure) -> Answer {
    let limit = try parameters.limit()
    let time = try parameters.time("time") ?? now()
    let options = try options(parameters)
    let expression = try parameters.expression()
    return try answer(expression, limit) { () throws(EvaluationError) in
      try expression.evaluate(at: time.milliseconds, over: store, options: options)
    } write: { value, text in
      value.write(at: time.milliseconds, to: &text)
    }
  }

  func queryRange(_ parameters: Parameters) throws(Failure) -> Answer {
    let limit = try parameters.limit()
    let start = try parameters.requiredTime("start")
    let end = try parameters.requiredTime("end")
    guard end >= start else { throw .parameter("end", "end timestamp must not be before start time") }
    let step = try parameters.requiredDuration("step")
    guard step > .zero else {
      throw .parameter("step", "zero or negative query resolution step widths are not accepted. Try a positive integer")
    }
    guard (end - start).milliseconds / max(1, step.milliseconds) <= Self.mostPoints else {
      throw Failure(
        .badData, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")
    }
    let options = try options(parameters)
    let expression = try parameters.expression()
    guard expression.type == .vector || expression.type == .scalar else {
      throw .parameter(
        "query", "invalid expression type \"\(expression.type.documentedName)\" for range query, must be Scalar or instant Vector")
    }
    return try answer(expression, limit) { () throws(EvaluationError) in
      try expression.evaluate(
        from: start.milliseconds, through: end.milliseconds, step: step.milliseconds, over: store, options: options)
    } write: { value, text in
      value.write(at: start.milliseconds, to: &text)
    }
  }

  func formatted(_ parameters: Parameters) throws(Failure) -> Answer {
    let text = try parameters.expression().pretty
    return Answer { $0.string(text) }
  }

  func parsed(_ parameters: Parameters) throws(Failure) -> Answer {
    let tree = try parameters.expression().syntaxTree
    return Answer { $0.raw(tree) }
  }

  private func options(_ parameters: Parameters) throws(Failure) -> EvaluationOptions {
    let deadline = ContinuousClock.now + min(try parameters.duration("timeout") ?? Self.longestQuery, Self.longestQuery)
    var options = EvaluationOptions.standard
    options.limits.interruption = { ContinuousClock.now > deadline ? .timedOut : nil }
    if let lookback = try parameters.duration("lookback_delta"), lookback > .zero { options.lookback = lookback.milliseconds }
    return options
  }

  private func answer(
    _ expression: Expression, _ limit: Int?, _ evaluate: () throws(EvaluationError) -> QueryResult,
    write: @escaping @Sendable (Value, inout JSONText) -> Void
  ) throws(Failure) -> Answer {
    let result: QueryResult
    do throws(EvaluationError) { result = try evaluate() } catch { throw Failure(error) }
    let (value, isCut) = result.value.cut(to: limit)
    let warnings = result.annotations.texts(.warning, in: expression.text) + (isCut ? [Self.cutWarning] : [])
    return Answer(warnings: warnings, infos: result.annotations.texts(.info, in: expression.text)) { write(value, &$0) }
  }

  static let cutWarning = "results truncated due to limit"
}

extension Value {
  /// Its first elements, and whether there were more.
  fileprivate func cut(to limit: Int?) -> (Value, Bool) {
    guard let limit else { return (self, false) }
    switch self {
    case .vector(let elements) where elements.count > limit: return (.vector(elements.first(limit)), true)
    case .matrix(let series) where series.count > limit: return (.matrix(Array(series.prefix(limit))), true)
    default: return (self, false)
    }
  }

  fileprivate func write(at time: Int64, to text: inout JSONText) {
    let kind: String
    let result: (inout JSONText) -> Void
    switch self {
    case .scalar(let value): (kind, result) = ("scalar", { $0.point(time, formatJSONNumber(value)) })
    case .string(let value): (kind, result) = ("string", { $0.point(time, value) })
    case .vector(let elements):
      kind = "vector"
      result = { text in
        text.array(Array(elements)) { text, element in
          text.object([
            ("metric", { $0.object(element.labels.dictionary) }), ("value", { $0.point(time, formatJSONNumber(element.value)) }),
          ])
        }
      }
    case .matrix(let series):
      kind = "matrix"
      result = { text in
        text.array(series) { text, one in
          text.object([
            ("metric", { $0.object(one.labels.dictionary) }),
            ("values", { $0.array(one.samples) { $0.point($1.time, formatJSONNumber($1.value)) } }),
          ])
        }
      }
    }
    text.object([("resultType", { $0.string(kind) }), ("result", result)])
  }
}

extension JSONText {
  /// A value and its moment, as Prometheus writes them: seconds, with milliseconds where there are some, and a text.
  fileprivate mutating func point(_ milliseconds: Int64, _ value: String) {
    raw("[")
    seconds(milliseconds)
    raw(",")
    string(value)
    raw("]")
  }
}
