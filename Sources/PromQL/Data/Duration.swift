/// Milliseconds of a duration in Prometheus' notation ("5m", "1h30m", "100ms", "0"), units in descending order, each at most once.
///
/// Nil where the text is no such duration or does not fit Prometheus' range of 292 years.
public func parsePrometheusDuration(_ text: String) -> Int64? {
  let bytes = Array(text.utf8)
  if bytes == [UInt8(ascii: "0")] { return 0 }
  guard !bytes.isEmpty else { return nil }
  var position = 0
  var units = durationUnits[...]
  var total: Int64 = 0
  while position < bytes.count {
    guard let count = takeNumber(bytes, &position), let unit = takeUnit(bytes, &position, among: &units) else { return nil }
    let (product, isTooMuch) = count.multipliedReportingOverflow(by: unit)
    let (sum, overflows) = total.addingReportingOverflow(product)
    guard !isTooMuch, !overflows else { return nil }
    total = sum
  }
  return total <= Int64.max / 1_000_000 ? total : nil
}

private let durationUnits: [(name: String, milliseconds: Int64)] = [
  ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
]

private func takeNumber(_ bytes: [UInt8], _ position: inout Int) -> Int64? {
  let digits = bytes[position...].prefix(while: isDigit)
  position = digits.endIndex
  return Int64(String(decoding: digits, as: UTF8.self))
}

/// Leaves only the smaller units, since none may come twice or out of order.
private func takeUnit(_ bytes: [UInt8], _ position: inout Int, among units: inout ArraySlice<(name: String, milliseconds: Int64)>) -> Int64?
{
  let letters = bytes[position...].prefix(while: isLetter)
  guard let index = units.firstIndex(where: { $0.name.utf8.elementsEqual(letters) }) else { return nil }
  position = letters.endIndex
  let unit = units[index].milliseconds
  units = units[(index + 1)...]
  return unit
}

/// A duration in Prometheus' notation: the largest units first, years and weeks only where they leave no rest; negative ones with a minus.
public func formatPrometheusDuration(milliseconds: Int64) -> String {
  guard milliseconds != 0 else { return "0s" }
  var rest = milliseconds.magnitude
  var text = milliseconds < 0 ? "-" : ""
  for unit in durationUnits {
    let size = unit.milliseconds.magnitude
    let mustDivide = unit.name == "y" || unit.name == "w"
    guard rest >= size, !mustDivide || rest % size == 0 else { continue }
    text += "\(rest / size)\(unit.name)"
    rest %= size
  }
  return text
}
