import Foundation
import Glibc

/// A connection to a port of this machine that behaves as badly as a test wants.
final class RawClient: Sendable {
  private let descriptor: Int32

  /// - Parameter source: an address of this machine to come from; all of 127.0.0.0/8 are.
  init(port: Int, from source: String = "127.0.0.1") throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(call: "socket") }
    let bound = Self.withAddress(source, 0) { bind(descriptor, $0, $1) }
    let connected = bound == 0 ? Self.withAddress("127.0.0.1", port) { connect(descriptor, $0, $1) } : -1
    guard connected == 0 else { throw SocketError(call: "bind or connect") }
  }

  deinit { close(descriptor) }

  /// False when the other side takes nothing any more.
  @discardableResult
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// What comes until `end` has come, the other side has closed, or `limit` has passed.
  func read(until end: String? = nil, within limit: Duration = .seconds(10)) async -> (text: String, isClosed: Bool) {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in continuation.resume(returning: blockingRead(until: end, within: limit)) }
    }
  }

  private func blockingRead(until end: String?, within limit: Duration) -> (String, Bool) {
    let deadline = ContinuousClock.now + limit
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      if let end, bytes.utf8Text.contains(end) { return (bytes.utf8Text, false) }
      let left = (deadline - ContinuousClock.now).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard milliseconds > 0, poll(&ready, 1, Int32(milliseconds)) > 0 else { return (bytes.utf8Text, false) }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return (bytes.utf8Text, true) }
      bytes += buffer[..<count]
    }
  }

  private static func withAddress(_ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
