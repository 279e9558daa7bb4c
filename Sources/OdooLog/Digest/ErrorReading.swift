/// What is kept of an error, made when its like is met for the first time.
struct ErrorReading {
  private let error: OpenError
  private let header: RecordHeader
  private let logger: String
  private let exceptionClass: String?
  private let kind: ErrorKind
  private let message: String

  init(_ error: OpenError, _ header: RecordHeader, _ logger: String, _ ownRedaction: (@Sendable (String) -> String)? = nil) {
    (self.error, self.header, self.logger) = (error, header, logger)
    exceptionClass = error.hasTraceback ? LogError.exceptionClass(error.exception.span.bytes) : nil
    let plain: String
    if let exceptionClass {
      kind = .of(exceptionClass: exceptionClass)
      plain = Redaction.redact(
        Array(error.exception.dropFirst(exceptionClass.utf8.count).drop { $0 == UInt8(ascii: ":") || $0 == .space }))
    } else if !error.exception.isEmpty, !error.hasTraceback {
      kind = .of(statementsAnswer: error.exception.span.bytes)
      plain = Redaction.redact(Array(error.exception.dropFirst("ERROR: ".utf8.count)))
    } else {
      kind = Self.kind(header, logger, error.message.span.bytes)
      plain = Redaction.redact(error.message)
    }
    message = ownRedaction?(plain) ?? plain
  }

  /// Odoo warns of what it refuses a user (odoo/http.py), and informs of an expired session.
  private static func kind(_ header: RecordHeader, _ logger: String, _ message: RawSpan) -> ErrorKind {
    if header.level == .info { return .sessionExpired }
    return header.level == .warning && logger == "odoo.http" ? .userMistake : .of(message: message)
  }

  /// Class and frames, or the logger and the message's words.
  var fingerprint: UInt64 {
    if let exceptionClass {
      let name = Array(exceptionClass.utf8)
      return name.span.bytes.hash(0..<name.count).mixed(with: error.moduleFrames != 0 ? error.moduleFrames : error.allFrames)
    }
    let words = Array((logger + " " + message).utf8).filter { !$0.isDigit }
    return words.span.bytes.hash(0..<words.count)
  }

  var group: ErrorGroup {
    let frames = frames
    let culprit = frames.last(where: \.isOfModule) ?? frames.last { $0.text.hasPrefix("odoo/") } ?? frames.last
    return ErrorGroup(
      fingerprint: fingerprint, kind: kind, level: header.level, logger: logger, exceptionClass: exceptionClass, message: message,
      frames: frames.map(\.text), culprit: culprit?.text, firstSeen: header.time, lastSeen: header.time)
  }

  /// The lines of the code between them are left out: they may hold anything.
  private var frames: [(text: String, isOfModule: Bool)] {
    error.frames.split(separator: .newline).suffix(ErrorGroup.mostFrames).compactMap(Self.frame)
  }

  private static func frame(_ line: ArraySlice<UInt8>) -> (text: String, isOfModule: Bool)? {
    let parts = line.dropFirst(8).split(separator: UInt8(ascii: "\""), maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let rest = parts[1].drop { !$0.isDigit }
    let number = rest.prefix { $0.isDigit }
    let function = rest.dropFirst(number.count).dropFirst(", in ".utf8.count).prefix(80)
    let name = FramePaths.name(Array(parts[0]))
    let text =
      String(decoding: name.text.suffix(120) + [UInt8(ascii: ":")] + number, as: UTF8.self) + " in "
      + String(decoding: function, as: UTF8.self)
    return (String(text.unicodeScalars.map { $0.value < 0x20 || 0x7F...0x9F ~= $0.value ? "\u{FFFD}" : Character($0) }), name.isOfModule)
  }
}
