internal import NIOCore

/// The port that switches faults: Odoo has nothing like it. It needs no worker and leaves nothing in the log.
///
/// `GET /stand-in/faults`, `POST /stand-in/faults/<name>?seconds=…&route=…`, `DELETE /stand-in/faults/<name>`, `DELETE /stand-in/faults`.
/// An answer means that the change has taken effect. It also plays Odoo's second process, which needs no worker either: `GET
/// /websocket/health`.
struct ControlDoor: Sendable {
  private static let root = "/stand-in/faults"

  let odoo: Odoo
  let front: Door

  func serve(_ requests: AsyncStream<Exchange>) async {
    for await exchange in requests {
      let answer = await answer(to: exchange.request)
      await Delivery(channel: exchange.channel, bare: exchange.request.method == "HEAD").send(answer)
      try? await exchange.channel.close().get()
    }
  }

  private func answer(to request: Request) async -> Answer {
    if request.path == "/websocket/health" { return await secondProcess() }
    guard request.flaw == nil, request.path == Self.root || request.path.hasPrefix(Self.root + "/") else {
      return refusal(.notFound, "no such path: ask for \(Self.root)")
    }
    let name = request.path.dropFirst(Self.root.count + 1)
    if name.isEmpty { return await answerForAll(request.method) }
    guard let fault = Fault.Name(rawValue: String(name)) else { return refusal(.notFound, "no such fault: \(name)") }
    do {
      switch request.method {
      case "POST": try await turnOn(fault, try Self.setting(request.query))
      case "DELETE": try await turnOff(fault)
      default: return refusal(.methodNotAllowed, "a fault takes POST and DELETE")
      }
      return .json(list())
    } catch let error as BadSetting {
      return refusal(.badRequest, error.message)
    } catch {
      return refusal(.failed, "cannot listen on the port again: \(error)")
    }
  }

  private func secondProcess() async -> Answer {
    guard !odoo.faults.isOn(.websocketDown), await odoo.database.isUp() else {
      return .text(Page.error(.notFound, Page.notFoundMessage), .notFound, cost: .nothing)
    }
    return .json(["status": "pass"])
  }

  private func answerForAll(_ method: String) async -> Answer {
    switch method {
    case "GET", "HEAD": return .json(list())
    case "DELETE":
      for name in odoo.faults.on {
        do { try await turnOff(name) } catch { return refusal(.failed, "cannot listen on the port again: \(error)") }
      }
      return .json(list())
    default: return refusal(.methodNotAllowed, "the list takes GET and DELETE")
    }
  }

  private struct BadSetting: Error { var message: String }

  private static func setting(_ query: [String: String]) throws -> FaultBoard.Setting {
    var setting = FaultBoard.Setting()
    for (name, value) in query {
      switch name {
      case "seconds":
        guard let seconds = Double(value), (0...86_400).contains(seconds) else {
          throw BadSetting(message: "seconds is a number from 0 to 86400, not \"\(value)\"")
        }
        setting.seconds = seconds
      case "route":
        guard value.hasPrefix("/") else { throw BadSetting(message: "route is the beginning of a path, not \"\(value)\"") }
        setting.route = value
      default: throw BadSetting(message: "no such parameter: \(name)")
      }
    }
    return setting
  }

  func turnOn(_ name: Fault.Name, _ setting: FaultBoard.Setting) async throws {
    // Once: whoever logs in from now on keeps the session.
    if name == .sessionExpired, setting.seconds == 0 { return odoo.sessions.forgetAll() }
    let before = odoo.faults.isOn(name)
    odoo.faults.set(name, to: setting)
    switch name {
    case .stopped where !before:
      await front.shut()
      odoo.stopping()
    case .sessionExpired: odoo.sessions.forgetAll()
    default: break
    }
  }

  func turnOff(_ name: Fault.Name) async throws {
    let before = odoo.faults.isOn(name)
    if name == .stopped, before { odoo.started(port: try await front.open()) }
    odoo.faults.set(name, to: nil)
  }

  private func list() -> JSON {
    .array(
      Fault.all.map { fault in
        let setting = odoo.faults.setting(fault.name)
        return [
          "name": .string(fault.name.rawValue), "on": .bool(setting != nil), "what": .string(fault.meaning),
          "seconds": setting?.seconds.map(JSON.number) ?? .null, "route": setting?.route.map(JSON.string) ?? .null,
          "struck": .int(setting?.struck ?? 0),
        ]
      })
  }

  private func refusal(_ status: Status, _ message: String) -> Answer {
    .json(["error": .string(message)], status)
  }
}

extension Answer {
  static func json(_ value: JSON, _ status: Status = .ok, cost: Cost = .nothing) -> Answer {
    text(value.text, status, type: "application/json", cost: cost)
  }
}
