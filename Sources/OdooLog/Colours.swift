/// Odoo colours its log on a terminal (odoo/netsvc.py, `ColoredFormatter`), and werkzeug the requests in it.
enum Colours {
  /// Whether a line that is no record could be one without its colours: they stand right before the level.
  static func mayHide(_ line: RawSpan) -> Bool {
    line.byte(0).isDigit && line.contains(.escape, in: 0..<min(line.byteCount, 48))
  }

  /// The line without control sequences: ESC [, parameters, a final byte (ECMA-48 5.4).
  static func strip(_ line: RawSpan) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(line.byteCount)
    var offset = 0
    while offset < line.byteCount {
      let byte = line.byte(offset)
      offset += 1
      guard byte == .escape else {
        result.append(byte)
        continue
      }
      guard line.byte(offset) == UInt8(ascii: "[") else { continue }
      offset += 1
      while 0x20...0x3F ~= line.byte(offset) { offset += 1 }
      if 0x40...0x7E ~= line.byte(offset) { offset += 1 }
    }
    return result
  }
}
