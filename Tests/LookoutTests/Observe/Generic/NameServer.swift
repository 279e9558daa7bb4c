import Foundation

@testable import Lookout

/// A name server on loopback that knows one address.
enum NameServer {
  /// Of any question: one A record, the name by a pointer to the question.
  static func answer(to query: [UInt8]) -> [UInt8] {
    guard query.count > 12 else { return [] }
    let head = Array(query[0..<2]) + [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
    return head + query[12...] + [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1]
  }
}

/// Serves until `body` has ended.
func withNameServer(_ body: (Int) async throws -> Void) async throws {
  let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &place) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0 }
  }
  guard bound else { throw SocketError(call: "bind") }
  Thread.detachNewThread {
    var buffer = [UInt8](repeating: 0, count: 512)
    var from = sockaddr_storage()
    while true {
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let count = withUnsafeMutablePointer(to: &from) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { recvfrom(descriptor, &buffer, buffer.count, 0, $0, &size) }
      }
      guard count > 0 else { break }
      let answer = NameServer.answer(to: Array(buffer.prefix(count)))
      _ = withUnsafePointer(to: &from) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, answer, answer.count, 0, $0, size) }
      }
    }
    close(descriptor)
  }
  defer { shutdown(descriptor, Int32(SHUT_RDWR)) }
  try await body(Int(UInt16(bigEndian: place.sin_port)))
}
