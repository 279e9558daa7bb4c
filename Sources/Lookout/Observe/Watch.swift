/// Everything that looks at one target, or at the agent itself.
struct Watch: Sendable {
  /// The target's name; that of the agent's own watch is empty.
  let name: String
  let checks: [Check]
  let followers: [any Follower]
  /// How much later than at once its first looks are taken.
  var offset = Duration.zero

  var rows: [CheckRow] { checks.map(CheckRow.init) + followers.flatMap(\.rows) }
}
