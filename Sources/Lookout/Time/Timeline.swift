/// The time that everything in the agent goes by: wall time at start plus monotonic elapsed time, so that it never runs backwards and a
/// step of the machine's clock neither makes nor loses an alert. Tests hand in one that they move themselves.
struct Timeline: Sendable {
  let now: @Sendable () -> Timestamp
  /// Returns when the moment has come; throws `CancellationError` when the task is cancelled.
  let sleep: @Sendable (_ until: Timestamp) async throws -> Void

  static func system() -> Timeline {
    let wallAtStart = WallClock.now()
    let start = ContinuousClock.now
    return Timeline(
      now: { wallAtStart + (ContinuousClock.now - start) },
      sleep: { until in try await ContinuousClock().sleep(until: start + (until - wallAtStart), tolerance: nil) })
  }
}
