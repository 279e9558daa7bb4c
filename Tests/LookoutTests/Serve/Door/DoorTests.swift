import Testing

@testable import Lookout

@Suite struct DoorTests {
  private func configuration(_ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
    var configuration = Configuration(targets: [], stateDirectory: "/nowhere", externalURL: "https://lookout.example.com/odoo")
    change(&configuration)
    return configuration
  }

  private func status(_ visit: Visit, _ configuration: Configuration) async throws -> Int? {
    await Door(try DoorRules(configuration)).refusal(of: visit)?.status
  }

  @Test("a name that is not the agent's is refused whatever is asked for, a request without a name is not")
  func host() async throws {
    let configuration = configuration { $0.allowedHosts = ["monitor.internal"] }
    for host in ["evil.example", "127.0.0.1.evil.example:9069", "", "[::1", "localhost:x", "lookout.example.com.evil.example"] {
      for method in ["GET", "POST"] { #expect(try await status(Visit(method: method, hosts: [host]), configuration) == 421, "\(host)") }
    }
    for host in [
      "127.0.0.1", "127.0.0.1:9069", "[::1]:9069", "192.0.2.7:80", "localhost", "LocalHost.:9069", "a.localhost", "Lookout.Example.com:443",
      "monitor.internal",
    ] {
      #expect(try await status(Visit(hosts: [host]), configuration) == nil, "\(host)")
    }
    #expect(try await status(Visit(hosts: []), configuration) == nil)
    #expect(try await status(Visit(hosts: ["localhost", "localhost"]), configuration) == 400)
  }

  @Test("a page of another site reads nothing less, but changes nothing")
  func crossSite() async throws {
    let (host, foreign) = (["127.0.0.1:9069"], "http://evil.example")
    #expect(try await status(Visit(method: "GET", hosts: host, origin: foreign), configuration()) == nil)
    for method in ["POST", "PUT", "DELETE", "PATCH", "post"] {
      #expect(try await status(Visit(method: method, hosts: host, origin: foreign), configuration()) == 403)
      #expect(try await status(Visit(method: method, hosts: host), configuration()) == nil)
    }
    #expect(try await status(Visit(method: "POST", hosts: host, origin: "https://lookout.example.com"), configuration()) == nil)
    // Reading it has the agent ask another machine.
    #expect(try await status(Visit(method: "GET", path: "/probe", hosts: host, origin: foreign), configuration()) == 403)
    #expect(try await status(Visit(method: "GET", path: "/probe", hosts: host), configuration()) == nil)
  }

  @Test("a body is measured before it is read", arguments: [("0", nil), ("1048576", nil), ("1048577", 413), ("-", 413), ("1e3", 413)])
  func body(length: String, status expected: Int?) async throws {
    #expect(try await status(Visit(method: "POST", hosts: ["[::1]"], bodyLength: length), configuration()) == expected)
  }

  @Test("where there are users everything needs one of them, and who is none is told how to say so")
  func users() async throws {
    let configuration = configuration { $0.web = WebConfiguration(file: "web.yml", users: (try? Passwords.users("anna")) ?? [:]) }
    let door = Door(try DoorRules(configuration))
    let refusal = await door.refusal(of: Visit(hosts: ["localhost"]))
    #expect(refusal?.status == 401)
    #expect(refusal?.headers["WWW-Authenticate"] == #"Basic realm="Lookout", charset="UTF-8""#)
    #expect(await door.refusal(of: Visit(hosts: ["localhost"], authorization: Passwords.header("anna", "secret"))) == nil)
    // A page of another site has the browser send the password too.
    let foreign = Visit(
      method: "POST", hosts: ["localhost"], authorization: Passwords.header("anna", "secret"), fetchSite: "cross-site")
    #expect(await door.refusal(of: foreign)?.status == 403)
    door.change(to: try DoorRules(self.configuration()))
    #expect(await door.refusal(of: Visit(hosts: ["localhost"])) == nil)
  }

  @Test("a door that is open to everybody asks for no name and no user, and still bounds bodies")
  func open() async {
    let door = Door(.open)
    #expect(await door.refusal(of: Visit(hosts: ["whatever.example"])) == nil)
    #expect(await door.refusal(of: Visit(method: "POST", hosts: ["x"], bodyLength: "99999999")) != nil)
  }
}
