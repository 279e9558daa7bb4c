import Glibc
import PromQL

/// Numbers as Go's fmt writes them.
enum GoNumber {
  /// `%.4g`: at most so many significant digits.
  static func general(_ value: Double, digits: Int) -> String {
    nonFinite(value) ?? formatted("%.*g", digits, value)
  }

  /// `%.2f`.
  static func fixed(_ value: Double, decimals: Int) -> String {
    nonFinite(value) ?? formatted("%.*f", decimals, value)
  }

  /// `%.2e`.
  static func scientific(_ value: Double, decimals: Int) -> String {
    nonFinite(value) ?? formatted("%.*e", decimals, value)
  }

  /// `%x`: mantissa and exponent of two; all digits where no number of them is given.
  static func hexadecimal(_ value: Double, digits: Int?) -> String {
    if let special = nonFinite(value) { return special }
    let text = formatted(digits == nil ? "%a" : "%.*a", digits, value)
    guard let mark = text.lastIndex(of: "p"), text.distance(from: mark, to: text.endIndex) == 3, let last = text.last else { return text }
    return text.dropLast() + "0\(last)"
  }

  private static func nonFinite(_ value: Double) -> String? {
    value.isFinite ? nil : formatPrometheusValue(value)
  }

  /// More digits are not written: enough for every double, and it bounds the buffer.
  static let precisionLimit = 100

  /// C's printf rounds a finite double as Go does: exactly, halves to even.
  private static func formatted(_ format: String, _ precision: Int?, _ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 512)
    let capacity = buffer.count
    let arguments: [any CVarArg] = (precision.map { [Int32(min($0, precisionLimit))] } ?? []) + [value]
    let length = withVaList(arguments) { vsnprintf(&buffer, capacity, format, $0) }
    return String(decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
