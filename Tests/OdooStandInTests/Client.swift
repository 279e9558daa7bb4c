import Foundation

/// A client of bare sockets: it sends what it is told and reads until the other side closes.
struct Client: Sendable {
  var port: Int

  struct Response: Sendable {
    var bytes: [UInt8]
    var refused = false
    var seconds = 0.0

    private var split: (head: String, body: [UInt8]) {
      guard let range = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return (String(decoding: bytes, as: UTF8.self), []) }
      return (String(decoding: bytes[..<range.lowerBound], as: UTF8.self), Array(bytes[range.upperBound...]))
    }
    var body: [UInt8] { split.body }
    var text: String { String(decoding: body, as: UTF8.self) }
    var lines: [String] { split.head.components(separatedBy: "\r\n") }
    var statusLine: String { lines.first ?? "" }
    var status: Int { statusLine.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    var json: Any? { try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed) }

    func header(_ name: String) -> String? {
      headers.first { $0.name == name.lowercased() }?.value
    }
    var headers: [(name: String, value: String)] {
      lines.dropFirst().compactMap { line in
        guard let colon = line.range(of: ": ") else { return nil }
        return (line[..<colon.lowerBound].lowercased(), String(line[colon.upperBound...]))
      }
    }
    var sessionID: String? {
      headers.filter { $0.name == "set-cookie" && $0.value.hasPrefix("session_id=") }.first
        .map { String($0.value.dropFirst("session_id=".count).prefix { $0 != ";" }) }
    }
    subscript(path: String...) -> Any? {
      path.reduce(json) { value, key in (value as? [String: Any])?[key] }
    }
  }

  func get(_ target: String, method: String = "GET", session: String? = nil, headers: String = "") async -> Response {
    await send("\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(Self.cookie(session))\(headers)\r\n")
  }

  func post(_ target: String, _ body: String, type: String = "application/json", session: String? = nil) async -> Response {
    let length = "Content-Length: \(body.utf8.count)\r\n"
    return await send("POST \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(Self.cookie(session))Content-Type: \(type)\r\n\(length)\r\n\(body)")
  }

  func call(_ target: String, _ params: String = "{}", session: String? = nil) async -> Response {
    await post(target, #"{"jsonrpc":"2.0","id":1,"method":"call","params":\#(params)}"#, session: session)
  }

  func logIn(_ login: String = "monitor", _ password: String = "monitor", database: String = "crm") async -> Response {
    await call("/web/session/authenticate", #"{"db":"\#(database)","login":"\#(login)","password":"\#(password)"}"#)
  }

  private static func cookie(_ session: String?) -> String { session.map { "Cookie: session_id=\($0)\r\n" } ?? "" }

  func send(_ text: String, atMost limit: Int = .max) async -> Response {
    await send(Array(text.utf8), atMost: limit)
  }

  /// Blocks a thread of its own, not the pool.
  func send(_ bytes: [UInt8], atMost limit: Int = .max) async -> Response {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: exchange(bytes, limit)) }
    }
  }

  private func exchange(_ bytes: [UInt8], _ limit: Int) -> Response {
    let start = ContinuousClock.now
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafeBytes(of: &address) { raw in
      raw.bindMemory(to: sockaddr.self).baseAddress.map { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) } ?? -1
    }
    guard connected == 0 else { return Response(bytes: [], refused: true) }
    _ = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while answer.count < limit {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    return Response(bytes: answer, seconds: (ContinuousClock.now - start) / .seconds(1))
  }
}
