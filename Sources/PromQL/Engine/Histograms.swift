/// A classic histogram at a step: counts up to and with each upper bound.
struct Buckets {
  struct Bucket {
    let bound: Double
    var count: Double
  }

  /// What had to be changed to make the counts increase.
  struct Correction {
    var lowest = Double.infinity
    var highest = -Double.infinity
    var difference = 0.0
  }

  private var all: [Bucket]

  /// Bounds that are spelled differently are one.
  init(_ buckets: [Bucket]) {
    all = []
    for bucket in buckets.sorted(by: { $0.bound < $1.bound }) {
      if let last = all.last, last.bound == bucket.bound {
        all[all.count - 1].count += bucket.count
      } else {
        all.append(bucket)
      }
    }
  }

  private var hasInfiniteBound: Bool { all.last?.bound == .infinity }

  /// promql/quantile.go, BucketQuantile.
  mutating func quantile(_ share: Double) -> (value: Double, correction: Correction?) {
    if share.isNaN { return (.nan, nil) }
    if share < 0 { return (-.infinity, nil) }
    if share > 1 { return (.infinity, nil) }
    guard hasInfiniteBound else { return (.nan, nil) }
    let correction = makeMonotonic()
    guard all.count > 1, let observations = all.last?.count, observations != 0 else { return (.nan, correction) }
    return (value(atRank: share * observations), correction)
  }

  private func value(atRank rank: Double) -> Double {
    let last = all.count - 1
    let index = all[..<last].firstIndex { $0.count >= rank } ?? last
    if index == last { return all[last - 1].bound }
    if index == 0 && all[0].bound <= 0 { return all[0].bound }
    let (start, below) = index > 0 ? (all[index - 1].bound, all[index - 1].count) : (0, 0)
    return start + (all[index].bound - start) * ((rank - below) / (all[index].count - below))
  }

  /// Counts that fall are raised to the one before; what only rounding made differ is made equal.
  private mutating func makeMonotonic() -> Correction? {
    var correction: Correction?
    var previous = all[0].count
    for index in 1..<max(1, all.count) {
      let current = all[index].count
      if current == previous { continue }
      if isAlmostEqual(previous, current, within: 1e-12) {
        all[index].count = previous
      } else if current < previous {
        all[index].count = previous
        var changed = correction ?? Correction()
        changed.lowest = min(changed.lowest, all[index].bound)
        changed.highest = max(changed.highest, all[index].bound)
        changed.difference = max(changed.difference, previous - current)
        correction = changed
      } else {
        previous = current
      }
    }
    return correction
  }

  /// The share of observations between two values (promql/quantile.go, BucketFraction).
  func fraction(from lower: Double, to upper: Double) -> Double {
    guard hasInfiniteBound, let count = all.last?.count, count != 0, !lower.isNaN, !upper.isNaN else { return .nan }
    if lower >= upper { return 0 }
    let low = min(rank(of: lower) ?? count, count)
    let high = min(rank(of: upper) ?? count, count)
    return (high - low) / count
  }

  /// How many observations are not above a value, evenly spread in each bucket; nil where it is above all bounds.
  private func rank(of value: Double) -> Double? {
    var below = 0.0
    for (index, bucket) in all.enumerated() {
      let start = index > 0 ? all[index - 1].bound : all[0].bound <= 0 ? -.infinity : 0
      if start >= value { return below }
      if bucket.bound > value {
        // No line leads through a bucket without end on the left.
        return start == -.infinity ? bucket.count : below + (bucket.count - below) * (value - start) / (bucket.bound - start)
      }
      below = bucket.count
    }
    return nil
  }
}

/// util/almost of Prometheus.
package func isAlmostEqual(_ left: Double, _ right: Double, within epsilon: Double) -> Bool {
  if left.isStaleMarker || right.isStaleMarker { return left.isStaleMarker && right.isStaleMarker }
  if left.isNaN && right.isNaN || left == right { return true }
  let sum = left.magnitude + right.magnitude
  let difference = (left - right).magnitude
  if left == 0 || right == 0 || sum < .leastNormalMagnitude { return difference < epsilon * .leastNormalMagnitude }
  return difference / min(sum, .greatestFiniteMagnitude) < epsilon
}

extension Evaluator {
  /// Rows that are the buckets of one histogram.
  private struct Histogram {
    var labels: LabelSet
    var dropsName = true
    var buckets: [(bound: Double, row: Int)] = []
  }

  mutating func histogramQuantile(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let quantiles = try scalars(of: call.arguments[0], steps)
    warnOfQuantiles(quantiles, at: call.arguments[0].unwrapped.start)
    let block = try block(of: call.arguments[1], steps)
    let histograms = try histograms(block, steps, at: call.arguments[1].unwrapped.start)
    return try overHistograms(histograms, block, steps) { evaluator, buckets, histogram, step in
      evaluator.quantile(quantiles[step], buckets, histogram.labels, at: call.arguments[1].unwrapped.start, time: steps[step])
    }
  }

