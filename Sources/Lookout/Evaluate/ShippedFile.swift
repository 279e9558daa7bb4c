import CShipped

/// A file of `Alerts/` that is embedded in the program.
struct ShippedFile: Sendable {
  let name: String
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }

  static let all: [ShippedFile] = (0..<lookout_shipped_count()).map { index in
    let file = lookout_shipped(index)
    let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
    return ShippedFile(name: String(cString: file.name), bytes: Array(bytes))
  }
}
