/// How samples are kept in a file.
extension SampleHistory {
  package func write(to bytes: inout [UInt8]) {
    bytes.append(number: UInt64(self.chunks.count))
    for chunk in chunks {
      bytes.append(number: UInt64(bitPattern: chunk.first))
      bytes.append(number: UInt64(bitPattern: chunk.last))
      bytes.append(number: UInt64(chunk.count))
      bytes.append(number: UInt64(chunk.start))
    }
    bytes.append(number: UInt64(self.bytes.count))
    bytes += self.bytes
    bytes.append(number: UInt64(tail.count))
    for sample in tail {
      bytes.append(number: UInt64(bitPattern: sample.time))
      bytes.append(number: sample.value.bitPattern)
    }
  }

  /// Nil for what was not written so.
  package init?(reading reader: inout ByteReader) {
    guard let chunkCount = reader.count(each: 32) else { return nil }
    var chunks: [Chunk] = []
    for _ in 0..<chunkCount {
      guard let first = reader.number(), let last = reader.number(), let count = reader.number(), let start = reader.number(),
        count <= Self.chunkLength, let start = UInt32(exactly: start)
      else { return nil }
      chunks.append(Chunk(first: Int64(bitPattern: first), last: Int64(bitPattern: last), count: UInt32(count), start: start))
    }
    guard let length = reader.count(each: 1), let written = reader.bytes(length), let tailCount = reader.count(each: 16) else { return nil }
    guard chunks.allSatisfy({ Int($0.start) <= length }) else { return nil }
    var tail: [Sample] = []
    for _ in 0..<tailCount {
      guard let time = reader.number(), let value = reader.number() else { return nil }
      tail.append(Sample(time: Int64(bitPattern: time), value: Double(bitPattern: value)))
    }
    self.init(bytes: written, chunks: chunks, tail: tail)
  }
}

extension SeriesTable {
  /// All series with their samples; `init?(reading:)` takes it back.
  package func write(to bytes: inout [UInt8]) {
    bytes.append(number: UInt64(count))
    for index in indices {
      let pairs = labels(of: index).pairs
      bytes.append(number: UInt64(pairs.count))
      for pair in pairs {
        bytes.append(text: pair.name)
        bytes.append(text: pair.value)
      }
      history(of: index).write(to: &bytes)
    }
  }

  /// Nil for what was not written so.
  package init?(reading reader: inout ByteReader) {
    self.init()
    guard let count = reader.count(each: 32) else { return nil }
    for _ in 0..<count {
      guard let pairCount = reader.count(each: 16) else { return nil }
      var pairs: [(name: String, value: String)] = []
      for _ in 0..<pairCount {
        guard let name = reader.text(), let value = reader.text() else { return nil }
        pairs.append((name, value))
      }
      guard let history = SampleHistory(reading: &reader) else { return nil }
      let index = insert(Labels(pairs))
      change(index) { $0 = history }
    }
  }
}

extension [UInt8] {
  package mutating func append(number: UInt64) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  package mutating func append(text: String) {
    append(number: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}

/// Takes a file apart that may hold anything.
package struct ByteReader {
  private let all: [UInt8]
  package private(set) var position: Int

  package init(_ bytes: [UInt8], from position: Int = 0) {
    all = bytes
    self.position = position
  }

  package mutating func number() -> UInt64? {
    guard position + 8 <= all.count else { return nil }
    defer { position += 8 }
    return all.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self)) }
  }

  /// How many of something follow that takes so many bytes each at least; nil where so much is not left.
  package mutating func count(each size: Int) -> Int? {
    guard let number = number(), let count = Int(exactly: number), count <= (all.count - position) / size else { return nil }
    return count
  }

  package mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count <= all.count - position else { return nil }
    defer { position += count }
    return Array(all[position..<position + count])
  }

  package mutating func text() -> String? {
    count(each: 1).flatMap { bytes($0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
