import Testing

@testable import Lookout

@Suite("URLs in the configuration")
struct WebAddressTests {
  @Test(
    "good ones, and what becomes of them",
    arguments: [
      ("http://crm", "http://crm", "http://crm"),
      ("HTTPS://crm.example.com/", "https://crm.example.com", "https://crm.example.com"),
      ("http://127.0.0.1:8069", "http://127.0.0.1:8069", "http://127.0.0.1:8069"),
      ("http://[::1]:8069/odoo//", "http://[::1]:8069/odoo", "http://[::1]:8069"),
      ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x", "http://[2001:db8::1]"),
      ("https://hooks.example.com/a/b?token=1", "https://hooks.example.com/a/b?token=1", "https://hooks.example.com"),
      ("https://h?x=1", "https://h?x=1", "https://h"),
      ("https://h/?next=/", "https://h/?next=/", "https://h"),
      ("http://h/a@b", "http://h/a@b", "http://h"),
      ("http://under_score.example:1/", "http://under_score.example:1", "http://under_score.example:1"),
    ] as [(String, String, String)])
  func good(text: String, description: String, origin: String) throws {
    let address = try WebAddress(text)
    #expect(address.description == description)
    #expect(address.origin == origin)
  }

  @Test(
    "bad ones, and why",
    arguments: [
      ("", "must begin with"), ("crm.example.com", "must begin with"), ("ftp://crm", "must begin with"), ("//crm", "must begin with"),
      ("http:/crm", "must begin with"), ("javascript:alert(1)//http://x", "must begin with"),
      ("http://", "names no host"), ("http:///web", "names no host"), ("http://:8069", "names no host"), ("http://?a", "names no host"),
      ("http://crm:", "port"), ("http://crm:0", "port"), ("http://crm:65536", "port"), ("http://crm:http", "port"),
      ("http://crm:+80", "port"), ("http://crm:-1", "port"), ("http://crm:99999999999999999999", "port"),
      ("http://user:pass@crm", "user or password"), ("http://user@crm/", "user or password"),
      ("http://crm/#top", "fragment"), ("http://crm#top", "fragment"),
      ("http://crm /", "spaces"), ("http://crm/\u{0}", "spaces"), ("http://crm/\r\nX: y", "spaces"), ("http://crm/ü", "spaces"),
      ("http://[::1", "host"), ("http://[]:80", "host"), ("http://[::1]x:80", "host"), ("http://::1:80", "host"), ("http://::1", "host"),
      ("http://a]b", "host"), ("http://[zz]", "host"), ("http://a\\b", "host"), ("http://a<b>", "host"), ("http://a\"b", "host"),
    ] as [(String, String)])
  func bad(text: String, reason: String) {
    do {
      let address = try WebAddress(text)
      Issue.record("\(text.debugDescription) was taken as \(address)")
    } catch {
      #expect(error.message.contains(reason), "\(text): \(error.message)")
    }
  }

  @Test("paths are appended to the address without its last slash")
  func appending() throws {
    #expect(try WebAddress("http://crm/odoo/").appending("/web/health") == "http://crm/odoo/web/health")
  }

  @Test(
    "an error shows no user, password, path or query: each may be a secret",
    arguments: [
      ("http://user:hunter2@crm/x", "http"), ("htps://hooks.example.com/T0KEN", "htps://hooks.example.com"),
      ("hooks.example.com/T0KEN", "hooks.example.com"), ("http://crm?token=hunter2", "http://crm"),
      ("http://user:hun/ter2@crm", "http"), ("https://a b/T0KEN", "https://a b"),
    ] as [(String, String)])
  func redacted(text: String, kept: String) {
    let shown = WebAddress.redacted(text)
    for secret in ["user", "hunter2", "T0KEN", "hun", "ter2"] { #expect(!shown.contains(secret), "\(shown)") }
    #expect(shown.hasPrefix(kept) || shown.hasSuffix("@crm"), "\(shown)")
  }
}
