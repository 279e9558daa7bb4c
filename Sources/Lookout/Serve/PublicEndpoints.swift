/// What everybody may see: whether all is well, and not what is wrong, with what, or who looks.
struct PublicEndpoints: Sendable {
  let sources: ServeSources

  func reply(to request: PageRequest) -> Reply {
    guard let page = page(at: request.path) else { return .line("there is nothing here", status: 404) }
    guard request.method == "GET" || request.method == "HEAD" else {
      return .line("this can only be read: use GET or HEAD", status: 405, headers: ["Allow": "GET, HEAD"])
    }
    return page()
  }

  private func page(at path: String) -> (() -> Reply)? {
    switch path {
    case "/health": health
    case "/livez": liveness
    default: nil
    }
  }

  private func health() -> Reply {
    let level = sources.standing().level
    return Reply(
      status: level == .fail ? 503 : 200, contentType: HealthDocument.contentType, body: Array(#"{"status":"\#(level.word)"}"#.utf8) + [10])
  }

  private func liveness() -> Reply {
    sources.liveness().isEmpty ? .line("ok", status: 200) : .line("fail", status: 503)
  }
}
