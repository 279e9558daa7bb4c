import Synchronization

/// How often the agent's own pages have answered what, for `/metrics`. Bounded, whatever is asked for: a page goes by the first segment of its
/// path, and one that is not there, or did not get past the door, counts as `other`.
final class RequestCounts: Sendable {
  struct Kind: Hashable, Sendable {
    let path: String
    let status: Int
  }

  private let counts = Mutex<[Kind: UInt64]>([:])
  private static let limit = 64

  var latest: [Kind: UInt64] { counts.withLock { $0 } }

  /// - Parameter path: nil where it was not looked at.
  func note(path: String?, status: Int) {
    let known = status == 404 ? nil : path
    let kind = Kind(path: known.map(Self.firstSegment) ?? "other", status: status)
    counts.withLock { counts in
      let isKnown = counts[kind] != nil || counts.count < Self.limit
      counts[isKnown ? kind : Kind(path: "other", status: status), default: 0] += 1
    }
  }

  private static func firstSegment(of path: String) -> String { "/" + (path.split(separator: "/").first ?? "") }
}
