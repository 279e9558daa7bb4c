/// The exponential function by the very steps that Prometheus' compiler has for it on x86-64 (Go's math/exp_amd64.s, after Shibata's
/// "Efficient evaluation methods of elementary functions suitable for SIMD computation"). The last bit of it decides what oscillating
/// functions of large arguments come to.
func exponential(_ value: Double) -> Double {
  guard value.isFinite else { return value == -.infinity ? 0 : value }
  if value > 709.782712893384 { return .infinity }
  if value < -745.1332191019411 { return 0 }
  let exponent = (value * 1.4426950408889634).rounded(.toNearestOrEven)
  var rest = value.addingProduct(-exponent, 0.69314718055966295651160180568695068359375)
  rest = rest.addingProduct(-exponent, 0.28235290563031577122588448175013436025525412068e-12)
  rest *= 0.0625
  let coefficients = [
    1.9841269841269841270e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3, 4.1666666666666666667e-2, 1.6666666666666666667e-1,
    0.5, 1,
  ]
  let series = coefficients.reduce(2.4801587301587301587e-5) { $1.addingProduct($0, rest) }
  // e^x - 1, squared four times for the division by 16.
  var result = rest * series
  for _ in 0..<3 { result *= result + 2 }
  result = 1.0.addingProduct(result + 2, result)
  return Double(sign: .plus, exponent: Int(exponent), significand: result)
}

/// math/sinh.go.
func hyperbolicCosine(_ value: Double) -> Double {
  let power = exponential(value.magnitude)
  return value.magnitude > 21 ? power * 0.5 : (power + 1 / power) * 0.5
}

/// math/sinh.go.
func hyperbolicSine(_ value: Double) -> Double {
  let size = value.magnitude
  let power = exponential(size)
  let result = size > 21 ? power * 0.5 : size > 0.5 ? (power - 1 / power) * 0.5 : smallHyperbolicSine(size)
  return value < 0 ? -result : result
}

private func smallHyperbolicSine(_ value: Double) -> Double {
  let square = value * value
  let above =
    ((-0.2630563213397497062819489e+2 * square - 0.2894211355989563807284660366e+4) * square - 0.8991272022039509355398013511e+5)
    * square - 0.6307673640497716991184787251e+6
  let below =
    ((square - 0.173678953558233699533450911e+3) * square + 0.1521517378790019070696485176e+5) * square
    - 0.6307673640497716991212077277e+6
  return above * value / below
}
