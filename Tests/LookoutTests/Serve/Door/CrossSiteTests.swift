import Testing

@testable import Lookout

@Suite struct CrossSiteTests {
  private let own = "https://lookout.example.com"

  @Test("what a browser says of its own pages and of the address bar passes", arguments: ["same-origin", "none"])
  func own(_ site: String) {
    let visit = Visit(method: "POST", hosts: ["lookout.example.com"], origin: "https://elsewhere.example", fetchSite: site)
    #expect(!CrossSite.sends(visit, externalOrigin: own))
  }

  @Test("what it says of other pages does not", arguments: ["cross-site", "same-site", "", "same-origin, none", "SAME-ORIGIN"])
  func foreign(_ site: String) {
    #expect(CrossSite.sends(Visit(method: "POST", hosts: ["lookout.example.com"], fetchSite: site), externalOrigin: own))
    #expect(CrossSite.sends(Visit(method: "POST", hosts: ["lookout.example.com"], origin: own, fetchSite: site), externalOrigin: own))
  }

  @Test("without Sec-Fetch-Site the origin must be the host that was asked, or the place that people know")
  func origin() {
    for (origin, host, isForeign) in [
      ("http://127.0.0.1:9069", "127.0.0.1:9069", false), ("http://LOCALHOST:9069", "localhost:9069", false),
      ("https://lookout.example.com", "127.0.0.1:9069", false), ("http://127.0.0.1:9070", "127.0.0.1:9069", true),
      ("http://evil.example", "127.0.0.1:9069", true), ("null", "127.0.0.1:9069", true), ("", "127.0.0.1:9069", true),
      ("http://127.0.0.1:9069.evil.example", "127.0.0.1:9069", true), ("https://lookout.example.com.evil.example", "x", true),
    ] {
      #expect(CrossSite.sends(Visit(method: "POST", hosts: [host], origin: origin), externalOrigin: own) == isForeign, "\(origin)")
    }
  }

  @Test("what is no browser says neither")
  func program() {
    #expect(!CrossSite.sends(Visit(method: "POST", hosts: ["127.0.0.1:9069"]), externalOrigin: nil))
  }

  @Test("an origin has nothing to be compared with where no host is named")
  func noHost() {
    #expect(CrossSite.sends(Visit(method: "POST", origin: "http://x"), externalOrigin: nil))
  }
}
