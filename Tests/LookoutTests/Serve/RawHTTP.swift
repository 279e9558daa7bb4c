import Foundation
import Glibc

/// An answer as it came over the wire.
struct RawAnswer {
  let statusLine: String
  /// By name in lower case.
  let headers: [String: String]
  let body: [UInt8]

  init(_ bytes: [UInt8]) {
    let end = bytes.indices.first { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) } ?? bytes.count
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
    statusLine = lines.first ?? ""
    let pairs = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
    headers = Dictionary(pairs.compactMap { $0.count == 2 ? ($0[0].lowercased(), String($0[1].dropFirst())) : nil }) { "\($0), \($1)" }
    body = Array(bytes[min(end + 4, bytes.count)...])
  }
}

struct SocketError: Error {
  let call: String
  let code = errno
}

/// Sends bytes to a port of this machine and reads until the other side closes, at most 10 s for each read; on a thread of its own.
func rawExchange(_ request: String, port: Int) async throws -> RawAnswer {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try RawAnswer(blockingExchange(Array(request.utf8), port: UInt16(port))) })
    }
  }
}

func rawGet(_ path: String, method: String = "GET", headers: [String] = [], port: Int) async throws -> RawAnswer {
  let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
  return try await rawExchange(lines.joined(separator: "\r\n") + "\r\n\r\n", port: port)
}

private func blockingExchange(_ request: [UInt8], port: UInt16) throws -> [UInt8] {
  let descriptor = try connection(to: port)
  defer { close(descriptor) }
  sendAll(request, to: descriptor, flags: MSG_NOSIGNAL)
  return try readToEnd(descriptor)
}

/// Opens a connection that sends as much as is taken at once and reads nothing; it stays open for the body.
func withMuteConnection(sending request: String, port: Int, _ body: () async throws -> Void) async throws {
  let descriptor = try connection(to: UInt16(port))
  defer { close(descriptor) }
  sendAll(Array(request.utf8), to: descriptor, flags: MSG_NOSIGNAL | MSG_DONTWAIT)
  try await body()
}

private func connection(to port: UInt16) throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard descriptor >= 0 else { throw SocketError(call: "socket") }
  var limit = timeval(tv_sec: 10, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let connected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
  guard connected == 0 else {
    let error = SocketError(call: "connect")
    close(descriptor)
    throw error
  }
  return descriptor
}

/// Stops early where the other side takes no more: a server may answer and close before it has read everything.
private func sendAll(_ bytes: [UInt8], to descriptor: Int32, flags: Int) {
  var sent = 0
  while sent < bytes.count {
    let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(flags)) }
    guard count > 0 else { return }
    sent += count
  }
}

private func readToEnd(_ descriptor: Int32) throws -> [UInt8] {
  var answer: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  while true {
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else {
      if errno == ECONNRESET { return answer }
      throw SocketError(call: "recv")
    }
    guard count > 0 else { return answer }
    answer += buffer[..<count]
  }
}
