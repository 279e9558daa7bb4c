/// Milliseconds of a duration in Prometheus' notation ("5m", "1h30m", "100ms", "0"), units in descending order, each at most once.
///
/// Nil where the text is no such duration or does not fit Prometheus' range of 292 years.
public func parsePrometheusDuration(_ text: String) -> Int64? {
  try? PrometheusDuration.parse(text).get()
}

enum PrometheusDuration {
  /// Why a text is no duration, in the words of prometheus/common.
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  static func parse(_ text: String) -> Result<Int64, Malformed> {
    let bytes = Array(text.utf8)
    if bytes == [UInt8(ascii: "0")] { return .success(0) }
    guard !bytes.isEmpty else { return .failure(Malformed(description: "empty duration string")) }
    var reader = Reader(bytes: bytes, text: text)
    do throws(Malformed) {
      return .success(try reader.read())
    } catch {
      return .failure(error)
    }
  }

  fileprivate static let units: [(name: String, milliseconds: Int64)] = [
    ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  private struct Reader {
    let bytes: [UInt8]
    let text: String
    var position = 0
    var nextUnit = 0

    mutating func read() throws(Malformed) -> Int64 {
      var total: Int64 = 0
      while position < bytes.count {
        let count = try number()
        let unit = try unit()
        let (product, isTooMuch) = count.multipliedReportingOverflow(by: unit)
        let (sum, overflows) = total.addingReportingOverflow(product)
        guard !isTooMuch, !overflows, sum <= Int64.max / 1_000_000 else { throw Malformed(description: "duration out of range") }
        total = sum
      }
      return total
    }

    private var notValid: Malformed { Malformed(description: "not a valid duration string: \(quoted(text))") }

    private mutating func number() throws(Malformed) -> Int64 {
      let digits = bytes[position...].prefix(while: isDigit)
      position = digits.endIndex
      guard let value = Int64(String(decoding: digits, as: UTF8.self)) else { throw notValid }
      return value
    }

    /// None may come twice or out of order.
    private mutating func unit() throws(Malformed) -> Int64 {
      let letters = bytes[position...].prefix { !isDigit($0) }
      guard !letters.isEmpty else { throw notValid }
      position = letters.endIndex
      let name = String(decoding: letters, as: UTF8.self)
      guard let index = units.firstIndex(where: { $0.name == name }) else {
        throw Malformed(description: "unknown unit \(quoted(name)) in duration \(quoted(text))")
      }
      guard index >= nextUnit else { throw notValid }
      nextUnit = index + 1
      return units[index].milliseconds
    }
  }
}

/// A duration in Prometheus' notation: the largest units first, years and weeks only where they leave no rest; negative ones with a minus.
public func formatPrometheusDuration(milliseconds: Int64) -> String {
  guard milliseconds != 0 else { return "0s" }
  var rest = milliseconds.magnitude
  var text = milliseconds < 0 ? "-" : ""
  for unit in PrometheusDuration.units {
    let size = unit.milliseconds.magnitude
    let mustDivide = unit.name == "y" || unit.name == "w"
    guard rest >= size, !mustDivide || rest % size == 0 else { continue }
    text += "\(rest / size)\(unit.name)"
    rest %= size
  }
  return text
}
