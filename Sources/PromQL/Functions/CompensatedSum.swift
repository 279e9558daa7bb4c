/// A sum that keeps what rounding loses (Kahan's algorithm as improved by Neumaier; util/kahansum of Prometheus).
struct CompensatedSum {
  var sum = 0.0
  var lost = 0.0

  mutating func add(_ value: Double) {
    let next = sum + value
    if next.isInfinite {
      lost = 0
    } else if sum.magnitude >= value.magnitude {
      lost += (sum - next) + value
    } else {
      lost += (value - next) + sum
    }
    sum = next
  }

  func adding(_ value: Double) -> CompensatedSum {
    var copy = self
    copy.add(value)
    return copy
  }

  func scaled(by factor: Double) -> CompensatedSum {
    CompensatedSum(sum: sum * factor, lost: lost * factor)
  }

  var value: Double { sum.isInfinite ? sum : sum + lost }
}

extension [Double] {
  var compensatedSum: Double {
    reduce(into: CompensatedSum()) { $0.add($1) }.value
  }

  /// The sum divided by the count or, where the sum would overflow, the mean carried along; nil for none.
  var mean: Double? {
    guard let first else { return nil }
    var sum = CompensatedSum(sum: first)
    var carried: CompensatedSum?
    for (index, value) in enumerated().dropFirst() {
      let count = Double(index + 1)
      if carried == nil {
        let next = sum.adding(value)
        if next.sum.isFinite || next.sum.isNaN {
          sum = next
          continue
        }
      }
      let before = carried ?? CompensatedSum(sum: sum.sum / (count - 1), lost: sum.lost / (count - 1))
      carried = before.scaled(by: (count - 1) / count).adding(value / count)
    }
    if let carried { return carried.sum + carried.lost }
    return sum.sum / Double(count) + sum.lost / Double(count)
  }
}
