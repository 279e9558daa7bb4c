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
  package var groupNames: [String: Int] {
    var names: [String: Int] = [:]
    for number in 0..<Int(max(0, lookout_re2_group_count(handle))) {
      guard let name = lookout_re2_group_name(handle, Int32(number + 1)) else { continue }
      names[String(cString: name)] = number + 1
    }
    return names
  }

  /// What the groups matched, the whole match first, nil for a group that took no part; nil where the text does not match.
  package func groups(in text: String) -> [[UInt8]?]? {
    let bytes = Array(text.utf8)
    return ranges(in: bytes, from: 0)?.map { range in range.map { Array(bytes[$0]) } }
  }

  /// Where the groups matched, the whole match first.
  package func groups(in bytes: RawSpan) -> [Range<Int>?]? {
    bytes.withUnsafeBytes { ranges(in: $0, from: 0) }
  }

  private func ranges(in bytes: [UInt8], from start: Int) -> [Range<Int>?]? {
    bytes.withUnsafeBytes { ranges(in: $0, from: start) }
  }

  private func ranges(in raw: UnsafeRawBufferPointer, from start: Int) -> [Range<Int>?]? {
    let count = Int(max(0, lookout_re2_group_count(handle))) + 1
    var ranges = Array(repeating: lookout_re2_range(start: -1, end: -1), count: count)
    let matches = lookout_re2_groups(
      handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, start, isAnchored, &ranges, count)
    guard matches else { return nil }
    return ranges.map { $0.start < 0 ? nil : Int($0.start)..<Int($0.end) }
  }

  /// The text with every match replaced; `$1` and `${name}` in the replacement are what the groups matched (Go's ReplaceAllString).
  package func replacingAll(in text: String, with replacement: String) -> String {
    let bytes = Array(text.utf8)
    let template = Replacement(replacement, groups: groupNames)
    var result: [UInt8] = []
    var (copied, search, lastEnd) = (0, 0, -1)
    while search <= bytes.count, let ranges = ranges(in: bytes, from: search), let match = ranges[0] {
      result += bytes[copied..<match.lowerBound]
      // Nothing is matched right behind a match.
      if match.upperBound > lastEnd || match.lowerBound == 0 {
        result += template.bytes(ranges.map { range in range.map { Array(bytes[$0]) } })
      }
      (copied, lastEnd) = (match.upperBound, match.upperBound)
      search = match.isEmpty ? next(match.upperBound, in: bytes) : match.upperBound
    }
    return String(decoding: result + bytes[min(copied, bytes.count)...], as: UTF8.self)
  }

  /// The place behind the character at `index`.
  private func next(_ index: Int, in bytes: [UInt8]) -> Int {
    var next = index + 1
    while next < bytes.count, bytes[next] & 0xc0 == 0x80 { next += 1 }
    return next
  }
}

/// Why a pattern does not compile, in RE2's words.
package struct PatternError: Error, CustomStringConvertible {
  package let pattern: String
  package let reason: String

  package var description: String { "error parsing regexp: \(reason)" }
}
