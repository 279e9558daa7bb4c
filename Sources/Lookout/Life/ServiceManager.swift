import Foundation

/// The service manager that has started this process, as far as it wants to be told anything: sd_notify(3), by datagrams to the socket that
/// `NOTIFY_SOCKET` names. Without one, nothing is told.
struct ServiceManager: Sendable {
  enum Notice: Equatable, Sendable {
    case ready, stopping, alive
    /// At that moment of CLOCK_MONOTONIC, in microseconds.
    case reloading(UInt64)
    /// One line for people.
    case status(String)

    /// Whatever stands in a text, it is one assignment.
    fileprivate var assignment: String {
      switch self {
      case .ready: "READY=1"
      case .stopping: "STOPPING=1"
      case .alive: "WATCHDOG=1"
      case .reloading(let moment): "RELOADING=1\nMONOTONIC_USEC=\(moment)"
      case .status(let text): "STATUS=\(OneLine.escaped(text))"
      }
    }
  }

  /// As in `sun_path`: a path, or a name in the abstract name space after a NUL (unix(7)).
  private let address: [UInt8]
  /// Within which span it wants to be told again that all goes on; nil where it does not look after that.
  let watchdog: Duration?
  /// Why it cannot be told anything although it wants to be.
  let trouble: String?

  /// Nobody.
  static let none = ServiceManager([:])

  init(_ environment: [String: String], pid: pid_t = getpid()) {
    let socket = environment["NOTIFY_SOCKET"] ?? ""
    (address, trouble) = Self.address(of: socket)
    watchdog = address.isEmpty ? nil : Self.watchdog(environment, pid)
  }

  var wantsNotices: Bool { !address.isEmpty }

  private static func address(of socket: String) -> ([UInt8], String?) {
    guard !socket.isEmpty else { return ([], nil) }
    let bytes = Array(socket.utf8)
    let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
    guard bytes.count > 1, bytes.count <= longest, bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "@") else {
      return ([], "$NOTIFY_SOCKET is neither a path nor an abstract name of at most \(longest) bytes: nobody is told how the agent stands")
    }
    return (bytes[0] == UInt8(ascii: "@") ? [0] + bytes.dropFirst() : bytes, nil)
  }

  /// It may be meant for another process, from which this one has only inherited it (sd_watchdog_enabled(3)).
  private static func watchdog(_ environment: [String: String], _ pid: pid_t) -> Duration? {
    guard let span = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), span > 0 else { return nil }
    if let meant = environment["WATCHDOG_PID"], meant != "\(pid)" { return nil }
    return .microseconds(span)
  }

  /// Tells all of it at once. False when that failed: it may be tried again. Never waits.
  @discardableResult
  func tell(_ notices: Notice...) -> Bool {
    guard wantsNotices else { return true }
    return send(Array(notices.map(\.assignment).joined(separator: "\n").utf8))
  }

  private func send(_ message: [UInt8]) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var place = sockaddr_un()
    place.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: address) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
    let sent = withUnsafePointer(to: &place) { place in
      place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), $0, length)
      }
    }
    return sent == message.count
  }

  /// For `Notice.reloading`.
  static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
