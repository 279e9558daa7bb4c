import Testing

@testable import Lookout

@Suite("Markdown's blocks")
struct MarkdownBlockTests {
  @Test(
    "each kind by itself",
    arguments: [
      ("", []), ("\n \n\t\n", []), ("one\ntwo\n\nthree", [.paragraph("one\ntwo"), .paragraph("three")]),
      ("# A\n###### B", [.heading(level: 1, "A"), .heading(level: 6, "B")]),
      ("#A\n####### B", [.paragraph("#A\n####### B")]), ("text\n## A", [.paragraph("text"), .heading(level: 2, "A")]),
      ("```\na <b>\n\n# c\n```\nd", [.code("a <b>\n\n# c"), .paragraph("d")]), ("```sh\na", [.code("a")]),
      ("- a\n- b", [.list(isOrdered: false, items: [[.paragraph("a")], [.paragraph("b")]])]),
      ("1. a\n2. b\n   c", [.list(isOrdered: true, items: [[.paragraph("a")], [.paragraph("b\nc")]])]),
      ("- a\n\n- b\n\nc", [.list(isOrdered: false, items: [[.paragraph("a")], [.paragraph("b")]]), .paragraph("c")]),
      (
        "1. a\n\n   ```\n   b\n     c\n   ```\n\nd",
        [.list(isOrdered: true, items: [[.paragraph("a"), .code("b\n  c")]]), .paragraph("d")]
      ),
      (
        "- a\n  - b\n1. c",
        [
          .list(isOrdered: false, items: [[.paragraph("a"), .list(isOrdered: false, items: [[.paragraph("b")]])]]),
          .list(isOrdered: true, items: [[.paragraph("c")]]),
        ]
      ),
      ("1.5 GB\n-1\n1234567890. x", [.paragraph("1.5 GB\n-1\n1234567890. x")]),
      (
        "| a | b |\n|---|:-:|\n| `c` | d \\| e |\n|f\ng",
        [.table(head: ["a", "b"], rows: [["`c`", "d | e"], ["f"]]), .paragraph("g")]
      ),
      ("| a |\n| b |", [.paragraph("| a |\n| b |")]), ("a\r\nb\r\n\r\nc", [.paragraph("a\nb"), .paragraph("c")]),
    ] as [(String, [MarkdownBlock])])
  func kinds(text: String, blocks: [MarkdownBlock]) {
    #expect(MarkdownBlock.all(in: text) == blocks)
  }

  @Test(
    "any text ends, however long and odd, and nothing of a paragraph is lost",
    arguments: [
      "- ", "1. ", "#", "# ", "```\n", "|", "| a |\n|-|\n", "\n", "  ", "a", "- \n\n", "\u{0}", "\u{202e}", "é\u{301}", "  - a\n\n",
    ])
  func hostile(piece: String) {
    let blocks = MarkdownBlock.all(in: String(repeating: piece, count: 20_000))
    #expect(blocks.count <= 20_001)
    var writer = MarkdownMarkup()
    #expect(writer.markup(blocks).html.utf8.count < 4_000_000)
  }

  @Test("lists within lists go so deep and no deeper; what is in them is there")
  func deep() throws {
    let blocks = MarkdownBlock.all(in: String(repeating: "- ", count: 1000) + "end")
    var depth = 0
    var block = blocks.first
    while case .list(_, let items) = block {
      depth += 1
      block = items.first?.first
    }
    #expect(depth == 6)
    guard case .paragraph(let text) = block else { throw SocketError(call: "paragraph") }
    #expect(text.hasSuffix("- end"))
  }
}
