import Foundation
import Testing

@testable import Lookout

@Suite struct CertificateWatchTests {
  private func door(_ tls: ServerTLS) throws -> Door {
    var configuration = Configuration(targets: [], stateDirectory: "/nowhere", externalURL: "https://localhost")
    configuration.web = WebConfiguration(file: "web.yml", tls: tls, users: [:])
    return Door(try DoorRules(configuration))
  }

  @Test("a certificate whose files change is taken up; one that cannot be used is not, and the next good one is")
  func renewal() async throws {
    try await withDirectory { folder in
      let certificates = MadeCertificate(folder: folder)
      try await certificates.make("own")
      let door = try door(ServerTLS(certificateFile: "\(folder)/own.pem", keyFile: "\(folder)/own.key"))
      let watch = CertificateWatch(door: door, timeline: .system(), logger: quiet)
      let first = try #require(door.certificate)
      await watch.look()
      #expect(door.certificate?.context === first.context)
      // The key first, as a careless copy does it: for a moment they do not belong together.
      try await certificates.make("new")
      try FileManager.default.removeItem(atPath: "\(folder)/own.key")
      await watch.look()
      #expect(door.certificate?.context === first.context)
      try FileManager.default.copyItem(atPath: "\(folder)/new.key", toPath: "\(folder)/own.key")
      await watch.look()
      #expect(door.certificate?.context === first.context)
      try FileManager.default.removeItem(atPath: "\(folder)/own.pem")
      try FileManager.default.copyItem(atPath: "\(folder)/new.pem", toPath: "\(folder)/own.pem")
      await watch.look()
      #expect(door.certificate?.context !== first.context)
    }
  }

  @Test("a renewal for settings that a reload has changed meanwhile is dropped")
  func overtaken() async throws {
    try await withDirectory { folder in
      let certificates = MadeCertificate(folder: folder)
      for name in ["own", "other"] { try await certificates.make(name) }
      let own = ServerTLS(certificateFile: "\(folder)/own.pem", keyFile: "\(folder)/own.key")
      let other = ServerTLS(certificateFile: "\(folder)/other.pem", keyFile: "\(folder)/other.key")
      let door = try door(other)
      door.renew(try DoorCertificate(own))
      #expect(door.certificate?.settings == other)
    }
  }

  @Test("an end that has passed is told by its day")
  func expiry() async throws {
    try await withDirectory { folder in
      let certificates = MadeCertificate(folder: folder)
      try await certificates.make("own", days: 2)
      let tls = ServerTLS(certificateFile: "\(folder)/own.pem", keyFile: "\(folder)/own.key")
      #expect(tls.expired(at: Date()) == nil)
      let day = try #require(tls.expired(at: Date() + 3 * 86_400))
      #expect(day.count == 10 && day.hasPrefix("20"))
    }
  }
}
