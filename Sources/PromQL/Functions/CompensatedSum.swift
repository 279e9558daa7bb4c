/// A sum that keeps what rounding loses (Kahan's algorithm as improved by Neumaier; util/kahansum of Prometheus).
struct CompensatedSum {
  var sum = 0.0
  var lost = 0.0

  @inline(__always)
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

/// A mean: the sum divided by the count or, once the sum would overflow, the mean carried along.
struct CompensatedMean {
  private var sum: CompensatedSum
  private var count = 1.0
  private var isCarried = false

  init(_ first: Double) {
    sum = CompensatedSum(sum: first)
  }

  mutating func add(_ value: Double) {
    count += 1
    if !isCarried {
      let next = sum.adding(value)
      if !next.sum.isInfinite {
        sum = next
        return
      }
      isCarried = true
      sum = CompensatedSum(sum: sum.sum / (count - 1), lost: sum.lost / (count - 1))
    }
    sum = sum.scaled(by: (count - 1) / count).adding(value / count)
  }

  var value: Double { isCarried ? sum.sum + sum.lost : sum.sum / count + sum.lost / count }
}
