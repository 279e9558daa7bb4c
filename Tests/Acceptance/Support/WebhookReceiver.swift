import Foundation
import Glibc
import Synchronization

/// One request that reached the receiver.
struct Delivery: Sendable {
  let path: String
  /// By name in lower case.
  let headers: [String: String]
  let body: [UInt8]
  /// The status that it was answered with; nil when it was left hanging.
  var status: Int?

  var idempotencyKey: String { headers["idempotency-key"] ?? "" }
  var message: Message {
    get throws { try JSONDecoder().decode(Message.self, from: Data(body)) }
  }
}

/// A webhook of the tests' own: keeps what it is sent, and refuses, hangs or fails on demand.
final class WebhookReceiver: Sendable {
  enum Mood: Sendable, Equatable {
    case answering(Int)
    /// Requests are taken and never answered.
    case hanging
    /// Nobody listens.
    case refusing
  }

  private struct State {
    var mood = Mood.answering(200)
    var deliveries: [Delivery] = []
    var open: Set<Int32> = []
    var isOver = false
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex(State())

  init() throws {
    // Bound to a number of its own choice, the socket keeps it while it does not listen.
    port = try Socket.freePort()
    listener = try Socket.make()
    try Socket.bind(listener, port: port)
    guard listen(listener, 64) == 0 else { throw SocketError("listen") }
    Thread.detachNewThread { [self] in serve() }
  }

  /// Everything that came, refused and hanging requests included, in order.
  var deliveries: [Delivery] { state.withLock(\.deliveries) }
  /// What was answered with success.
  var accepted: [Delivery] { deliveries.filter { $0.status == 200 } }

  var mood: Mood {
    get { state.withLock(\.mood) }
    set {
      state.withLock { state in
        let before = state.mood
        state.mood = newValue
        if newValue == .refusing { shutdown(listener, Int32(SHUT_RDWR)) } else if before == .refusing { listen(listener, 64) }
        // What hangs is let go without an answer: the sender must not be told of a success that nobody counts.
        if before == .hanging { state.open.forEach { shutdown($0, Int32(SHUT_RDWR)) } }
      }
    }
  }

  func end() {
    state.withLock { state in
      state.isOver = true
      state.open.forEach { shutdown($0, Int32(SHUT_RDWR)) }
      shutdown(listener, Int32(SHUT_RDWR))
    }
  }

  private func serve() {
    defer { close(listener) }
    while !state.withLock(\.isOver) {
      var ready = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard mood != .refusing, poll(&ready, 1, 100) > 0, ready.revents == Int16(POLLIN) else {
        usleep(10_000)
        continue
      }
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      state.withLock { _ = $0.open.insert(connection) }
      Thread.detachNewThread { [self] in
        answer(connection)
        state.withLock { _ = $0.open.remove(connection) }
        close(connection)
      }
    }
  }

  private func answer(_ connection: Int32) {
    Socket.limit(connection, seconds: 30)
    guard var delivery = Self.read(connection) else { return }
    let mood = state.withLock { state in
      if case .answering(let status) = state.mood { delivery.status = status }
      state.deliveries.append(delivery)
      return state.mood
    }
    switch mood {
    case .answering(let status):
      Socket.sendAll(Array("HTTP/1.1 \(status) Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8), to: connection)
    case .hanging, .refusing:
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    }
  }

  private static func read(_ connection: Int32) -> Delivery? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      if let delivery = Delivery(bytes) { return delivery }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}

extension Delivery {
  /// Nil while the request is not whole.
  fileprivate init?(_ bytes: [UInt8]) {
    // A request has the same shape as an answer but for its first line.
    guard let request = try? Answer(bytes), let length = request.headers["content-length"].flatMap({ Int($0) }) else { return nil }
    guard request.body.count >= length else { return nil }
    let first = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    path = first.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    (headers, body, status) = (request.headers, Array(request.body.prefix(length)), nil)
  }
}
