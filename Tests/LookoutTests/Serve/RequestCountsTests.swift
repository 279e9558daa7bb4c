import Testing

@testable import Lookout

@Suite struct RequestCountsTests {
  @Test("requests count by first segment and status; what was refused, and what is too much, counts as other")
  func counting() {
    let counts = RequestCounts()
    for path in ["/", "/metrics", "/metrics", "/health/dashboard", "/health"] { counts.note(path: path, status: 200) }
    counts.note(path: "/api/v1/label/x/values", status: 200)
    for path in ["/secret", "/metrics", "/chosen-by-a-stranger"] { counts.note(path: path, status: 401) }
    counts.note(path: "/secret", status: 404)
    counts.note(path: "/health", status: 503)
    typealias Kind = RequestCounts.Kind
    #expect(
      counts.latest == [
        Kind(path: "/", status: 200): 1, Kind(path: "/metrics", status: 200): 2, Kind(path: "/health", status: 200): 2,
        Kind(path: "/api", status: 200): 1, Kind(path: "other", status: 404): 1, Kind(path: "other", status: 401): 3,
        Kind(path: "/health", status: 503): 1,
      ])
    for number in 0..<1000 { counts.note(path: "/page\(number)", status: 200) }
    #expect(counts.latest.count <= 65 && counts.latest.values.reduce(0, +) == 1011)
  }
}
