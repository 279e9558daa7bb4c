/// What the agent sees of itself.
struct AgentSight: Sendable {
  /// One sentence a trouble; empty while it is well.
  var troubles: [String] = []
}
