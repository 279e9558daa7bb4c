/// Reads whole records, the lines that continue them too; what it learns is its own.
package protocol RecordReader: Sendable {
  mutating func read(_ record: RawSpan)
}

/// The record that is being read, where somebody reads whole ones.
struct OpenRecord: Sendable, Codable {
  /// More of one is not read.
  private static let longest = 65_536

  private var bytes: [UInt8] = []

  var isEmpty: Bool { bytes.isEmpty }

  mutating func start(_ line: RawSpan) {
    bytes.removeAll(keepingCapacity: true)
    add(line)
  }

  mutating func follow(_ line: RawSpan) {
    guard !bytes.isEmpty, bytes.count < Self.longest else { return }
    bytes.append(.newline)
    add(line)
  }

  mutating func end(_ reader: inout (any RecordReader)?) {
    guard !bytes.isEmpty else { return }
    reader?.read(bytes.span.bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func add(_ line: RawSpan) {
    let room = Self.longest - bytes.count
    line.extracting(0..<min(room, line.byteCount)).withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}
