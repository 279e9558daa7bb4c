func sum(_ window: Window) -> Double? {
  var sum = CompensatedSum()
  for sample in window.samples { sum.add(sample.value) }
  return sum.value
}

func average(_ window: Window) -> Double? {
  var mean = CompensatedMean(window.first.value)
  for sample in window.samples.dropFirst() { mean.add(sample.value) }
  return mean.value
}

/// How often the value differs from the one before; two NaN do not differ.
func changes(_ window: Window) -> Double? {
  guard let samples = window.anchored else { return nil }
  var count = 0
  var previous = samples[0].value
  for sample in samples.dropFirst() {
    if sample.value != previous && !(sample.value.isNaN && previous.isNaN) { count += 1 }
    previous = sample.value
  }
  return Double(count)
}

func variance(of window: Window) -> Double {
  var count = 0.0
  var mean = CompensatedSum()
  var squares = CompensatedSum()
  for sample in window.samples {
    count += 1
    let delta = sample.value - (mean.sum + mean.lost)
    mean.add(delta / count)
    squares.add(delta * (sample.value - (mean.sum + mean.lost)))
  }
  return (squares.sum + squares.lost) / count
}

func medianAbsoluteDeviation(_ window: Window) -> Double? {
  let values = window.samples.map(\.value)
  if values.contains(where: \.isNaN) { return .nan }
  let median = quantile(0.5, of: values)
  return quantile(0.5, of: values.map { ($0 - median).magnitude })
}

extension Window {
  /// The first sample (or the last, where `isBeyond` holds for equal ones) that no other is beyond; NaN only where there is nothing else.
  @inline(__always)
  func extreme(_ isBeyond: (Double, Double) -> Bool) -> Sample {
    var found = samples[0]
    for sample in samples where isBeyond(sample.value, found.value) || found.value.isNaN { found = sample }
    return found
  }
}

/// A line through the samples by least squares: its slope and its value at a time (promql/functions.go, linearRegression).
private func regression(_ samples: UnsafeBufferPointer<Sample>, at time: Int64) -> (slope: Double, value: Double) {
  let first = samples[0].value
  if samples.allSatisfy({ $0.value == first }) { return first.isInfinite ? (.nan, .nan) : (0, first) }
  var (x, y, xy, xx) = (CompensatedSum(), CompensatedSum(), CompensatedSum(), CompensatedSum())
  for sample in samples {
    let distance = Double(sample.time - time) / 1000
    x.add(distance)
    y.add(sample.value)
    xy.add(distance * sample.value)
    xx.add(distance * distance)
  }
  let count = Double(samples.count)
  let (sumX, sumY) = (x.sum + x.lost, y.sum + y.lost)
  let covariance = xy.sum + xy.lost - sumX * sumY / count
  let slope = covariance / (xx.sum + xx.lost - sumX * sumX / count)
  return (slope, sumY / count - slope * sumX / count)
}

func derivative(_ window: Window) -> Double? {
  window.samples.count < 2 ? nil : regression(window.samples, at: window.first.time).slope
}

func linearPrediction(_ window: Window) -> Double? {
  guard window.samples.count > 1 else { return nil }
  let line = regression(window.samples, at: window.time)
  return line.slope * window.parameters.0 + line.value
}

/// Holt's method; the factors say how much of the past counts.
func doubleExponentialSmoothing(_ window: Window) throws(EvaluationError) -> Double? {
  let (smoothing, trend) = window.parameters
  func require(_ factor: Double, _ name: String) throws(EvaluationError) {
    guard factor <= 0 || factor >= 1 else { return }
    throw .execution("invalid \(name) factor. Expected: 0 < \(name.first ?? "s")f < 1, got: \(formatFixed(factor))")
  }
  try require(smoothing, "smoothing")
  try require(trend, "trend")
  guard window.samples.count > 1 else { return nil }
  var before = 0.0
  var current = window.first.value
  var slope = window.samples[1].value - window.first.value
  for (index, sample) in window.samples.enumerated().dropFirst() {
    if index > 1 { slope = trend * (current - before) + (1 - trend) * slope }
    let next = smoothing * sample.value + (1 - smoothing) * (current + slope)
    (before, current) = (current, next)
  }
  return current
}
