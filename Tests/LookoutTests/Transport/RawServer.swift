import Foundation
import Synchronization

/// A server that answers as a test says, byte by byte: each connection is handed to `answer` on a thread of its own and closed afterwards.
final class RawServer: Sendable {
  let port: Int
  private let listener: Int32
  private let open = Mutex<[Int32]>([])
  private let count = Atomic<Int>(0)
  private let answer: @Sendable (RawConnection) -> Void

  /// Connections accepted so far.
  var connections: Int { count.load(ordering: .relaxed) }
  var url: String { "http://127.0.0.1:\(port)" }

  init(backlog: Int32 = 512, _ answer: @escaping @Sendable (RawConnection) -> Void) throws {
    self.answer = answer
    (listener, port) = try loopbackListener(backlog)
  }

  fileprivate func start() {
    Thread.detachNewThread { self.acceptUntilStopped() }
  }

  fileprivate func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    open.withLock { $0.forEach { _ = shutdown($0, Int32(SHUT_RDWR)) } }
  }

  private func acceptUntilStopped() {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { break }
      count.add(1, ordering: .relaxed)
      open.withLock { $0.append(descriptor) }
      Thread.detachNewThread {
        self.answer(RawConnection(descriptor))
        self.open.withLock { $0.removeAll { $0 == descriptor } }
        close(descriptor)
      }
    }
    close(listener)
  }
}

/// One connection as the server sees it. Every call blocks, a read for 30 s at most.
struct RawConnection: Sendable {
  private let descriptor: Int32

  fileprivate init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// The request's head and as much body as it announces.
  @discardableResult
  func request() -> String {
    var bytes: [UInt8] = []
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let lengths = text.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("content-length:") }
        let wanted = lengths.first.flatMap { Int($0.dropFirst("content-length:".count).filter(\.isNumber)) } ?? 0
        if text[end.upperBound...].utf8.count >= wanted { return text }
      }
      let more = read()
      guard !more.isEmpty else { return text }
      bytes += more
    }
  }

  /// False once the other side takes no more.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// The connection will be reset instead of being closed (socket(7), SO_LINGER).
  func resetAtEnd() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  /// What came next, without the end of its line.
  func line() -> String { String(decoding: read(), as: UTF8.self).filter { !$0.isNewline } }

  /// Returns when the other side has hung up.
  func waitForHangUp() {
    while !read().isEmpty {}
  }

  private func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
  }
}

func withRawServer<Value>(
  _ answer: @escaping @Sendable (RawConnection) -> Void, _ body: (RawServer) async throws -> Value
) async throws -> Value {
  let server = try RawServer(answer)
  server.start()
  defer { server.stop() }
  return try await body(server)
}

/// A server with the same answer to everything.
func withRawServer<Value>(answering text: String, _ body: (RawServer) async throws -> Value) async throws -> Value {
  try await withRawServer(
    { connection in
      connection.request()
      connection.send(text)
    }, body)
}

/// A port of loopback on which nobody listens.
func closedPort() throws -> Int {
  let (descriptor, port) = try loopbackListener(1)
  close(descriptor)
  return port
}

private func loopbackListener(_ backlog: Int32) throws -> (Int32, Int) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard descriptor >= 0 else { throw SocketError(call: "socket") }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isBound else {
    let error = SocketError(call: "bind")
    close(descriptor)
    throw error
  }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
