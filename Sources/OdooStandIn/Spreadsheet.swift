/// A workbook of one sheet with inline strings: the fewest parts that ECMA-376 lets an xlsx file have.
enum Spreadsheet {
  private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

  static func file(_ rows: [[String]]) -> [UInt8] {
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    let types = """
      <Types xmlns="\(package)/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
      <Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="\(media).sheet.main+xml"/>\
      <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(media).worksheet+xml"/></Types>
      """
    let workbook = """
      <workbook xmlns="\(main)" xmlns:r="\(office)"><sheets><sheet name="Dashboard" sheetId="1" r:id="rId1"/></sheets></workbook>
      """
    return Zip.file([
      ("[Content_Types].xml", declaration + types),
      ("_rels/.rels", declaration + relationship("officeDocument", "xl/workbook.xml")),
      ("xl/workbook.xml", declaration + workbook),
      ("xl/_rels/workbook.xml.rels", declaration + relationship("worksheet", "worksheets/sheet1.xml")),
      ("xl/worksheets/sheet1.xml", declaration + sheet(rows)),
    ])
  }

  private static func relationship(_ kind: String, _ target: String) -> String {
    "<Relationships xmlns=\"\(package)/relationships\"><Relationship Id=\"rId1\" Type=\"\(office)/\(kind)\" Target=\"\(target)\"/></Relationships>"
  }

  private static func sheet(_ rows: [[String]]) -> String {
    let lines = rows.enumerated().map { number, row in "<row r=\"\(number + 1)\">\(row.map(cell).joined())</row>" }
    return "<worksheet xmlns=\"\(main)\"><sheetData>\(lines.joined())</sheetData></worksheet>"
  }

  private static func cell(_ text: String) -> String {
    if Double(text) != nil { return "<c><v>\(text)</v></c>" }
    return "<c t=\"inlineStr\"><is><t>\(Page.escaped(text))</t></is></c>"
  }
}

/// A zip archive without compression (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
enum Zip {
  static func file(_ parts: [(name: String, text: String)]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for part in parts {
      let (name, content) = (Array(part.name.utf8), Array(part.text.utf8))
      let entry = entry(name, content)
      directory += le(4, 0x0201_4b50) + le(2, 20) + entry + le(2, 0, 0, 0) + le(4, 0, bytes.count) + name
      bytes += le(4, 0x0403_4b50) + entry + name + content
    }
    let end = le(4, 0x0605_4b50) + le(2, 0, 0, parts.count, parts.count) + le(4, directory.count, bytes.count) + le(2, 0)
    return bytes + directory + end
  }

  /// What the local header and the directory have in common: version, flags, stored, 1980-01-01, checksum, sizes, lengths.
  private static func entry(_ name: [UInt8], _ content: [UInt8]) -> [UInt8] {
    let sizes = le(4, Int(checksum(content)), content.count, content.count)
    return le(2, 20, 0, 0, 0, 0x21) + sizes + le(2, name.count, 0)
  }

  /// Little-endian numbers of `width` bytes each.
  private static func le(_ width: Int, _ values: Int...) -> [UInt8] {
    values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }

  /// CRC-32 as in ISO 3309.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    return ~crc
  }
}
