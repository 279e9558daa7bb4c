internal import CRE2

/// A regular expression in RE2 syntax, linear in time whatever the pattern; `.` matches a line feed too, as in Prometheus.
package final class Pattern: @unchecked Sendable {
  // Unchecked: the handle never changes, and RE2 documents matching as safe from several threads.
  fileprivate let handle: OpaquePointer
  fileprivate let isAnchored: Bool
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

extension Pattern {
  /// The numbers of the groups that have names.
  var groupNames: [String: Int] {
    var names: [String: Int] = [:]
    for number in 0..<Int(max(0, lookout_re2_group_count(handle))) {
      guard let name = lookout_re2_group_name(handle, Int32(number + 1)) else { continue }
      names[String(cString: name)] = number + 1
    }
    return names
  }

  /// What the groups matched, the whole match first, nil for a group that took no part; nil where the text does not match.
  package func groups(in text: String) -> [[UInt8]?]? {
    let count = Int(max(0, lookout_re2_group_count(handle))) + 1
    var ranges = Array(repeating: lookout_re2_range(start: -1, end: -1), count: count)
    let bytes = Array(text.utf8)
    let matches = bytes.withUnsafeBytes { raw in
      lookout_re2_groups(handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, isAnchored, &ranges, count)
    }
    guard matches else { return nil }
    return ranges.map { $0.start < 0 ? nil : Array(bytes[Int($0.start)..<Int($0.end)]) }
  }
}

/// Why a pattern does not compile, in RE2's words.
package struct PatternError: Error, CustomStringConvertible {
  package let pattern: String
  package let reason: String

  package var description: String { "error parsing regexp: \(reason)" }
}
