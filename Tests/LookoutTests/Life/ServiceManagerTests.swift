import Foundation
import Testing

@testable import Lookout

@Suite struct ServiceManagerTests {
  @Test("notices arrive at the socket that the environment names, each as one datagram")
  func path() async throws {
    try await withNoticeSocket { name, socket in
      let manager = ServiceManager(["NOTIFY_SOCKET": name])
      #expect(manager.wantsNotices && manager.trouble == nil)
      #expect(manager.tell(.ready, .status("watching crm: all 17 checks pass")))
      #expect(manager.tell(.reloading(123_456)) && manager.tell(.alive) && manager.tell(.stopping))
      #expect(
        socket.taken() == [
          "READY=1\nSTATUS=watching crm: all 17 checks pass", "RELOADING=1\nMONOTONIC_USEC=123456", "WATCHDOG=1", "STOPPING=1",
        ])
    }
  }

  @Test("a name after @ is one in the abstract name space")
  func abstractName() throws {
    let name = "@lookout-test-\(UUID().uuidString)"
    let socket = try NoticeSocket(name)
    #expect(ServiceManager(["NOTIFY_SOCKET": name]).tell(.ready))
    #expect(socket.taken() == ["READY=1"])
  }

  @Test("nothing that stands in a status can become an assignment of its own")
  func hostileStatus() async throws {
    try await withNoticeSocket { name, socket in
      ServiceManager(["NOTIFY_SOCKET": name]).tell(.status("crm\nSTOPPING=1\r\nMAINPID=1\0\u{2028}x\u{9b}31m"))
      #expect(socket.taken() == [#"STATUS=crm\nSTOPPING=1\r\nMAINPID=1\u{0}\u{2028}x\u{9b}31m"#])
    }
  }

  @Test("without a socket nothing is told and nothing fails; one that cannot be is said", arguments: ["", "relative/path", "@", "/", long])
  func unusable(_ name: String) {
    let manager = ServiceManager(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"])
    #expect(!manager.wantsNotices && manager.tell(.ready) && manager.watchdog == nil)
    #expect((manager.trouble == nil) == name.isEmpty)
  }

  private static let long = "/" + String(repeating: "x", count: 200)

  @Test("a notice that nobody takes is told to have failed, and waits for nobody")
  func nobodyListens() async throws {
    #expect(!ServiceManager(["NOTIFY_SOCKET": "/proc/none"]).tell(.ready))
    try await withNoticeSocket { name, socket in
      let manager = ServiceManager(["NOTIFY_SOCKET": name])
      var told = 0
      while told < 100_000, manager.tell(.alive) { told += 1 }
      #expect(told > 0 && told < 100_000)
      #expect(socket.taken().count == told && manager.tell(.alive))
    }
  }

  @Test("the watchdog counts for the process that it is meant for")
  func watchdog() {
    func watchdog(_ more: [String: String]) -> Duration? {
      ServiceManager(["NOTIFY_SOCKET": "/run/notify"].merging(more) { $1 }, pid: 42).watchdog
    }
    #expect(watchdog(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
    #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == .seconds(30))
    #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
    for odd in ["", "0", "-1", "soon", "99999999999999999999"] { #expect(watchdog(["WATCHDOG_USEC": odd]) == nil) }
    #expect(watchdog([:]) == nil)
  }
}
