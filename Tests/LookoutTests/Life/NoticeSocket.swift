import Foundation

/// The socket of a service manager: a datagram is a notice.
final class NoticeSocket: Sendable {
  private let descriptor: Int32

  /// A path, or an abstract name after `@`.
  init(_ name: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.EIO) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    guard result == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  deinit {
    close(descriptor)
  }

  /// What has come and was not taken yet.
  func taken() -> [String] {
    var notices: [String] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count >= 0 else { return notices }
      notices.append(String(decoding: buffer.prefix(count), as: UTF8.self))
    }
  }

  /// Waits for the next notice, on a thread of its own; an empty text after 10 s.
  func next() async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 10_000) > 0 else { return continuation.resume(returning: "") }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        continuation.resume(returning: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
      }
    }
  }
}

/// In a folder of its own, whose path is short enough for a socket.
func withNoticeSocket(_ body: (_ name: String, NoticeSocket) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("notice-\(UUID().uuidString.prefix(8))").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder + "/socket", try NoticeSocket(folder + "/socket"))
}
