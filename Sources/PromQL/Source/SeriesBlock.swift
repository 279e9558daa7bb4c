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
  /// The first of samples in ascending time that is later; their count for none.
  package func firstIndex(laterThan time: Int64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
