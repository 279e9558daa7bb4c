/// Bars over time, as an SVG in the page. It takes its colours from the page, and tells each value to who points at the bar.
struct BarChart {
  let title: String
  let moments: [Timestamp]
  let values: [UInt64]
  /// The name of a colour of the page.
  let colour: String
  /// A part of each value, drawn over it; none where it is empty.
  var over: [UInt64] = []

  private static let height = 100.0

  var markup: Markup {
    guard let most = values.max(), most > 0, values.count == moments.count else { return "" }
    let bars = values.indices.filter { values[$0] > 0 }.map { bar($0, most: most) }
    return """
      <figure><figcaption><span>\(title)</span><span>most \(LogsFigures.count(most))</span></figcaption>
      <svg viewBox="0 0 \(String(values.count)) \(Self.height.formatted())" preserveAspectRatio="none" role="img" aria-label="\(title)">
      \(bars)</svg>
      <figcaption><span>\(label(moments.first))</span><span>\(label(moments.last))</span></figcaption></figure>

      """
  }

  private func bar(_ index: Int, most: UInt64) -> Markup {
    let part = over.indices.contains(index) ? min(over[index], values[index]) : 0
    let dark: Markup = part > 0 ? rectangle(index, part, most, "--ink") : ""
    let told = "\(label(moments[index])): \(LogsFigures.count(values[index]))" + (part > 0 ? ", of them \(LogsFigures.count(part))" : "")
    return "<g><title>\(told)</title>\(rectangle(index, values[index], most, colour))\(dark)</g>\n"
  }

  /// No bar is too low to be seen.
  private func rectangle(_ index: Int, _ value: UInt64, _ most: UInt64, _ colour: String) -> Markup {
    let height = max(2, Double(value) / Double(most) * Self.height)
    return """
      <rect x="\((Double(index) + 0.05).formatted())" y="\((Self.height - height).formatted())" width="0.9" height="\(height.formatted())" \
      fill="var(\(colour))"/>
      """
  }

  private func label(_ moment: Timestamp?) -> String { moment.map { String(LogsFigures.moment($0.milliseconds).prefix(16)) } ?? "" }
}
