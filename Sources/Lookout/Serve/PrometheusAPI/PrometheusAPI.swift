import PromQL

/// Prometheus' HTTP API (web/api/v1/api.go) over what the agent remembers, so that Grafana and `promtool query` ask it as they would ask a
/// Prometheus. It looks back as far as the rules do.
struct PrometheusAPI: Sendable {
  let store: SeriesStore
  let rules: @Sendable () -> RulesInForce
  let now: @Sendable () -> Timestamp
  /// Of Lookout.
  let version: String

  static let prefix = "/api/v1/"
  /// The version whose answers these are; clients choose by it what to ask.
  static let speaksAs = "3.5.3"
  /// Evaluating takes time, and Swift's pool has no thread to spare for it.
  private static let queries = BlockingQueue("serve.queries")

  /// What an answer holds beside its status.
  struct Answer {
    var warnings: [String] = []
    var infos: [String] = []
    let write: @Sendable (inout JSONText) -> Void
  }

  /// Nil for what is not of this API.
  func reply(to request: PageRequest) async -> Reply? {
    guard request.path.hasPrefix(Self.prefix) else { return nil }
    let parts = request.path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    do {
      guard let page = page(at: parts) else { throw Failure(.notFound, "there is nothing at \(request.path)") }
      guard page.methods.contains(request.method) else {
        let allowed = page.methods.joined(separator: ", ")
        return Self.refusal(Failure(.badData, "use \(allowed)"), status: 405, headers: ["Allow": allowed])
      }
      let parameters = try Parameters(request)
      let answer: @Sendable () -> Result<Answer, Failure> = {
        do throws(Failure) { return .success(try page.answer(parameters)) } catch { return .failure(error) }
      }
      return Self.success(try await Self.queries.run(answer).get())
    } catch let failure as Failure {
      return Self.refusal(failure, status: failure.kind.status)
    } catch {
      return Self.refusal(Failure(.internal, "\(error)"), status: 500)
    }
  }

  private struct Page: Sendable {
    var methods = ["GET", "HEAD", "POST"]
    let answer: @Sendable (Parameters) throws(Failure) -> Answer

    static func get(_ answer: @escaping @Sendable (Parameters) throws(Failure) -> Answer) -> Page {
      Page(methods: ["GET", "HEAD"], answer: answer)
    }
  }

  private func page(at parts: [String]) -> Page? {
    switch parts {
    case ["query"]: Page(answer: query)
    case ["query_range"]: Page(answer: queryRange)
    case ["format_query"]: Page(answer: formatted)
    case ["parse_query"]: Page(answer: parsed)
    case ["series"]: Page(answer: series)
    case ["labels"]: Page(answer: labelNames)
    case ["metadata"]: .get(metadata)
    case ["rules"]: .get(ruleGroups)
    case ["alerts"]: .get { _ in alerts() }
    case ["status", "buildinfo"]: .get { _ in buildInfo() }
    // The agent keeps no traces of single requests.
    case ["query_exemplars"]: Page { _ in Answer { $0.array([String]()) { $0.string($1) } } }
    default: parts.count == 3 && parts[0] == "label" && parts[2] == "values" ? valuesPage(parts[1]) : nil
    }
  }

  private func valuesPage(_ name: String) -> Page {
    .get { (parameters) throws(Failure) in try labelValues(of: name, parameters) }
  }

  private func buildInfo() -> Answer {
    let facts = [
      "version": Self.speaksAs, "revision": "lookout \(version)", "branch": "", "buildUser": "", "buildDate": "", "goVersion": "",
    ]
    return Answer { $0.object(facts) }
  }

  private static func success(_ answer: Answer) -> Reply {
    .json { text in
      var members: [(String, (inout JSONText) -> Void)] = [("status", { $0.string("success") }), ("data", answer.write)]
      if !answer.warnings.isEmpty { members.append(("warnings", { $0.array(answer.warnings) { $0.string($1) } })) }
      if !answer.infos.isEmpty { members.append(("infos", { $0.array(answer.infos) { $0.string($1) } })) }
      text.object(members)
    }
  }

  private static func refusal(_ failure: Failure, status: Int, headers: [String: String] = [:]) -> Reply {
    var reply = Reply.json(status: status) {
      $0.object([
        ("status", { $0.string("error") }), ("errorType", { $0.string(failure.kind.rawValue) }), ("error", { $0.string(failure.message) }),
      ])
    }
    reply.headers = headers
    return reply
  }
}

extension PrometheusAPI {
  /// Why there is no answer.
  struct Failure: Error {
    enum Kind: String {
      case badData = "bad_data"
      case execution, canceled, timeout, `internal`
      case notFound = "not_found"

      var status: Int {
        switch self {
        case .badData: 400
        case .notFound: 404
        case .execution: 422
        case .canceled: 499
        case .internal: 500
        case .timeout: 503
        }
      }
    }

    let kind: Kind
    let message: String

    init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }

    static func parameter(_ name: String, _ message: String) -> Failure {
      Failure(.badData, "invalid parameter \"\(name)\": \(message)")
    }

    init(_ error: EvaluationError) {
      switch error {
      case .cancelled: self.init(.canceled, error.description)
      case .timedOut: self.init(.timeout, error.description)
      case .tooManySamples, .execution: self.init(.execution, error.description)
      case .source: self.init(.internal, error.description)
      }
    }
  }
}
