import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// A receiver of webhooks, so that the demo shows what the person on call would get.
struct DemoReceiver: Service {
  /// A message as the screen shows it.
  struct Message: Sendable {
    let at: Timestamp
    let status: String
    let alert: String
    let sentence: String
  }

  let messages = Board<[Message]>([])
  private let port: Int

  var url: String { "http://127.0.0.1:\(port)/messages" }

  /// One whose port is known before it runs.
  static func listening() async throws -> DemoReceiver {
    DemoReceiver(port: try freePort())
  }

  func run() async throws {
    let router = Router()
    router.post("messages") { [messages] request, _ in
      let body = try await request.body.collect(upTo: 1 << 20)
      let received = Self.messages(in: Data(body.readableBytesView))
      messages.update { $0 = Array(($0 + received).suffix(100)) }
      return HTTPResponse.Status.ok
    }
    var logger = Logger(label: "demo.receiver")
    logger.logLevel = .critical
    let application = Application(
      router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)), logger: logger)
    try await application.run()
  }

  private struct Payload: Decodable {
    struct Alert: Decodable {
      let labels: [String: String]
      let annotations: [String: String]
    }

    let status: String
    let alerts: [Alert]
  }

  private static func messages(in body: Data) -> [Message] {
    guard let payload = try? JSONDecoder().decode(Payload.self, from: body) else { return [] }
    return payload.alerts.map { alert in
      let reason = alert.annotations["reason"].map { " (\($0), cause: \(alert.annotations["cause"] ?? "?"))" } ?? ""
      return Message(
        at: WallClock.now(), status: payload.status, alert: (alert.labels["alertname"] ?? "?") + reason,
        sentence: alert.annotations["finding"] ?? alert.annotations["summary"] ?? "")
    }
  }
}
