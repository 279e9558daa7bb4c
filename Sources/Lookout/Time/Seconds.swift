extension Double {
  /// Seconds, counts and shares as sentences show them: at most three digits after the point, none where they are zero.
  func formatted() -> String {
    guard isFinite, abs(self) < 1e15 else { return "\(self)" }
    // Apart from each other, for a product with 1000 is not exact any more for large numbers.
    let (carry, rest) = Int64((magnitude.truncatingRemainder(dividingBy: 1) * 1000).rounded()).quotientAndRemainder(dividingBy: 1000)
    let whole = Int64(magnitude) + carry
    let sign = self < 0 && (whole, rest) != (0, 0) ? "-" : ""
    guard rest != 0 else { return "\(sign)\(whole)" }
    let digits = String(rest)
    var fraction = String(repeating: "0", count: 3 - digits.count) + digits
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }
}
