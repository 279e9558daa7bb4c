import Testing

@testable import Lookout

@Suite("Markdown as HTML")
struct MarkdownMarkupTests {
  private func html(_ markdown: String) -> String {
    var writer = MarkdownMarkup()
    return writer.markup(MarkdownBlock.all(in: markdown)).html
  }

  @Test(
    "code, emphasis and links within a text",
    arguments: [
      ("", ""), ("plain & <b>", "plain &amp; &lt;b&gt;"), ("`a*b*` c", "<code>a*b*</code> c"), ("`<i>`", "<code>&lt;i&gt;</code>"),
      ("**a *b* c** d", "<strong>a <em>b</em> c</strong> d"), ("*a `b` c*", "<em>a <code>b</code> c</em>"),
      ("2 * 3 * 4", "2 * 3 * 4"), ("too_slow_ and _that_", "too_slow_ and _that_"), ("\\*a\\* \\` \\\\", "*a* ` \\"), ("a\\b", "a\\b"),
      ("[a `b`](#c_d)", "<a href=\"#c_d\">a <code>b</code></a>"),
      ("[a](https://example.com/?b=c&d)", "<a href=\"https://example.com/?b=c&amp;d\">a</a>"),
      ("[a] (b) [c", "[a] (b) [c"), ("[a](b", "[a](b"), ("`open *too", "`open *too"), ("**", "**"), ("****", "****"), ("``", "``"),
      ("a\nb", "a\nb"), ("\\", "\\"), ("[", "["), ("a [b](#c) [d](#e)", "a <a href=\"#c\">b</a> <a href=\"#e\">d</a>"),
    ] as [(String, String)])
  func text(markdown: String, html: String) {
    #expect(MarkdownText.markup(markdown).html == html)
  }

  @Test(
    "a link leads to a place on the page or to the web, or nowhere",
    arguments: [
      "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//example.com", "/etc/passwd", "odoo.rules.yml", "", " #a",
      "#a b", "https://a\tb", "vbscript:x", "&#106;avascript:x",
    ])
  func unsafeLinks(address: String) {
    #expect(MarkdownText.markup("[a](\(address))").html.hasPrefix("a"))
    #expect(!MarkdownText.markup("[a](\(address))").html.contains("href"))
  }

  @Test("nothing in a text becomes markup, wherever it stands")
  func escaping() {
    let hostile = "\"><script>alert('1')</script>&\u{0}\u{202e}"
    let page = html(
      """
      # \(hostile)

      \(hostile) `\(hostile)` *\(hostile)* [\(hostile)](#\(hostile)) [x](https://\(hostile))

      - \(hostile)

      | \(hostile) |
      |---|
      | \(hostile) |

      ```\(hostile)
      \(hostile)
      ```
      """)
    #expect(!page.contains("<script") && !page.contains("alert('1')"))
    #expect(!page.unicodeScalars.contains { $0.value == 0 || $0.value == 0x202e })
    for piece in page.split(separator: "href=").dropFirst() { #expect(piece.hasPrefix("\"#") || piece.hasPrefix("\"https://")) }
  }

  @Test("headings have the names that GitHub gives them, each its own")
  func anchors() {
    let page = html("# Runbook\n### OdooDown\n### component network\n## Reasons: the way, & `more`!\n### OdooDown\n### too_slow\n##### é1")
    for anchor in ["runbook", "odoodown", "component-network", "reasons-the-way--more", "odoodown-1", "too_slow", "é1"] {
      #expect(page.contains(" id=\"\(anchor)\">"), "\(anchor)")
    }
    #expect(page.contains("<h4 id=\"é1\">é1</h4>"))
  }

  @Test("lists, tables and code")
  func blocks() {
    #expect(html("1. a\n2. b\n   - c") == "<ol>\n<li>a\n</li>\n<li>b\n<ul>\n<li>c\n</li>\n</ul>\n</li>\n</ol>\n")
    #expect(html("```\n<a>\n```") == "<pre><code>&lt;a&gt;</code></pre>\n")
    let table = html("| `a` | b |\n|---|---|\n| *c* | d | e |")
    #expect(table.contains("<thead><tr><th scope=\"col\"><code>a</code></th><th scope=\"col\">b</th></tr></thead>"))
    let row = "<tr><td data-label=\"a\"><em>c</em></td><td data-label=\"b\">d</td><td data-label=\"\">e</td></tr>"
    #expect(table.contains(row))
  }

  @Test(
    "marks without end are text, in reasonable time",
    arguments: ["`", "*", "**", "[", "]", "](", "[a](", "[a]", "\\", "`*", "*a", "**a", "[*`"])
  func endless(piece: String) {
    let html = MarkdownText.markup(String(repeating: piece, count: 20_000)).html
    #expect(!html.isEmpty && html.utf8.count < 2_000_000)
  }
}
