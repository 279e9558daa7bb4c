/// Where lines of a log come from. Blocks; belongs to one queue.
protocol LogInput: AnyObject {
  /// Names it among the inputs of a log, over restarts too.
  var name: String { get }
  /// Becomes readable when there is something to read; nil where that is told by the file system.
  var descriptor: Int32? { get }
  /// Whether there is nothing more to come of it, and it need not be kept.
  var isOver: Bool { get }

  /// Hands on everything that has come since.
  /// - Throws: `AgentError` when it cannot be read now; a later call tries again.
  func readAppended(_ take: (Span<UInt8>) -> Void, on event: (LogInputEvent) -> Void) throws

  /// Where reading goes on after a restart: the place after all bytes handed on but the last `unfinished` ones. Nil where there is none.
  func place(unfinished: Int) -> LogPlace?
}

/// What a read came upon besides bytes.
enum LogInputEvent: Equatable, Sendable {
  /// What comes next is the beginning of another file. An unfinished last line ends here.
  case restarted
  /// What comes next was written long ago, or not any more.
  case past(Bool)
  case loss(LogLoss)
}

/// Lines that nobody reads any more.
enum LogLoss: Equatable, Sendable {
  /// The log was copied and then emptied (logrotate's `copytruncate`), and so many bytes that had been read are in no file now: they were
  /// written in between. There may have been more.
  case uncopied(bytes: Int64)
  /// The log was emptied, and no copy of it was found: what was written right before is not known.
  case truncated
  /// The file that was read before the restart is not found any more, nor a copy.
  case gone

  /// For a person.
  var sentence: String {
    switch self {
    case .uncopied(let bytes): "copytruncate lost \(bytes) bytes or more: they are in no file any more, though they were counted here"
    case .truncated: "the log was emptied without a copy beside it: what was written right before may be lost"
    case .gone: "the file that was read before the restart is gone: its last lines may be lost"
    }
  }
}

/// A place in an input.
enum LogPlace: Equatable, Sendable, Codable {
  case file(LogFile.Position)
  /// Of systemd's journal.
  case journal(cursor: String)
}
