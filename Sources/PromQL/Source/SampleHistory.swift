/// The samples of one series, oldest first: the latest as they are, for most queries look at no others, those before them in few bits.
package struct SampleHistory: Sendable {
  /// Samples that are written together at most.
  static let chunkLength = 64
  /// So many leave the tail at a time.
  private static let stepLength = 32
  /// Samples that stay as they are at least: more than what five minutes at 15 s have.
  private static let tailLength = 32

  struct Chunk: Sendable {
    let first: Int64
    let last: Int64
    let count: UInt32
    /// Where its bytes begin.
    let start: UInt32
  }

  /// What became of a sample.
  package enum Outcome: Sendable {
    case appended
    /// The very sample is there already.
    case known
    /// At that time there is another value.
    case conflicting
    /// There are later samples.
    case late
  }

  private(set) var bytes: [UInt8] = []
  private(set) var chunks: [Chunk] = []
  private(set) var tail: [Sample] = []

  package init() {}

  init(bytes: [UInt8], chunks: [Chunk], tail: [Sample]) {
    self.bytes = bytes
    self.chunks = chunks
    self.tail = tail
  }

  package var last: Sample? { tail.last }
  package var count: Int { chunks.reduce(tail.count) { $0 + Int($1.count) } }
  /// What the samples take, without what arrays keep free.
  package var byteCount: Int { bytes.count + chunks.count * MemoryLayout<Chunk>.stride + tail.count * MemoryLayout<Sample>.stride }

  /// Samples come in the order of time; what does not is refused, as Prometheus refuses it (tsdb/head_append.go).
  @discardableResult
  package mutating func append(_ sample: Sample) -> Outcome {
    if let last = tail.last, last.time >= sample.time {
      guard last.time == sample.time else { return .late }
      return last.value.bitPattern == sample.value.bitPattern ? .known : .conflicting
    }
    if tail.count == Self.tailLength + Self.stepLength { compress() }
    if tail.capacity == 0 { tail.reserveCapacity(8) }
    if tail.count == tail.capacity { tail.reserveCapacity(min(tail.count * 2, Self.tailLength + Self.stepLength)) }
    tail.append(sample)
    return .appended
  }

  /// The value of the latest sample becomes another: at one moment a series has one value.
  package mutating func replaceLast(_ value: Double) {
    guard !tail.isEmpty else { return }
    tail[tail.count - 1].value = value
  }

  /// Writes the older half of the tail, together with the latest chunk where that has room: the more in one piece, the fewer bits for each.
  private mutating func compress() {
    var writer = SampleWriter()
    var first = tail[0].time
    var count = Self.stepLength
    if let chunk = chunks.last, Int(chunk.count) + Self.stepLength <= Self.chunkLength {
      read(chunk) { writer.append($0) }
      (first, count) = (chunk.first, count + Int(chunk.count))
      bytes.removeLast(bytes.count - Int(chunk.start))
      chunks.removeLast()
    }
    for sample in tail.prefix(Self.stepLength) { writer.append(sample) }
    let written = writer.finish()
    chunks.append(
      Chunk(first: first, last: tail[Self.stepLength - 1].time, count: UInt32(count), start: UInt32(clamping: bytes.count)))
    // A little more than is needed: arrays that double would keep half of their memory free.
    if bytes.capacity < bytes.count + written.count { bytes.reserveCapacity(bytes.count + bytes.count / 8 + written.count) }
    bytes += written
    tail.removeFirst(Self.stepLength)
  }

  /// Forgets what is not later than that. Samples that were written together go together.
  package mutating func forget(through time: Int64) {
    let gone = chunks.prefix { $0.last <= time }.count
    if gone > 0 {
      let start = gone < chunks.count ? chunks[gone].start : UInt32(clamping: bytes.count)
      bytes.removeFirst(Int(start))
      chunks = chunks.dropFirst(gone).map { Chunk(first: $0.first, last: $0.last, count: $0.count, start: $0.start - start) }
    }
    if chunks.isEmpty, let first = tail.first, first.time <= time {
      tail.removeFirst(tail.prefix { $0.time <= time }.count)
    }
  }

  /// Appends those of `after < time <= through`.
  package func append(to buffer: inout SampleBuffer, after: Int64, through: Int64) {
    if let first = tail.first, first.time > after, let lastChunk = chunks.last, lastChunk.last > after {
      appendChunks(to: &buffer, after: after, through: through)
    }
    tail.withUnsafeBufferPointer { tail in
      let from = tail.firstIndex(laterThan: after)
      let to = tail.firstIndex(laterThan: through)
      if from < to { buffer.append(contentsOf: UnsafeBufferPointer(rebasing: tail[from..<to])) }
    }
  }

  /// The latest of `after < time <= through`.
  package func latest(after: Int64, through: Int64) -> Sample? {
    if let last = tail.last, last.time <= through { return last.time > after ? last : nil }
    let index = tail.withUnsafeBufferPointer { $0.firstIndex(laterThan: through) }
    if index > 0 { return tail[index - 1].time > after ? tail[index - 1] : nil }
    guard let chunk = chunks.last(where: { $0.first <= through }) else { return nil }
    var found: Sample?
    read(chunk) { sample in if sample.time <= through { found = sample } }
    return found.flatMap { $0.time > after ? $0 : nil }
  }

  /// All samples, for those who look at them one by one.
  package var samples: [Sample] {
    var all: [Sample] = []
    for chunk in chunks { read(chunk) { all.append($0) } }
    return all + tail
  }

  private func appendChunks(to buffer: inout SampleBuffer, after: Int64, through: Int64) {
    let span = bytes.span
    for chunk in chunks where chunk.last > after && chunk.first <= through {
      var reader = SampleReader(from: Int(chunk.start))
      for _ in 0..<chunk.count {
        let sample = reader.next(in: span)
        if sample.time > through { break }
        if sample.time > after { buffer.append(sample) }
      }
    }
  }

  private func read(_ chunk: Chunk, _ take: (Sample) -> Void) {
    var reader = SampleReader(from: Int(chunk.start))
    let span = bytes.span
    for _ in 0..<chunk.count { take(reader.next(in: span)) }
  }
}
