import Synchronization

/// How often the agent's own pages have answered what, for `/metrics`. Bounded, whatever is asked for and by whom: a page that answered goes by
/// the first segment of its path, everything that was refused counts as `other`.
final class RequestCounts: Sendable {
  struct Kind: Hashable, Sendable {
    let path: String
    let status: Int
  }

  private let counts = Mutex<[Kind: UInt64]>([:])
  private static let limit = 64

  var latest: [Kind: UInt64] { counts.withLock { $0 } }

  func note(path: String, status: Int) {
    let kind = Kind(path: (400..<500).contains(status) ? "other" : Self.firstSegment(of: path), status: status)
    counts.withLock { counts in
      let isKnown = counts[kind] != nil || counts.count < Self.limit
      counts[isKnown ? kind : Kind(path: "other", status: status), default: 0] += 1
    }
  }

  private static func firstSegment(of path: String) -> String { "/" + (path.split(separator: "/").first ?? "") }
}
