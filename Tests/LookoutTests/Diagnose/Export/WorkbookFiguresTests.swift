import Foundation
import Testing

@testable import Lookout

@Suite("Figures in a workbook", .timeLimit(.minutes(1)))
struct WorkbookFiguresTests {
  @Test(
    "only a workbook with numbers behind its first column has figures",
    arguments: [(Workbooks.full, true), (Workbooks.stored, true), (Workbooks.texts, true), (Workbooks.bare, false)] as [([UInt8], Bool)])
  func figures(file: [UInt8], areIn: Bool) throws {
    #expect(try WorkbookFigures.areIn(file) == areIn)
  }

  @Test("a file that breaks off anywhere, or has a wrong byte anywhere, is refused or read, and nothing crashes")
  func damaged() {
    for length in 0..<Workbooks.full.count {
      #expect(throws: ZipArchive.Flaw.self) { try WorkbookFigures.areIn(Array(Workbooks.full.prefix(length))) }
    }
    for place in Workbooks.full.indices {
      var file = Workbooks.full
      file[place] ^= 0xff
      _ = try? WorkbookFigures.areIn(file)
    }
  }

  @Test(
    "what is no workbook is refused", arguments: [[], [0x50, 0x4b], Array("PK\u{3}\u{4}".utf8), Array("<html>Error".utf8), Made.zip([])])
  func none(file: [UInt8]) {
    #expect(throws: ZipArchive.Flaw.self) { try WorkbookFigures.areIn(file) }
  }

  @Test("a bomb costs no more than the limit, also one that lies about its size")
  func bomb() throws {
    let sheet = "xl/worksheets/sheet1.xml"
    let bomb = Made.zip([(sheet, [UInt8](repeating: 0x20, count: WorkbookFigures.partLimit + 1), nil)])
    #expect(throws: ZipArchive.Flaw("\(sheet) is larger than 8192 KiB")) { try WorkbookFigures.areIn(bomb) }
    let lie = Made.zip([(sheet, [UInt8](repeating: 0x20, count: 1000), 100)])
    #expect(throws: ZipArchive.Flaw("\(sheet) is damaged")) { try WorkbookFigures.areIn(lie) }
    // zlib itself: 1 MB of zeros is 1 kB packed; whoever says that they are 100 bytes is not believed.
    #expect(Deflate.unpacked(Made.millionZeros[...], to: 100) == nil && Deflate.unpacked(Made.millionZeros[...], to: 1 << 20) != nil)
  }

  @Test(
    "cells",
    arguments: [
      ("<row><c r=\"B1\"><v>7</v></c></row>", true), ("<row><c r=\"A1\"><v>7</v></c></row>", false),
      ("<row><c/><c><v>7</v></c></row>", true),
      ("<row><c><v>7</v></c></row>", false), ("<row><c/><c t=\"inlineStr\"><is><t>7.5</t></is></c></row>", true),
      ("<row><c/><c t=\"inlineStr\"><is><t>Value</t></is></c></row>", false), ("<row><c/><c t=\"b\"><v>1</v></c></row>", false),
      ("<row><c/><c t=\"e\"><v>#DIV/0!</v></c></row>", false), ("<x:row><x:c/><x:c t='str'><x:v>3</x:v></x:c></x:row>", true),
      ("<row><!-- <c><v>1</v></c> --><c/><c><v><![CDATA[8]]></v></c></row>", true), ("<row><c/><c><v/></c></row>", false),
      ("<row><c/><c><v>7", false), ("<row><c/><c a=\">\"><v>7</v></c>", true), ("<row><c/><c t=\"s\"><v>0</v></c></row>", false),
      ("", false),
      ("<<<>>><c><c", false), ("<row><c/><c><v>nan</v></c></row>", false),
    ] as [(String, Bool)])
  func cells(sheet: String, areIn: Bool) throws {
    #expect(try WorkbookFigures.areIn(Made.zip([("xl/worksheets/sheet1.xml", Array(sheet.utf8), nil)])) == areIn)
  }
}

/// Archives that no honest program makes.
enum Made {
  static func zip(_ members: [(name: String, content: [UInt8], claimedSize: Int?)]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let (name, size) = (Array(member.name.utf8), member.claimedSize ?? member.content.count)
      let fields = le(2, 20, 0, 0, 0, 0x21) + le(4, Deflate.checksum(member.content), member.content.count, size) + le(2, name.count, 0)
      directory += le(4, 0x0201_4b50) + le(2, 20) + fields + le(2, 0, 0, 0) + le(4, 0, bytes.count) + name
      bytes += le(4, 0x0403_4b50) + fields + name + member.content
    }
    return bytes + directory + le(4, 0x0605_4b50) + le(2, 0, 0, members.count, members.count) + le(4, directory.count, bytes.count)
      + le(2, 0)
  }

  private static func le(_ width: Int, _ values: Int...) -> [UInt8] {
    values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }

  /// 1 MiB of zeros, packed.
  static let millionZeros = [UInt8](
    Data(
      base64Encoded: """
        7cExAQAAAMKg9U9tCF+gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+Aw==
        """) ?? Data())
}
