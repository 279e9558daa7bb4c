/// A value as Prometheus' text exposition prints it: the shortest digits that read back the same, with an exponent of at least two
/// digits below 1e-04 and from 1e+06 on (Go's strconv, format 'g').
public func formatPrometheusValue(_ value: Double) -> String {
  guard let decimal = Decimal(value) else { return nonFinite(value) }
  return (-3...6).contains(decimal.point) ? decimal.plain : decimal.scientific
}

/// A value without exponent, however long (Go's strconv, format 'f'): what expressions are printed with.
func formatPlainNumber(_ value: Double) -> String {
  Decimal(value)?.plain ?? nonFinite(value)
}

/// With an exponent of at least two digits (Go's strconv, format 'e'): how Prometheus' interface writes the value of an alert.
public func formatScientific(_ value: Double) -> String {
  Decimal(value).map { value == 0 ? "\($0.sign)0e+00" : $0.scientific } ?? nonFinite(value)
}

/// As a number in JSON is written: without exponent where it is from 1e-06 up to 1e+21 (Go's encoding/json), and what is no number by its
/// name.
public func formatJSONNumber(_ value: Double) -> String {
  guard value.isFinite, value != 0, !(1e-6..<1e21).contains(value.magnitude), let decimal = Decimal(value) else {
    return formatPlainNumber(value)
  }
  return decimal.scientific.replacing("e-0", with: "e-")
}

/// With two significant digits (Go's verb %.2g).
func formatRounded(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return formatPrometheusValue(value) }
  var exponent = 0
  var scaled = value.magnitude
  while scaled >= 100 { (scaled, exponent) = (scaled / 10, exponent + 1) }
  while scaled < 10 { (scaled, exponent) = (scaled * 10, exponent - 1) }
  let digits = Int(scaled.rounded(.toNearestOrEven))
  guard let rounded = Double("\(value < 0 ? "-" : "")\(digits)e\(exponent)") else { return formatPrometheusValue(value) }
  let size = exponent + (digits == 100 ? 2 : 1)
  return Decimal(rounded).map { (-4..<2).contains(size) ? $0.plain : $0.scientific } ?? nonFinite(rounded)
}

/// With six decimals (Go's verb %f).
func formatFixed(_ value: Double) -> String {
  guard value.isFinite, let millionths = Int64(exactly: (value * 1e6).rounded()) else { return formatPlainNumber(value) }
  let fraction = String(millionths.magnitude % 1_000_000)
  return (millionths < 0 ? "-" : "") + "\(millionths.magnitude / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count)
    + fraction
}

private func nonFinite(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  return value < 0 ? "-Inf" : "+Inf"
}

/// The shortest decimal digits of a finite number: 0.digits × 10^point.
private struct Decimal {
  var isNegative: Bool
  var digits: [UInt8]
  var point: Int

  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    isNegative = value.sign == .minus
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts.first.map { Array($0.utf8) } ?? []
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
    let all = mantissa.filter { $0 != UInt8(ascii: ".") }
    let significant = all.drop { $0 == UInt8(ascii: "0") }
    point = whole.count + exponent - (all.count - significant.count)
    digits = Array(significant)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      digits = [UInt8(ascii: "0")]
      point = 1
    }
  }

  var sign: String { isNegative ? "-" : "" }

  private func text(_ part: ArraySlice<UInt8>) -> String { String(decoding: part, as: UTF8.self) }

  var plain: String {
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text(digits[...]) }
    if point >= digits.count { return sign + text(digits[...]) + String(repeating: "0", count: point - digits.count) }
    return sign + text(digits[..<point]) + "." + text(digits[point...])
  }

  var scientific: String {
    let exponent = point - 1
    let fraction = digits.count > 1 ? "." + text(digits[1...]) : ""
    let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return sign + text(digits[..<1]) + fraction + "e" + (exponent < 0 ? "-" : "+") + size
  }
}
