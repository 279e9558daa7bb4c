/// Everything that is wrong in one rule file, in the order of its lines, so that one look is enough to mend it.
struct RuleFileErrors: Error, Equatable, CustomStringConvertible {
  let errors: [ConfigurationError]

  init(_ errors: [ConfigurationError]) {
    self.errors = errors.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
  }

  /// One error a line.
  var description: String { errors.map(\.description).joined(separator: "\n") }
}
