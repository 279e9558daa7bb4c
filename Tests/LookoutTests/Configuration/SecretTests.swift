import Foundation
import Testing

@testable import Lookout

@Suite("Secrets")
struct SecretTests {
  private struct Holder {
    let name = "receiver"
    let secret: Secret
  }

  @Test("print as nothing, whoever prints them and however deep they lie")
  func printing() {
    let holder = Holder(secret: .text("hunter2"))
    var dumped = ""
    dump(holder, to: &dumped)
    var plain = ""
    dump(holder.secret, to: &plain)
    var printed = ""
    print(holder, [holder.secret], Optional(holder.secret) as Any, to: &printed)
    for text in [dumped, plain, printed, "\(holder.secret)", String(reflecting: holder), String(describing: ["a": holder.secret])] {
      #expect(!text.contains("hunter2"), "\(text)")
    }
    #expect("\(holder.secret)" == "<secret>")
    #expect(Mirror(reflecting: holder.secret).children.isEmpty)
  }

  @Test("a file's secret is its first line, read anew each time")
  func files() throws {
    try withConfigurationFolder { folder in
      let secret = Secret.file(folder.path + "/secret")
      try folder.write("secret", "first\nsecond\n")
      #expect(try secret.reveal() == "first")
      try folder.write("secret", "changed\r\n")
      #expect(try secret.reveal() == "changed")
    }
  }

  @Test("an empty file, a missing one, an oversized one and a folder say what is wrong without the secret", arguments: ["", "\nx", nil])
  func unusable(text: String?) throws {
    try withConfigurationFolder { folder in
      if let text { try folder.write("secret", text) }
      #expect(throws: AgentError.self) { try Secret.file(folder.path + "/secret").reveal() }
      try folder.write("large", String(repeating: "hunter2 ", count: 10_000))
      #expect { try Secret.file(folder.path + "/large").reveal() } throws: { !"\($0)".contains("hunter2") }
      #expect(throws: AgentError.self) { try Secret.file(folder.path).reveal() }
    }
  }

  @Test("the revision changes with the file, and is 0 where there is none")
  func revision() throws {
    try withConfigurationFolder { folder in
      let secret = Secret.file(folder.path + "/password")
      let before = secret.revision
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: folder.path + "/password")
      #expect(before != 0 && secret.revision != before)
      #expect(Secret.file(folder.path + "/none").revision == 0)
      #expect(Secret.text("x").revision == 0)
    }
  }

  @Test("a key of Odoo's own file is read from there")
  func odoo() throws {
    try withConfigurationFolder { folder in
      try folder.write("odoo.conf", "[options]\ndb_password = p=q:r\n")
      #expect(try Secret.odooConfiguration(folder.path + "/odoo.conf", key: "db_password").reveal() == "p=q:r")
      #expect(throws: AgentError.self) { try Secret.odooConfiguration(folder.path + "/odoo.conf", key: "admin_passwd").reveal() }
    }
  }
}
