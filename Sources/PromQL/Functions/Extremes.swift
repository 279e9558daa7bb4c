/// The lower of two as Go's math.Min sees it: minus infinity beats NaN, NaN beats numbers.
func lower(_ left: Double, _ right: Double) -> Double {
  if left == -.infinity || right == -.infinity { return -.infinity }
  return left.isNaN || right.isNaN ? .nan : min(left, right)
}

/// The higher of two as Go's math.Max sees it.
func higher(_ left: Double, _ right: Double) -> Double {
  if left == .infinity || right == .infinity { return .infinity }
  return left.isNaN || right.isNaN ? .nan : max(left, right)
}

/// NaN before all numbers, as Prometheus sorts values.
func precedesInValue(_ left: Double, _ right: Double) -> Bool { left.isNaN ? !right.isNaN : left < right }

/// Between two values by their distance to the rank (promql/quantile.go, quantile).
func quantile(_ share: Double, of values: [Double]) -> Double {
  if values.isEmpty || share.isNaN { return .nan }
  if share < 0 { return -.infinity }
  if share > 1 { return .infinity }
  let sorted = values.sorted(by: precedesInValue)
  let rank = share * Double(sorted.count - 1)
  let low = max(0, Int(rank.rounded(.down)))
  let high = min(sorted.count - 1, low + 1)
  let weight = rank - rank.rounded(.down)
  return sorted[low] * (1 - weight) + sorted[high] * weight
}
