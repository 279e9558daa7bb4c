import Foundation
import Testing

@testable import Lookout

@Suite("The webhook's payload")
struct WebhookPayloadTests {
  private func text(_ alerts: [Alert], labels: [String: String] = ["alertname": "Down", "target": "crm"]) -> String {
    let notification = Notification(receiver: "on call", groupLabels: labels, alerts: alerts, introduces: [])
    return String(decoding: WebhookPayload(notification: notification, externalURL: "http://odoo:9069").bytes, as: UTF8.self)
  }

  @Test("is Alertmanager's version 4, to the byte")
  func expected() {
    let first = firing("Down", ["check": "a"], annotations: ["cause": "postgresql", "reason": "timeout"])
    let second = firing("Down", since: .seconds(1), ["check": "b"], annotations: ["cause": "postgresql", "reason": "connect"])
      .ended(at: notifyStart + .milliseconds(61_500))
    #expect(
      text([first, second]) == """
        {"alerts":[\
        {"annotations":{"cause":"postgresql","reason":"timeout"},"endsAt":"0001-01-01T00:00:00Z","fingerprint":"\(first.fingerprint)",\
        "generatorURL":"http://odoo:9069","labels":{"alertname":"Down","check":"a","target":"crm"},\
        "startsAt":"2026-03-01T08:00:00.000Z","status":"firing"},\
        {"annotations":{"cause":"postgresql","reason":"connect"},"endsAt":"2026-03-01T08:01:01.500Z","fingerprint":"\(second.fingerprint)",\
        "generatorURL":"http://odoo:9069","labels":{"alertname":"Down","check":"b","target":"crm"},\
        "startsAt":"2026-03-01T08:00:01.000Z","status":"resolved"}],\
        "commonAnnotations":{"cause":"postgresql"},"commonLabels":{"alertname":"Down","target":"crm"},\
        "externalURL":"http://odoo:9069","groupKey":"{}:{alertname=\\"Down\\", target=\\"crm\\"}",\
        "groupLabels":{"alertname":"Down","target":"crm"},"receiver":"on call","status":"firing","truncatedAlerts":0,"version":"4"}
        """)
  }

  @Test("is resolved when all its alerts are")
  func resolved() throws {
    let document = try JSONSerialization.jsonObject(with: Data(text([firing("Down").ended(at: notifyStart)]).utf8)) as? [String: Any]
    #expect(document?["status"] as? String == "resolved")
  }

  @Test("is valid JSON whatever the texts hold")
  func hostileText() throws {
    let everyControl = String(decoding: Array(UInt8(0)...0x7f), as: UTF8.self)
    let broken = String(decoding: [0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0xa7, 0xaa] as [UInt8], as: UTF8.self)
    let hostile = everyControl + broken + "\u{2028}\r\n\u{FFFF}\u{10FFFF}e\u{301}"
    let alert = firing("Down", [hostile: hostile], annotations: [hostile: hostile])
    let document = try JSONSerialization.jsonObject(with: Data(text([alert], labels: ["target": hostile]).utf8)) as? [String: Any]
    #expect((document?["commonAnnotations"] as? [String: String])?[hostile]?.unicodeScalars.elementsEqual(hostile.unicodeScalars) == true)
    #expect((document?["groupLabels"] as? [String: String])?["target"] == hostile)
  }

  @Test("says how many alerts it left out")
  func truncation() throws {
    let alerts = (0..<WebhookPayload.alertLimit + 3).map { firing("Down", ["check": "\($0)"]) }
    let document = try JSONSerialization.jsonObject(with: Data(text(alerts).utf8)) as? [String: Any]
    #expect((document?["alerts"] as? [Any])?.count == WebhookPayload.alertLimit)
    #expect(document?["truncatedAlerts"] as? Int == 3)
  }
}
