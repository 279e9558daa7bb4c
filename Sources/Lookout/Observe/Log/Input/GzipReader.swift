import CZlib

/// Unpacks gzip as it comes (RFC 1952), also of several members one after the other.
final class GzipReader {
  enum Failure: Error, Equatable {
    case damaged
    /// It ends before it should; what came before was handed on.
    case cutShort
  }

  private var stream = z_stream()
  private var output = [UInt8](repeating: 0, count: 256 << 10)
  /// The largest one, 15; 16 more expects a gzip header (zlib.h, inflateInit2).
  private static let window: Int32 = 15 + 16
  /// Whether the last member is whole.
  private var isAtEnd = false

  init() {
    lookout_inflate_init(&stream, Self.window)
  }

  deinit {
    inflateEnd(&stream)
  }

  static func isGzip(_ head: some Collection<UInt8>) -> Bool { head.starts(with: [0x1f, 0x8b]) }

  /// Hands on what these bytes unpack to.
  /// - Throws: `Failure.damaged`
  func unpack(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Void) throws(Failure) {
    var offset = 0
    while offset < bytes.count {
      if isAtEnd {
        // What is appended to pad a file to the end of its block is no member.
        if bytes[offset] == 0 { return }
        inflateReset(&stream)
        isAtEnd = false
      }
      offset += try step(bytes.extracting(offset..<bytes.count), take)
    }
  }

  /// - Throws: `Failure.cutShort` where more should have come.
  func finish() throws(Failure) {
    if !isAtEnd { throw .cutShort }
  }

  /// Returns how many bytes were used.
  private func step(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Void) throws(Failure) -> Int {
    let (status, used, made) = bytes.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(clamping: input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(clamping: output.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, min(input.count, Int(UInt32.max)) - Int(stream.avail_in), output.count - Int(stream.avail_out))
      }
    }
    take(output.span.extracting(0..<made))
    guard status == Z_OK || status == Z_STREAM_END || (status == Z_BUF_ERROR && used > 0) else { throw .damaged }
    isAtEnd = status == Z_STREAM_END
    return used
  }
}
