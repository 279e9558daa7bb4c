import Glibc

/// A log that goes to systemd's journal, read through journalctl(1), which knows its format and its rights. Each entry is a line; the cursor
/// of the last one is the place.
final class JournalInput: LogInput {
  let name: String
  let isOver = false
  private let unit: String
  private let program: String
  private let start: LogSettings.Start
  private var cursor: String?
  private var child: ChildOutput?
  private var line: [UInt8] = []
  /// When journalctl may be started again.
  private var nextStart = ContinuousClock.now

  /// Longer entries are left out.
  private static let longestEntry = 4 << 20
  private static let restartEvery = Duration.seconds(5)

  init(unit: String, cursor: String?, start: LogSettings.Start, program: String = "journalctl") {
    (self.unit, self.cursor, self.start, self.program) = (unit, cursor, start, program)
    name = "journal of \(unit)"
  }

  var descriptor: Int32? { child?.descriptor }

  func readAppended(_ take: (Span<UInt8>) -> Void, on event: (LogInputEvent) -> Void) throws {
    if child == nil { try begin() }
    guard let child else { return }
    while let count = child.read() {
      guard count > 0 else {
        self.child = nil
        line.removeAll()
        throw AgentError("journalctl has ended: \(child.end())")
      }
      let bytes = Array(child.buffer.prefix(count))
      split(bytes.span, take)
    }
  }

  func place(unfinished _: Int) -> LogPlace? { cursor.map { .journal(cursor: $0) } }

  private func begin() throws {
    guard ContinuousClock.now >= nextStart else { throw AgentError("journalctl has ended; it is started again in a moment") }
    nextStart = .now + Self.restartEvery
    let from = cursor.map { ["--after-cursor=\($0)"] } ?? (start == .end ? ["--lines=0"] : ["--no-tail"])
    child = try ChildOutput(
      [program, "--unit=\(unit)", "--output=json", "--output-fields=MESSAGE", "--all", "--quiet", "--follow"] + from)
  }

  private func split(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Void) {
    var start = 0
    for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "\n") {
      append(bytes.extracting(start..<index))
      start = index + 1
      hand(take)
    }
    append(bytes.extracting(start..<bytes.count))
  }

  private func append(_ bytes: Span<UInt8>) {
    guard line.count + bytes.count <= Self.longestEntry else { return }
    bytes.withUnsafeBufferPointer { line.append(contentsOf: $0) }
  }

  /// The entry's message as a line; its cursor is the place behind it.
  private func hand(_ take: (Span<UInt8>) -> Void) {
    defer { line.removeAll(keepingCapacity: true) }
    guard let entry = JSONReader.value(in: line), let cursor = entry["__CURSOR"]?.text else { return }
    self.cursor = cursor
    guard var message = Self.message(entry["MESSAGE"]) else { return }
    message.append(UInt8(ascii: "\n"))
    take(message.span)
  }

  /// A text, or where it is no UTF-8 a list of its bytes (systemd.journal-fields(7) and journalctl's `json`).
  private static func message(_ value: JSONValue?) -> [UInt8]? {
    if let text = value?.text { return Array(text.utf8) }
    return value?.list?.compactMap { $0.number.flatMap { UInt8(exactly: $0) } }
  }
}
