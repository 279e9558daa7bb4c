import Foundation
import Testing

@testable import Lookout

@Suite struct CredentialsTests {
  private let queue = PasswordQueue()

  private func verdict(_ header: String?, _ credentials: Credentials, on queue: PasswordQueue? = nil) async -> Credentials.Verdict {
    await credentials.verify(header, from: IPAddress("127.0.0.1"), by: queue ?? self.queue)
  }

  @Test(
    "a user comes in with the right password, by each name of bcrypt",
    arguments: [Passwords.hash, Passwords.hashOfHtpasswd, Passwords.hashOfOldTools])
  func right(hash: String) async throws {
    let credentials = Credentials(["anna": try PasswordHash(hash)])
    #expect(await verdict(Passwords.header("anna", "secret"), credentials) == .known)
    #expect(await verdict(Passwords.header("anna", "Secret"), credentials) == .unknown)
    // Remembered, it is no less exact.
    #expect(await verdict(Passwords.header("anna", "secret"), credentials) == .known)
    #expect(await verdict(Passwords.header("anna", "secret "), credentials) == .unknown)
    #expect(await verdict(Passwords.header("otto", "secret"), credentials) == .unknown)
    #expect(await verdict(Passwords.header("otto", ""), credentials) == .unknown)
  }

  @Test("the name of the scheme is in any case, and blanks behind it do no harm (RFC 7617)")
  func scheme() async throws {
    let credentials = Credentials(try Passwords.users("anna"))
    let code = Data("anna:secret".utf8).base64EncodedString()
    #expect(await verdict("bAsIc \(code)", credentials) == .known)
    #expect(await verdict("Bearer \(code)", credentials) == .unknown)
    #expect(await verdict(code, credentials) == .unknown)
  }

  @Test("a name and a password may hold any letters, a password colons too")
  func letters() async throws {
    let made = try PasswordHash(Passwords.hash(of: "pä:ß:"))
    let credentials = Credentials(["änne": made])
    #expect(await verdict(Passwords.header("änne", "pä:ß:"), credentials) == .known)
    #expect(await verdict(Passwords.header("änne", "pä"), credentials) == .unknown)
  }

  @Test("what cannot be a password is refused without being checked")
  func hostile() async throws {
    let credentials = Credentials(try Passwords.users("anna"))
    // A queue without places says "busy" to whatever is checked.
    let full = PasswordQueue(PasswordQueue.Limits(inAll: 0))
    #expect(await verdict(Passwords.header("anna", "x"), credentials, on: full) == .busy)
    let code = Data("anna:secret".utf8).base64EncodedString()
    for header in [
      nil, "", "Basic", "Basic ", "Basic !!!!", "Basic \(code)!", "Basic " + Data("anna".utf8).base64EncodedString(),
      Passwords.header("anna", "secret\u{0}"), Passwords.header("anna\u{0}", "secret"),
      Passwords.header("anna", String(repeating: "x", count: 512)), Passwords.header("anna", String(repeating: "x", count: 1_000_000)),
      "Basic " + Data([0x61, 0x3a, 0xff, 0xfe]).base64EncodedString(),
    ] {
      #expect(await verdict(header, credentials, on: full) == .unknown, "\(header?.prefix(60) ?? "nil")")
    }
  }

  @Test("a password that was right is not checked by bcrypt again, a wrong one is")
  func remembered() async throws {
    let credentials = Credentials(try Passwords.users("anna", "otto"))
    let full = PasswordQueue(PasswordQueue.Limits(inAll: 0))
    #expect(await verdict(Passwords.header("anna", "secret"), credentials) == .known)
    #expect(await verdict(Passwords.header("anna", "secret"), credentials, on: full) == .known)
    #expect(await verdict(Passwords.header("anna", "wrong"), credentials, on: full) == .busy)
    #expect(await verdict(Passwords.header("otto", "secret"), credentials, on: full) == .busy)
    // Nobody's password is remembered under a name that nobody has.
    #expect(await verdict(Passwords.header("eve", "secret"), credentials) == .unknown)
    #expect(await verdict(Passwords.header("eve", "secret"), credentials, on: full) == .busy)
  }

  @Test("a name that nobody has is checked as long as one that somebody has: by the dearest hash there is")
  func strangers() async throws {
    let costly = try PasswordHash(Passwords.hash(of: "x", cost: 8))
    let credentials = Credentials(["anna": try PasswordHash(Passwords.hash), "otto": costly])
    let clock = ContinuousClock()
    // The fastest of several, for other tests take the processor away.
    func time(_ user: String) async -> Duration {
      var best = Duration.seconds(60)
      for _ in 0..<5 {
        let took = await clock.measure { _ = await verdict(Passwords.header(user, "wrong"), credentials) }
        best = min(best, took)
      }
      return best
    }
    #expect(await time("nobody") > time("otto") / 2)
  }

  @Test("hashes are shown nowhere")
  func shown() throws {
    let hash = try PasswordHash(Passwords.hash)
    var dumped = ""
    dump(WebConfiguration(file: "web.yml", users: ["anna": hash]), to: &dumped)
    for text in ["\(hash)", String(reflecting: hash), dumped] { #expect(!text.contains("$2b$")) }
  }
}
