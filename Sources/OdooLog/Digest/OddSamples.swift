/// The first lines of each kind that could not be used, without the values in them.
public struct OddSamples: Sendable, Equatable {
  private static let limit = 3
  private static let longest = 160

  public private(set) var samples: [OddLine: [String]] = [:]
  /// By kind: whether no more are wanted, for hostile logs hold nothing else.
  private var isFull: [Bool] = [Bool](repeating: false, count: OddLine.allCases.count)

  mutating func add(_ line: RawSpan, _ kind: OddLine) {
    let number = OddLine.allCases.firstIndex(of: kind) ?? 0
    guard !isFull[number] else { return }
    let text = Redaction.redact(line.copy(0..<min(line.byteCount, Self.longest)))
    samples[kind, default: []].append(text)
    isFull[number] = samples[kind, default: []].count >= Self.limit
  }
}
