/// How often the value differs from the one before; two NaN do not differ.
func changes(in window: Window) -> Double? {
  let pairs = zip(window.samples, window.samples.dropFirst())
  return Double(pairs.count { $0.value != $1.value && !($0.value.isNaN && $1.value.isNaN) })
}

extension [Double] {
  /// NaN only where there is nothing else; nil for none at all.
  var maximum: Double? { extreme { $0 > $1 } }

  var minimum: Double? { extreme { $0 < $1 } }

  private func extreme(_ isBeyond: (Double, Double) -> Bool) -> Double? {
    guard var found = first else { return nil }
    for value in dropFirst() where isBeyond(value, found) || found.isNaN { found = value }
    return found
  }
}

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
