import Glibc
import NIOCore

/// The server could not open its door.
struct ListenError: Error, CustomStringConvertible, Equatable {
  /// `host:port`, an IPv6 address in brackets.
  let address: String
  let problem: String
  let remedy: String

  var description: String { "cannot listen on \(address): \(problem); \(remedy)" }

  /// Nil for an error that has nothing to do with listening.
  init?(_ error: any Error, host: String, port: Int) {
    address = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    switch error {
    case let error as IOError: (problem, remedy) = Self.words(for: error.errnoCode, port: port)
    case is SocketAddressError, is SocketAddressError.UnknownHost:
      (problem, remedy) = ("the host name cannot be resolved", "give an IP address of this machine")
    default: return nil
    }
  }

  private static func words(for code: CInt, port: Int) -> (String, String) {
    switch code {
    case EADDRINUSE:
      ("another program has the port", "stop it (`ss -ltnp sport = :\(port)` names it) or have Lookout listen on another port")
    case EADDRNOTAVAIL: ("this machine has no such address", "give one that `ip address` shows")
    case EACCES: ("permission denied", "ports below 1024 need the capability CAP_NET_BIND_SERVICE: give a higher port")
    default: (String(cString: strerror(code)), "give another address or port")
    }
  }
}
