import Glibc

/// A socket of TCP or UDP that waits on the loop and never blocks.
actor ProbeSocket {
  private let loop: EventLoop
  private let deadline: ContinuousClock.Instant
  private var descriptor: Int32 = -1
  /// `4` or `6`, once it is open.
  private(set) var ipVersion = 4

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(loop: EventLoop, until deadline: ContinuousClock.Instant) {
    (self.loop, self.deadline) = (loop, deadline)
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// - Parameter address: numeric.
  func open(_ address: String, port: Int, isStream: Bool) async throws(TransportFailure) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(isStream ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, String(port), &hints, &list) == 0, let place = list?.pointee else {
      throw TransportFailure(reason: .dns, message: "'\(address)' is no address")
    }
    defer { freeaddrinfo(list) }
    ipVersion = place.ai_family == AF_INET6 ? 6 : 4
    descriptor = socket(place.ai_family, place.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure(.connect) }
    if connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 { return }
    guard errno == EINPROGRESS else { throw failure(.connect) }
    guard await loop.wait(for: descriptor, .writing, until: deadline) else {
      throw TransportFailure(reason: .timeout, message: "no connection in time")
    }
    var error: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
    if error != 0 { throw TransportFailure(reason: .connect, message: "no connection: \(String(cString: strerror(error)))") }
  }

  func send(_ bytes: [UInt8]) async throws(TransportFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else {
        guard errno == EAGAIN else { throw failure(.protocolError) }
        guard await loop.wait(for: descriptor, .writing, until: deadline) else { throw late }
      }
    }
  }

  /// Up to so many bytes; none at the end.
  func receive(atMost limit: Int) async throws(TransportFailure) -> [UInt8] {
    while true {
      var bytes = [UInt8](repeating: 0, count: limit)
      let count = recv(descriptor, &bytes, limit, 0)
      if count >= 0 { return Array(bytes.prefix(count)) }
      guard errno == EAGAIN else { throw failure(.protocolError) }
      guard await loop.wait(for: descriptor, .reading, until: deadline) else { throw late }
    }
  }

  private var late: TransportFailure { TransportFailure(reason: .timeout, message: "no answer in time") }

  private func failure(_ reason: Reason) -> TransportFailure {
    let code = errno
    // What an ICMP message has told of a port where nobody listens.
    return TransportFailure(reason: code == ECONNREFUSED ? .connect : reason, message: "no connection: \(String(cString: strerror(code)))")
  }
}

/// What TCP and DNS probes begin with: where the target is.
struct ProbeTarget: Sendable {
  let host: String
  let port: Int

  /// `host:port`, `[::1]:53`, or a host alone where there is a usual port.
  init?(_ text: String, usualPort: Int? = nil) {
    let bracket = text.lastIndex(of: "]")
    let colon = text.lastIndex(of: ":").flatMap { colon in bracket.map { colon > $0 } ?? true ? colon : nil }
    let isBareV6 = bracket == nil && text.filter { $0 == ":" }.count > 1
    let host = isBareV6 ? text[...] : text[..<(colon ?? text.endIndex)]
    self.host = host.filter { $0 != "[" && $0 != "]" }
    if let colon, !isBareV6 {
      guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
      self.port = port
    } else {
      guard let usualPort else { return nil }
      port = usualPort
    }
    guard !self.host.isEmpty else { return nil }
  }

  /// A numeric address.
  func address(_ resolver: NameResolver, until deadline: ContinuousClock.Instant) async throws(TransportFailure) -> String {
    do throws(PostgresFailure) {
      return try await resolver.address(of: host, until: deadline) ?? host
    } catch {
      throw TransportFailure(reason: .dns, message: error.message)
    }
  }
}
