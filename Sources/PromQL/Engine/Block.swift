/// The values of some series at all steps: row by row, a value for each step, the stale marker where there is none.
///
/// The marker serves as such because it is a signalling NaN, which no arithmetic gives, and selectors never let it through.
struct Block {
  struct Row {
    var labels: LabelSet
    /// Whether the metric's name is to be dropped from the result.
    var dropsName = false
  }

  static let absent = Double.staleMarker

  var rows: [Row] = []
  var values: [Double] = []

  mutating func append(_ row: Row, _ rowValues: some Sequence<Double>) {
    rows.append(row)
    values.append(contentsOf: rowValues)
  }

  /// The values of a row, at so many steps.
  func values(of row: Int, _ steps: Int) -> ArraySlice<Double> { values[(row * steps)..<((row + 1) * steps)] }

  func isEmpty(_ row: Int, _ steps: Int) -> Bool { values(of: row, steps).allSatisfy(\.isStaleMarker) }

  /// Changes all values that there are.
  mutating func map(_ change: (Double) -> Double) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices where !values[index].isStaleMarker { values[index] = change(values[index]) }
    }
  }
}
