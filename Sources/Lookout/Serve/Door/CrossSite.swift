/// Requests that a page of another site has a browser send, with the browser's way to this machine and its password.
///
/// As Go's `net/http.CrossOriginProtection` judges: a browser says of each request where it comes from, in `Sec-Fetch-Site` (which plain
/// http beyond this machine lacks) or else in `Origin`; what says neither is no browser.
enum CrossSite {
  /// - Parameter externalOrigin: a proxy may have written another name into `Host` than the browser used.
  static func sends(_ visit: Visit, externalOrigin: String?) -> Bool {
    switch visit.fetchSite {
    case "same-origin", "none": return false
    case nil: break
    default: return true
    }
    guard let origin = visit.origin else { return false }
    if let externalOrigin, origin == externalOrigin { return false }
    guard let scheme = origin.firstRange(of: "://"), let host = visit.hosts.first else { return true }
    return origin[scheme.upperBound...].lowercased() != host.lowercased()
  }
}
