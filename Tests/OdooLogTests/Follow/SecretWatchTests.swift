import Testing

@testable import OdooLog

@Suite("Secrets in a log")
struct SecretWatchTests {
  private func found(_ text: String) -> SecretKind? {
    let bytes = Array(text.utf8)
    return SecretWatch.find(bytes.span.bytes, in: 0..<bytes.count)
  }

  @Test(
    "a value beside such a name is one",
    arguments: [
      ("connecting with password=hunter22", .password), ("{'login': 'x', 'password': 'hunter22'}", .password),
      ("smtp_pass = hunter22", .password), ("DB_PASSWORD: hunter22", .password), ("?access_token=0f3a99", .token),
      ("\"client_secret\": \"abcdef\"", .token), ("api_key=0123456789", .token), ("Cookie: session_id=0f3a99aa", .session),
      ("Authorization: Basic dXNlcjpwdw==", .session), ("postgresql://odoo:hunter22@db:5432/crm", .password),
      ("-----BEGIN RSA PRIVATE KEY-----", .privateKey),
    ] as [(String, SecretKind)])
  func secrets(text: String, kind: SecretKind) {
    #expect(found(text) == kind)
    // Whatever follows, and wherever it stands.
    #expect(found(text + " and more: words") == kind)
  }

  @Test(
    "names alone, placeholders, what is hidden already and addresses without a password are none",
    arguments: [
      "Invalid password for user", "password=", "password: None", "password=********", "password: xxxxxx", "'password': False",
      "token=%s", "password: ok", "https://example.com:8069/web", "https://user@example.com/", "a key: value", "password = {",
      "monkey: banana", "-----BEGIN CERTIFICATE-----", "", ":", "=", "=:=:=", "password",
    ])
  func none(text: String) {
    #expect(found(text) == nil)
  }

  @Test("they are counted by kind with the logger or route that they stood with, and nothing of them is kept")
  func counted() throws {
    let follow = Follow()
    follow.take(
      record(at: 1, "INFO", "odoo.addons.shop", "calling with password=hunter22 ") + request(at: 2, "/my/orders/7?access_token=0f3a99")
        + request(at: 3, "/web?debug=1") + traceback(at: 4, "KeyError: {'api_key': 'topsecret'}"))
    let secrets = Dictionary(uniqueKeysWithValues: follow.log.secrets.map { ($0.kind, $0) })
    #expect(secrets[.password]?.count == 1 && secrets[.password]?.place == "a record of odoo.addons.shop")
    #expect(secrets[.urlToken]?.count == 1 && secrets[.urlToken]?.place == "a request for /my/orders/<id>")
    #expect(secrets[.token]?.count == 1 && secrets[.session]?.count == 0)
    follow.settle()
    let kept = String(describing: follow.log.kept) + String(describing: follow.log.errorGroups)
    for secret in ["hunter22", "0f3a99", "topsecret"] { #expect(!kept.contains(secret)) }
  }
}
