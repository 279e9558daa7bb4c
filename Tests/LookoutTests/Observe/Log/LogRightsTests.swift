import Foundation
import Testing

@testable import Lookout

@Suite("Whether Odoo may write its log")
struct LogRightsTests {
  private func status(_ path: String) -> stat {
    var status = stat()
    _ = stat(path, &status)
    return status
  }

  @Test("by the mode, as the kernel decides: owner, then group, then all")
  func modes() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      let own = ProcessOwner(user: getuid() + 1, groups: [getgid()])
      let stranger = ProcessOwner(user: getuid() + 1, groups: [getgid() + 1])
      chmod(folder.log, 0o640)
      #expect(!own.may(2, status(folder.log)) && !stranger.may(2, status(folder.log)))
      chmod(folder.log, 0o660)
      #expect(own.may(2, status(folder.log)) && !stranger.may(2, status(folder.log)))
      chmod(folder.log, 0o602)
      #expect(!own.may(2, status(folder.log)) && stranger.may(2, status(folder.log)))
      chmod(folder.log, 0)
      #expect(ProcessOwner(user: 0, groups: []).may(2, status(folder.log)))
    }
  }

  @Test("the owner of a process is known, also his further groups; that of none is not")
  func owners() throws {
    let own = try #require(Processes.owner(of: getpid()))
    #expect(own.user == geteuid() && own.groups.first == getegid())
    #expect(Processes.owner(of: 0) == nil && Processes.owner(of: .max) == nil)
  }

  @Test("of an Odoo that is not known nothing is said; of a folder that is gone it is")
  func unknown() async throws {
    try await withLogFolder { folder in
      try folder.append("")
      #expect(LogRights(path: folder.log, port: nil, loggedPID: Board(nil)).trouble() == nil)
      #expect(LogRights(path: folder.path + "/new.log", port: nil, loggedPID: Board(nil)).trouble() == nil)
      let gone = LogRights(path: folder.path + "/no/odoo.log", port: nil, loggedPID: Board(nil)).trouble()
      #expect(gone == "the folder \(folder.path)/no is not there")
    }
  }
}
