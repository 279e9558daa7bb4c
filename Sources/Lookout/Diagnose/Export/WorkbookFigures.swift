/// Whether an Excel workbook (ECMA-376, part 1: SpreadsheetML) holds more than headings, as `CSVFigures` asks it of a CSV file.
enum WorkbookFigures {
  /// Unpacked bytes of one part: a sheet of 100,000 rows has 20 MB, an export of a dashboard 10 kB.
  static let partLimit = 8 << 20
  static let sheetLimit = 16

  /// Whether some row of some sheet has a number behind its first column. Throws why the file is no workbook.
  static func areIn(_ file: [UInt8]) throws(ZipArchive.Flaw) -> Bool {
    let archive = try ZipArchive(file)
    let sheets = archive.names.filter { $0.hasPrefix("xl/worksheets/") && $0.hasSuffix(".xml") }
    guard !sheets.isEmpty else { throw ZipArchive.Flaw("it has no sheet") }
    var numbers: [Bool] = []
    if let shared = try archive.contents(of: "xl/sharedStrings.xml", atMost: partLimit) { numbers = SharedTexts.areNumbers(in: shared) }
    for sheet in sheets.prefix(sheetLimit) {
      guard let xml = try archive.contents(of: sheet, atMost: partLimit) else { continue }
      var reader = SheetReader(xml, sharedNumbers: numbers)
      if reader.findsFigure() { return true }
    }
    return false
  }

  static func isNumber(_ text: [UInt8]) -> Bool {
    guard !text.isEmpty, text.count <= 64 else { return false }
    return Double(String(decoding: text.filter { $0 != 0x20 }, as: UTF8.self)).map(\.isFinite) ?? false
  }
}

/// The texts that cells share (section 18.4.9): which of them are numbers written as texts.
private enum SharedTexts {
  static func areNumbers(in xml: [UInt8]) -> [Bool] {
    var scanner = XMLScanner(xml)
    var areNumbers: [Bool] = []
    var text: [UInt8] = []
    while let piece = scanner.next() {
      switch piece {
      case .open(let name, _, let isEmpty) where name.elementsEqual("si".utf8):
        text = []
        if isEmpty { areNumbers.append(false) }
      case .close(let name) where name.elementsEqual("si".utf8): areNumbers.append(WorkbookFigures.isNumber(text))
      case .text(let more) where text.count < 128: text += more.prefix(128)
      default: break
      }
    }
    return areNumbers
  }
}

/// Goes through the cells of a sheet (section 18.3.1.4).
private struct SheetReader {
  private var scanner: XMLScanner
  private let sharedNumbers: [Bool]
  private var column = 0
  private var type = "n"
  private var value: [UInt8] = []
  private var isInValue = false

  init(_ xml: [UInt8], sharedNumbers: [Bool]) {
    scanner = XMLScanner(xml)
    self.sharedNumbers = sharedNumbers
  }

  mutating func findsFigure() -> Bool {
    while let piece = scanner.next() {
      switch piece {
      case .open(let name, let attributes, let isEmpty): open(name, attributes, isEmpty)
      case .close(let name) where name.elementsEqual("c".utf8):
        if column > 1, isFigure { return true }
      case .close(let name) where name.elementsEqual("v".utf8) || name.elementsEqual("t".utf8): isInValue = false
      case .text(let text) where isInValue && value.count < 128: value += text.prefix(128)
      default: break
      }
    }
    return false
  }

  private mutating func open(_ name: ArraySlice<UInt8>, _ attributes: ArraySlice<UInt8>, _ isEmpty: Bool) {
    if name.elementsEqual("row".utf8) {
      column = 0
    } else if name.elementsEqual("c".utf8) {
      let letters = XMLScanner.attribute("r", in: attributes)?.prefix(while: \.isLetter)
      column = letters.map { $0.uppercased() == "A" ? 1 : max(2, column + 1) } ?? column + 1
      type = XMLScanner.attribute("t", in: attributes) ?? "n"
      value = []
    } else if !isEmpty, name.elementsEqual("v".utf8) || name.elementsEqual("t".utf8) {
      isInValue = true
    }
  }

  private var isFigure: Bool {
    switch type {
    case "s": Int(String(decoding: value, as: UTF8.self)).map { sharedNumbers.indices.contains($0) && sharedNumbers[$0] } ?? false
    case "n", "str", "inlineStr": WorkbookFigures.isNumber(value)
    default: false
    }
  }
}
