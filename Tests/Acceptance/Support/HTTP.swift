import Foundation
import Glibc

/// An answer over HTTP.
struct Answer: Sendable {
  let status: Int
  /// By name in lower case.
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  init(_ bytes: [UInt8]) throws {
    let whole = Data(bytes)
    guard let end = whole.range(of: Data("\r\n\r\n".utf8)) else {
      throw NeverHappened(description: "an answer of \(bytes.count) bytes without headers")
    }
    let lines = String(decoding: whole[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    headers = Dictionary(
      lines.dropFirst().compactMap { line in
        guard let colon = line.range(of: ": ") else { return nil }
        return (line[..<colon.lowerBound].lowercased(), String(line[colon.upperBound...]))
      }, uniquingKeysWith: { first, _ in first })
    let rest = whole[end.upperBound...]
    body = headers["transfer-encoding"] == "chunked" ? try Self.joined(chunks: rest) : Array(rest)
  }

  /// RFC 9112, section 7.1: sizes in hexadecimal digits on lines of their own.
  private static func joined(chunks: Data) throws -> [UInt8] {
    var (rest, body) = (chunks, [UInt8]())
    while let end = rest.range(of: Data("\r\n".utf8)) {
      let size = Int(String(decoding: rest[..<end.lowerBound].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16)
      guard let size, rest.endIndex - end.upperBound >= size + 2 else { break }
      if size == 0 { return body }
      body += rest[end.upperBound..<(end.upperBound + size)]
      rest = rest[(end.upperBound + size + 2)...]
    }
    throw NeverHappened(description: "an answer that breaks off after \(body.count) bytes")
  }
}

/// Asks a port of this machine, over a connection of its own and on a thread of its own; 10 s at most between two bytes.
func ask(_ method: String, _ path: String, port: Int, headers: [String] = [], body: String = "") async throws -> Answer {
  let length = "Content-Length: \(body.utf8.count)"
  let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close", length] + headers
  let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  let bytes = try await onThread { try Socket.exchange(request, port: port) }
  return try Answer(bytes)
}

/// Runs what blocks on a thread of its own.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}

struct SocketError: Error, CustomStringConvertible {
  let description: String
  init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}

/// Bare sockets on 127.0.0.1.
enum Socket {
  static func make(_ type: __socket_type = SOCK_STREAM) throws -> Int32 {
    let made = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard made >= 0 else { throw SocketError("socket") }
    return made
  }

  static func bind(_ descriptor: Int32, host: String = "127.0.0.1", port: Int) throws {
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard withAddress(host, port, { Glibc.bind(descriptor, $0, $1) }) == 0 else { throw SocketError("bind to \(host):\(port)") }
  }

  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// A port that nobody has now.
  static func freePort() throws -> Int {
    let probe = try make()
    defer { close(probe) }
    try bind(probe, port: 0)
    return port(of: probe)
  }

  static func exchange(_ request: [UInt8], port: Int) throws -> [UInt8] {
    let connection = try make()
    defer { close(connection) }
    limit(connection, seconds: 10)
    guard withAddress("127.0.0.1", port, { connect(connection, $0, $1) }) == 0 else { throw SocketError("connect to port \(port)") }
    sendAll(request, to: connection)
    return readToEnd(connection)
  }

  /// A connection to a port of this machine, for the caller to close.
  static func open(port: Int) throws -> Int32 {
    let connection = try make()
    guard withAddress("127.0.0.1", port, { connect(connection, $0, $1) }) == 0 else {
      close(connection)
      throw SocketError("connect to port \(port)")
    }
    return connection
  }

  static func limit(_ descriptor: Int32, seconds: Int) {
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  static func sendAll(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private static func readToEnd(_ descriptor: Int32) -> [UInt8] {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return answer }
      answer += buffer[..<count]
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
