import Foundation

@testable import OdooLog

/// A log that is followed: text is fed to it at moments of the follower's clock.
final class Follow {
  var log: FollowedLog
  private var scanner = LogScanner()

  static let start: Int64 = 1_795_305_600_000

  init(_ kept: FollowedLog.Kept? = nil, errors: [KnownError] = []) {
    log = FollowedLog(kept, errors: errors)
  }

  func take(_ text: String, at second: Int = 0) {
    log.clock = Self.start + Int64(second) * 1_000
    scanner.feed(Array(text.utf8).span, into: &log)
  }

  func settle(at second: Int = 0) { log.settle(at: Self.start + Int64(second) * 1_000) }

  func moment(_ second: Int) -> Int64 { Self.start + Int64(second) * 1_000 }
}
