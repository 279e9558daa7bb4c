/// Looks as things happen instead of on a schedule.
protocol Follower: Sendable {
  /// The check that it keeps; nil where it tells events alone.
  var row: CheckRow? { get }

  /// Tells what it sees until it is cancelled.
  func follow(telling: @escaping Tell) async
}
