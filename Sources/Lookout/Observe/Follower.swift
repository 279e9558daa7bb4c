/// Looks as things happen instead of on a schedule.
protocol Follower: Sendable {
  /// The checks that it keeps; none where it tells events alone.
  var rows: [CheckRow] { get }

  /// Tells what it sees until it is cancelled.
  func follow(telling: @escaping Tell) async
}
