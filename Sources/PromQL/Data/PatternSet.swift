internal import CRE2

/// Several regular expressions that are looked for in one pass over a text, as `Pattern` takes them, unanchored.
package final class PatternSet: @unchecked Sendable {
  // Unchecked: the handle does not change after init, and RE2 documents matching as safe from several threads.
  private let handle: OpaquePointer
  package let count: Int

  /// Of all of them together.
  private static let maxMemory: Int64 = 16 << 20

  /// Throws `PatternError` for the first that does not compile, or where all of them together need too much memory.
  package init(_ patterns: [String]) throws(PatternError) {
    guard let handle = lookout_re2_set_create(Self.maxMemory) else {
      throw PatternError(pattern: patterns.first ?? "", reason: "out of memory")
    }
    self.handle = handle
    count = patterns.count
    for pattern in patterns {
      var copy = pattern
      let number = copy.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { lookout_re2_set_add(handle, $0.baseAddress, $0.count) }
      }
      // Says what is wrong with it.
      if number < 0 { _ = try Pattern(pattern, anchored: false) }
    }
    guard lookout_re2_set_compile(handle) else {
      throw PatternError(pattern: patterns.joined(separator: " "), reason: "too large together")
    }
  }

  deinit { lookout_re2_set_free(handle) }

  /// The numbers of those that match anywhere in the text, in rising order; nil where that took too much memory.
  package func matches(in text: RawSpan) -> [Int]? {
    guard count > 0 else { return [] }
    var numbers = [Int32](repeating: 0, count: count)
    let found = text.withUnsafeBytes { raw in
      lookout_re2_set_match(handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, &numbers, numbers.count)
    }
    return found < 0 ? nil : numbers.prefix(Int(found)).map { Int($0) }
  }
}
