extension PageForPeople {
  /// Colours that keep a contrast of 4.5 to 1 on both grounds (WCAG 2.2, 1.4.3); a status is always a word too.
  static let sharedStyle: Markup = """
    :root { color-scheme: light dark; --ground: #fff; --ink: #1f2328; --dim: #59636e; --line: #d1d9e0;
      --pass: #1a7f37; --warn: #9a6700; --fail: #cf222e; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #0d1117; --ink: #f0f6fc; --dim: #9198a1; --line: #3d444d; --pass: #3fb950; --warn: #d29922; --fail: #ff7b72; }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--ground); color: var(--ink);
      font: 1rem/1.4 system-ui, sans-serif; overflow-wrap: break-word; }
    h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
    h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
    .verdict { margin: 0; padding: .75rem 1rem; border-left: .5rem solid; font-size: 1.15rem; font-weight: 600; }
    .pass .status, .verdict.pass { color: var(--pass); }
    .warn .status, .verdict.warn { color: var(--warn); }
    .fail .status, .verdict.fail { color: var(--fail); }
    .status { font-weight: 700; }
    table { width: 100%; border-collapse: collapse; font-size: .9rem; }
    th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
    thead th { color: var(--dim); font-weight: 600; white-space: nowrap; }
    td a, th a { color: inherit; }
    time { white-space: nowrap; }
    footer { margin-top: 1.5rem; color: var(--dim); font-size: .9rem; }
    footer a { margin-right: .75rem; color: inherit; }
    @media (max-width: 50rem) {
      thead { display: none; }
      tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
      th, td { display: flex; gap: .75rem; padding: .1rem 0; border: 0; }
      td:empty { display: none; }
      th::before, td::before { content: attr(data-label); flex: 0 0 6rem; color: var(--dim); font-weight: 400; }
    }

    """
}
