/// The agent itself is broken: something it cannot do without is missing or refused.
struct AgentError: Error, CustomStringConvertible {
  /// What happened, to what, and what to do.
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
