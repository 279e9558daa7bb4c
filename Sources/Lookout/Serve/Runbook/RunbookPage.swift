/// The page at `/runbook`: what each alert and each reason means and what to do first, in one file without scripts.
struct RunbookPage {
  /// That of the runbook which is part of the program; it never changes while the program runs.
  static let shipped = RunbookPage(ShippedFile.all.first { $0.name == "README.md" }?.text ?? "").html

  let html: String

  init(_ markdown: String) {
    var writer = MarkdownMarkup()
    let content = writer.markup(MarkdownBlock.all(in: markdown))
    let title = writer.headings.first?.text ?? "Runbook"
    html = PageForPeople.html(
      title: "\(title)", style: Self.style,
      body: """
        <body class="runbook">
        <nav><a href="/">how everything stands</a>\(Self.contents(writer.headings))</nav>
        <main>
        \(content)</main>
        </body>
        """)
  }

  /// Folded up: who comes by a link to a section does not need it.
  private static func contents(_ headings: [MarkdownMarkup.Heading]) -> Markup {
    let entries = headings.filter { $0.level == 2 || $0.level == 3 }.map { heading in
      let link: Markup = "<a href=\"#\(heading.anchor)\">\(heading.text)</a>"
      return heading.level == 2 ? "<dt>\(link)</dt>\n" as Markup : "<dd>\(link)</dd>\n"
    }
    return entries.isEmpty ? "" : "<details><summary>Contents</summary>\n<dl>\n\(entries)</dl></details>"
  }

  private static let style: Markup = """
    .runbook { max-width: 50rem; }
    .runbook h2 { margin-top: 2.5rem; padding-top: .5rem; border-top: 1px solid var(--line); font-size: 1.3rem; }
    .runbook h3 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
    .runbook p, .runbook li { margin: .5rem 0; }
    .runbook a { color: inherit; }
    .runbook nav { font-size: .9rem; }
    .runbook nav details { margin: .5rem 0; }
    .runbook nav summary { padding: .5rem 0; cursor: pointer; }
    .runbook nav dl { columns: 3 12rem; margin: 0; }
    .runbook nav dt { margin-top: .75rem; font-weight: 600; break-after: avoid; }
    .runbook nav dd { margin: 0 0 0 .75rem; padding: .15rem 0; }
    .runbook :target { padding-left: .75rem; border-left: .3rem solid var(--warn); }
    .runbook code { padding: .1rem .25rem; background: var(--line); border-radius: .25rem; font: .9em ui-monospace, monospace; }
    .runbook pre { padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .25rem; overflow-x: auto;
      -webkit-user-select: all; user-select: all; }
    .runbook pre code { padding: 0; background: none; }
    @media (max-width: 50rem) {
      .runbook td { display: block; }
      .runbook td::before { display: inline-block; min-width: 5rem; margin-right: .75rem; }
    }

    """
}
