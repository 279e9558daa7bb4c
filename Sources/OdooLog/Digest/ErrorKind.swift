internal import Glibc

/// What an error is to the people who run Odoo.
public enum ErrorKind: String, Sendable, Codable, CaseIterable {
  /// Something is broken.
  case failure
  /// A statement failed. Whether its request did too is told apart from it, by the record after it.
  case statement
  /// Two transactions got into each other's way; Odoo tries again by itself.
  case retry
  /// A user asked for what is not allowed or not right, and was told so.
  case userMistake = "user_mistake"
  case sessionExpired = "session_expired"

  /// By the last part of an exception's class (odoo/exceptions.py, odoo/http.py).
  private static let byClass: [String: ErrorKind] = [
    "UserError": .userMistake, "RedirectWarning": .userMistake, "ValidationError": .userMistake, "MissingError": .userMistake,
    "AccessError": .userMistake, "AccessDenied": .userMistake, "SessionExpiredException": .sessionExpired,
  ]

  /// What Odoo and its modules say to users who lack a right; modules log it at whatever level they like.
  private static let refusals: [StaticString] = ["You are not allowed to ", "You don't have permission to ", "Access Denied"]

  /// PostgreSQL's words for what `retrying` tries again (odoo/service/model.py, PG_CONCURRENCY_ERRORS_TO_RETRY).
  private static let conflicts: [StaticString] = [
    "could not serialize access", "deadlock detected", "could not obtain lock on row", "canceling statement due to lock timeout",
  ]

  static func of(exceptionClass name: String) -> ErrorKind {
    byClass[name.split(separator: ".").last.map(String.init) ?? name] ?? .failure
  }

  static func of(message: RawSpan) -> ErrorKind {
    refusals.contains { message.contains($0) } ? .userMistake : .failure
  }

  /// - Parameter answer: PostgreSQL's, the second line of a record about a statement.
  static func of(statementsAnswer answer: RawSpan) -> ErrorKind {
    conflicts.contains { answer.contains($0) } ? .retry : .statement
  }
}

extension RawSpan {
  /// Whether a text stands anywhere in the first bytes.
  func contains(_ text: StaticString, within limit: Int = 512) -> Bool { offset(of: text, within: limit) != nil }

  func offset(of text: StaticString, from start: Int = 0, within limit: Int = 512) -> Int? {
    withUnsafeBytes { buffer in
      let length = text.utf8CodeUnitCount
      let last = Swift.min(buffer.count, limit) - length
      var offset = Swift.max(start, 0)
      guard let base = buffer.baseAddress, length > 0 else { return nil }
      while offset <= last, let found = memchr(base + offset, Int32(text.utf8Start[0]), last - offset + 1) {
        offset = UnsafeRawPointer(found) - base
        if memcmp(found, text.utf8Start, length) == 0 { return offset }
        offset += 1
      }
      return nil
    }
  }
}
