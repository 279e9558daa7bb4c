import Foundation
import Synchronization

/// Something that accepts connections where PostgreSQL would, until it is stopped.
final class StoppableDatabase: Sendable {
  let port: Int
  private let socket: Mutex<Int32>

  init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.socket = Mutex(socket)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutableBytes(of: &address) { raw -> Int32 in
      guard let pointer = raw.bindMemory(to: sockaddr.self).baseAddress, bind(socket, pointer, size) == 0 else { return -1 }
      return getsockname(socket, pointer, &size)
    }
    guard bound == 0, listen(socket, 128) == 0 else { throw POSIXError(.EADDRINUSE) }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Refuses from now on.
  func stop() {
    socket.withLock { socket in
      if socket >= 0 { close(socket) }
      socket = -1
    }
  }
}

func withDatabase(_ body: (StoppableDatabase) async throws -> Void) async throws {
  let database = try StoppableDatabase()
  try await body(database)
  database.stop()
}