  mutating func histogramQuantiles(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let block = try block(of: call.arguments[0], steps)
    let place = call.arguments[0].unwrapped.start
    let name = labels.symbol(for: call.arguments[1].text ?? "")
    var result = Block()
    var all: [[Double]] = []
    for argument in call.arguments.dropFirst(2) {
      all.append(try scalars(of: argument, steps))
      warnOfQuantiles(all[all.count - 1], at: argument.unwrapped.start)
    }
    let histograms = try histograms(block, steps, at: place)
    for quantiles in all {
      let part = try overHistograms(histograms, block, steps) { evaluator, buckets, histogram, step in
        evaluator.quantile(quantiles[step], buckets, histogram.labels, at: place, time: steps[step])
      }
      for (index, row) in part.rows.enumerated() {
        for step in 0..<steps.count where !part.values[index * steps.count + step].isStaleMarker {
          let text = labels.symbol(for: formatOpenMetricsNumber(quantiles[step]))
          var values = Array(repeating: Block.absent, count: steps.count)
          values[step] = part.values[index * steps.count + step]
          result.append(Block.Row(labels: labels.setting(name, to: text, in: row.labels), dropsName: row.dropsName), values)
          try charge(steps.count)
        }
      }
    }
    return try merged(result, steps)
  }

  mutating func histogramFraction(_ call: Call, _ steps: Steps) throws(EvaluationError) -> Block {
    let lower = try scalars(of: call.arguments[0], steps)
    let upper = try scalars(of: call.arguments[1], steps)
    let block = try block(of: call.arguments[2], steps)
    let histograms = try histograms(block, steps, at: call.arguments[2].unwrapped.start)
    return try overHistograms(histograms, block, steps) { _, buckets, _, step in buckets.fraction(from: lower[step], to: upper[step]) }
  }

  private mutating func quantile(
    _ share: Double, _ buckets: Buckets, _ set: LabelSet, at offset: Int, time: Int64
  ) -> Double {
    var buckets = buckets
    let (value, correction) = buckets.quantile(share)
    if let correction {
      let name = options.delaysNameRemoval ? labels.text(of: labels.find(Labels.metricName), in: set) : ""
      let link = "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile"
      let message = "input to histogram_quantile needed to be fixed for monotonicity (see \(link))"
      annotations.add(
        Annotations.Annotation(
          severity: .info, message: name.isEmpty ? message : "\(message) for metric name \(quoted(name))", offset: offset,
          detail: .forcedMonotonicity(
            first: time, last: time, lowest: correction.lowest, highest: correction.highest, difference: correction.difference, count: 1)))
    }
    return value
  }

  private mutating func histograms(_ block: Block, _ steps: Steps, at offset: Int) throws(EvaluationError) -> [Histogram] {
    let bucket = labels.symbol(for: "le")
    var table = LabelSetTable()
    var histograms: [Histogram] = []
    for (index, row) in block.rows.enumerated() where !block.isEmpty(index, steps.count) {
      let text = labels.text(of: bucket, in: row.labels)
      guard let bound = bucketBound(text) else {
        let name = options.delaysNameRemoval ? labels.text(of: labels.find(Labels.metricName), in: row.labels) : ""
        let message = "bucket label \"le\" is missing or has a malformed value of \(quoted(text))"
        annotations.warn(name.isEmpty ? message : "\(message) for metric name \(quoted(name))", at: offset)
        continue
      }
      let set = labels.filtered(row.labels, names: [bucket], keeps: false)
      let (place, isNew) = table.index(of: set, in: labels)
      if isNew { histograms.append(Histogram(labels: set)) }
      histograms[place].buckets.append((bound, index))
    }
    try charge(block.values.count)
    return histograms
  }

  private mutating func overHistograms(
    _ histograms: [Histogram], _ block: Block, _ steps: Steps,
    _ compute: (inout Evaluator, Buckets, Histogram, Int) -> Double
  ) throws(EvaluationError) -> Block {
    var result = Block()
    for histogram in histograms {
      try charge(rows: 1, steps)
      let values = (0..<steps.count).map { step in
        let present = histogram.buckets.compactMap { bucket in
          let count = block.values[bucket.row * steps.count + step]
          return count.isStaleMarker ? nil : Buckets.Bucket(bound: bucket.bound, count: count)
        }
        return present.isEmpty ? Block.absent : compute(&self, Buckets(present), histogram, step)
      }
      result.append(Block.Row(labels: histogram.labels), values)
    }
    return try withoutNames(result, steps)
  }

  /// As Go reads numbers, in any spelling.
  private func bucketBound(_ text: String) -> Double? {
    text.isEmpty ? nil : parseGoNumber(text)
  }
}

/// A number as a label of OpenMetrics: with a decimal point at least (model/labels, FormatOpenMetricsFloat).
private func formatOpenMetricsNumber(_ value: Double) -> String {
  let text = formatPrometheusValue(value)
  return value.isFinite && !text.contains(".") && !text.contains("e") ? text + ".0" : text
}
