extension LogsPage {
  static let style: Markup = """
    .dim { color: var(--dim); font-weight: 400; }
    .notes { color: var(--warn); }
    dl.figures { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 1rem 0; }
    dl.figures dt { color: var(--dim); font-size: .85rem; }
    dl.figures dd { margin: 0; font-size: 1.4rem; font-weight: 600; }
    figure { margin: 0 0 1rem; }
    figure svg { display: block; width: 100%; height: 6rem; }
    figcaption { display: flex; justify-content: space-between; gap: 1rem; color: var(--dim); font-size: .85rem; }
    details { padding: .4rem 0; border-bottom: 1px solid var(--line); }
    summary { cursor: pointer; }
    details dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; font-size: .9rem; }
    details dt { color: var(--dim); }
    details dd { margin: 0; }
    pre { overflow-x: auto; font-size: .85rem; }
    code { font-size: .85rem; }
    .share { display: inline-block; min-width: 6rem;
      background: linear-gradient(to right, var(--line) var(--share), transparent var(--share)); }

    """
}
