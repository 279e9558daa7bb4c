/// Alertmanager's API, version 2 (api/v2/openapi.yaml), so that amtool, karma and Prometheus talk to the agent as they would to one.
struct AlertmanagerAPI: Sendable {
  let notifier: Notifier
  let now: @Sendable () -> Timestamp
  /// Of Lookout.
  let version: String
  let startedAt: Timestamp

  static let prefix = "/api/v2/"

  /// Nil for what is not of this API.
  func reply(to request: PageRequest) async -> Reply? {
    guard request.path.hasPrefix(Self.prefix) else { return nil }
    let parts = request.path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    do {
      let query = try APIQuery(request.query)
      switch (request.method, parts) {
      case ("GET", ["status"]): return await status()
      case ("GET", ["receivers"]): return await receivers()
      case ("GET", ["alerts"]): return try await alerts(query)
      case ("POST", ["alerts"]): return try await push(request.body)
      case ("GET", ["alerts", "groups"]): return try await groups(query)
      case ("GET", ["silences"]): return try await silences(query)
      case ("POST", ["silences"]): return try await setSilence(request.body)
      case ("GET", _) where parts.count == 2 && parts[0] == "silence": return try await silence(parts[1])
      case ("DELETE", _) where parts.count == 2 && parts[0] == "silence": return try await expireSilence(parts[1])
      default: return Self.allowed(parts).map { .refusal("use \($0)", status: 405) } ?? .refusal("there is nothing here", status: 404)
      }
    } catch let mistake as APIMistake {
      return .refusal(mistake.message, status: mistake.status)
    } catch {
      return .refusal("\(error)", status: 500)
    }
  }

  private static func allowed(_ parts: [String]) -> String? {
    switch parts {
    case ["status"], ["receivers"], ["alerts", "groups"]: "GET"
    case ["alerts"], ["silences"]: "GET or POST"
    default: parts.count == 2 && parts[0] == "silence" ? "GET or DELETE" : nil
    }
  }

  private func status() async -> Reply {
    let original = await notifier.configurationText
    return .json { text in
      text.object([
        ("cluster", { $0.object([("peers", { $0.array([String]()) { $0.string($1) } }), ("status", { $0.string("disabled") })]) }),
        ("config", { $0.object(["original": original]) }),
        ("uptime", { $0.string(startedAt.rfc3339) }),
        (
          "versionInfo",
          {
            $0.object(["branch": "", "buildDate": "", "buildUser": "", "goVersion": "", "revision": "", "version": "lookout \(version)"])
          }
        ),
      ])
    }
  }

  private func receivers() async -> Reply {
    let names = await notifier.receiverNames
    return .json { $0.array(names) { $0.object(["name": $1]) } }
  }
}

/// What is wrong with a request.
struct APIMistake: Error {
  let message: String
  var status = 400
}

extension Reply {
  static func json(status: Int = 200, _ write: (inout JSONText) -> Void) -> Reply {
    var text = JSONText()
    write(&text)
    return Reply(status: status, contentType: "application/json", body: text.bytes + [0x0a])
  }

  /// As Alertmanager says no: a text in JSON.
  static func refusal(_ message: String, status: Int) -> Reply {
    json(status: status) { $0.string(message) }
  }
}
