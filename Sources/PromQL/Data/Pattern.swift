internal import CRE2

/// A regular expression in RE2 syntax, linear in time whatever the pattern; `.` matches a line feed too, as in Prometheus.
package final class Pattern: @unchecked Sendable {
  // Unchecked: the handle never changes, and RE2 documents matching as safe from several threads.
  private let handle: OpaquePointer
  private let isAnchored: Bool
  package let text: String

  /// Bytes a pattern may use, program and automaton's cache together: enough for an alternation of some ten thousand host names.
  private static let maxMemory: Int64 = 4 << 20

  /// Anchored means that the whole text must match. Throws `PatternError`.
  package init(_ text: String, anchored: Bool) throws(PatternError) {
    var copy = text
    let created = copy.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { lookout_re2_create($0.baseAddress, $0.count, Pattern.maxMemory) }
    }
    guard let created else { throw PatternError(pattern: text, reason: "out of memory") }
    if let reason = lookout_re2_error(created) {
      let error = PatternError(pattern: text, reason: String(cString: reason))
      lookout_re2_free(created)
      throw error
    }
    handle = created
    isAnchored = anchored
    self.text = text
  }

  deinit { lookout_re2_free(handle) }

  package func matches(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { lookout_re2_matches(handle, $0.baseAddress, $0.count, isAnchored) }
    }
  }
}

/// Why a pattern does not compile, in RE2's words.
package struct PatternError: Error, CustomStringConvertible {
  package let pattern: String
  package let reason: String

  package var description: String { "error parsing regexp: \(reason)" }
}
