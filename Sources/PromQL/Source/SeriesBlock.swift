/// Found series as a copy in two arrays: what a source can hand out that goes on changing.
public struct SeriesBlock: SeriesSelection, Sendable {
  private let table: SymbolTable
  private var labels: [Symbol] = []
  private var samples: [Sample] = []
  private var labelEnds: [Int] = []
  private var sampleEnds: [Int] = []

  /// - Parameter symbols: the table that the labels' symbols are from.
  public init(symbols table: SymbolTable = SymbolTable()) {
    self.table = table
  }

  /// A copy of whole series, whose samples are then found in them.
  public init(_ series: [Series]) {
    self.init()
    for one in series { append(table.symbols(of: one.labels), one.samples) }
  }

  public var symbols: SymbolTexts { table.texts }

  public var count: Int { labelEnds.count }

  /// Names and values alternating, sorted; samples in ascending time.
  public mutating func append(_ symbols: [Symbol], _ samples: some Sequence<Sample>) {
    labels += symbols
    self.samples.append(contentsOf: samples)
    labelEnds.append(labels.count)
    sampleEnds.append(self.samples.count)
  }

  public func appendLabels(of index: Int, to labels: inout [Symbol]) {
    labels += self.labels[(index == 0 ? 0 : labelEnds[index - 1])..<labelEnds[index]]
  }

  public func appendSamples(of index: Int, after: Int64, through: Int64, to buffer: inout SampleBuffer) {
    samples.withUnsafeBufferPointer { all in
      let own = UnsafeBufferPointer(rebasing: all[(index == 0 ? 0 : sampleEnds[index - 1])..<sampleEnds[index]])
      let from = own.firstIndex(laterThan: after)
      let to = own.firstIndex(laterThan: through)
      if from < to { buffer.append(contentsOf: UnsafeBufferPointer(rebasing: own[from..<to])) }
    }
  }
}

extension UnsafeBufferPointer<Sample> {
  /// The first of samples in ascending time that is later; their count for none. Searched from the end, near which most queries look, so
  /// that little memory is touched.
  package func firstIndex(laterThan time: Int64) -> Int {
    guard count > 0, self[count - 1].time > time else { return count }
    if let guess = guess(laterThan: time) { return guess }
    var high = count
    var stride = 1
    while high > 0, self[Swift.max(0, high - stride)].time > time {
      high = Swift.max(0, high - stride)
      stride *= 2
    }
    var low = Swift.max(0, high - stride)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where samples come at a steady pace, as most do, the place is known without a search.
  private func guess(laterThan time: Int64) -> Int? {
    guard count > 4 else { return nil }
    let pace = self[count - 1].time - self[count - 2].time
    let (distance, overflows) = self[count - 1].time.subtractingReportingOverflow(time)
    guard pace > 0, !overflows else { return nil }
    let guess = Swift.max(0, count - 1 - Int((distance - 1) / pace))
    guard self[guess].time > time, guess == 0 || self[guess - 1].time <= time else { return nil }
    return guess
  }
}
