import Foundation

extension AlertmanagerAPI {
  private struct Posted: Decodable {
    struct PostedMatcher: Decodable {
      let name: String
      let value: String
      let isRegex: Bool
      let isEqual: Bool?
    }

    let id: String?
    let matchers: [PostedMatcher]
    let startsAt: String
    let endsAt: String
    let createdBy: String
    let comment: String
    let annotations: [String: String]?
  }

  func silences(_ query: APIQuery) async throws(APIMistake) -> Reply {
    let wanted = try query.matchers()
    let states: [Silence.State] = try [
      query.flag("active") ? .active : nil, query.flag("pending") ? .pending : nil, query.flag("expired") ? .expired : nil,
    ].compactMap { $0 }
    let moment = now()
    let found = await notifier.silences.byID.values.filter { silence in
      states.contains(silence.state(at: moment)) && wanted.allSatisfy(silence.matchers.contains)
    }
    let sorted = found.sorted { Self.precedes($0, $1, at: moment) }
    return .json { $0.array(sorted) { Self.write($1, at: moment, to: &$0) } }
  }

  func silence(_ id: String) async throws(APIMistake) -> Reply {
    guard let silence = await notifier.silences.byID[id.lowercased()] else { throw Self.unknown }
    let moment = now()
    return .json { Self.write(silence, at: moment, to: &$0) }
  }

  func setSilence(_ body: [UInt8]) async throws -> Reply {
    let posted: Posted
    do { posted = try JSONDecoder().decode(Posted.self, from: Data(body)) } catch {
      throw APIMistake(message: "the body must be a silence in JSON: \(Self.inShort(error))")
    }
    let silence = try Self.silence(posted)
    do {
      let id = try await notifier.set(silence, at: now())
      return .json { $0.object(["silenceID": id]) }
    } catch let refusal as Silences.Refusal {
      throw Self.mistake(refusal)
    }
  }

  func expireSilence(_ id: String) async throws -> Reply {
    do {
      try await notifier.expireSilence(id.lowercased(), at: now())
      return Reply(contentType: "application/json", body: [])
    } catch let refusal as Silences.Refusal {
      throw Self.mistake(refusal)
    }
  }

  private static let unknown = APIMistake(message: "there is no such silence", status: 404)

  private static func mistake(_ refusal: Silences.Refusal) -> APIMistake {
    switch refusal {
    case .notFound: unknown
    case .bad(let why): APIMistake(message: why)
    }
  }

  private static func silence(_ posted: Posted) throws(APIMistake) -> Silence {
    var matchers: [Matcher] = []
    for item in posted.matchers {
      let isEqual = item.isEqual ?? true
      let kind: Matcher.Kind = item.isRegex ? (isEqual ? .matches : .matchesNot) : isEqual ? .equal : .notEqual
      guard !item.name.isEmpty else { throw APIMistake(message: "a matcher needs the name of a label") }
      do { matchers.append(try Matcher(item.name, kind, item.value)) } catch { throw APIMistake(message: "\(error)") }
    }
    guard let start = try moment(posted.startsAt, "startsAt"), let end = try moment(posted.endsAt, "endsAt") else {
      throw APIMistake(message: "'startsAt' and 'endsAt' are needed")
    }
    return Silence(
      id: posted.id?.lowercased() ?? "", matchers: matchers, startsAt: start, endsAt: end, updatedAt: start, author: posted.createdBy,
      comment: posted.comment, annotations: posted.annotations ?? [:])
  }

  /// Those that hold first, the next to end in front; then those to come, the next in front; then those that are over, the latest in front.
  private static func precedes(_ left: Silence, _ right: Silence, at now: Timestamp) -> Bool {
    let order: [Silence.State] = [.active, .pending, .expired]
    let (first, second) = (left.state(at: now), right.state(at: now))
    guard first == second else { return (order.firstIndex(of: first) ?? 0) < (order.firstIndex(of: second) ?? 0) }
    switch first {
    case .active: return (left.endsAt, left.id) < (right.endsAt, right.id)
    case .pending: return (left.startsAt, left.id) < (right.startsAt, right.id)
    case .expired: return (right.endsAt, right.id) < (left.endsAt, left.id)
    }
  }

  private static func write(_ silence: Silence, at now: Timestamp, to text: inout JSONText) {
    text.object([
      ("annotations", { $0.object(silence.annotations) }), ("comment", { $0.string(silence.comment) }),
      ("createdBy", { $0.string(silence.author) }), ("endsAt", { $0.string(silence.endsAt.rfc3339) }), ("id", { $0.string(silence.id) }),
      ("matchers", { $0.array(silence.matchers) { write($1, to: &$0) } }), ("startsAt", { $0.string(silence.startsAt.rfc3339) }),
      ("status", { $0.object(["state": silence.state(at: now).rawValue]) }), ("updatedAt", { $0.string(silence.updatedAt.rfc3339) }),
    ])
  }

  private static func write(_ matcher: Matcher, to text: inout JSONText) {
    text.object([
      ("isEqual", { $0.flag(matcher.kind == .equal || matcher.kind == .matches) }),
      ("isRegex", { $0.flag(matcher.kind == .matches || matcher.kind == .matchesNot) }), ("name", { $0.string(matcher.name) }),
      ("value", { $0.string(matcher.value) }),
    ])
  }
}
