import Foundation
import Testing

@testable import Lookout

@Suite(
  "routes and configurations as amtool sees them",
  .enabled(if: NotificationData.folder != nil, Comment(rawValue: NotificationData.absence)))
struct RoutingAcceptanceTests {
  @Test("every label set takes the routes that amtool names")
  func routes() throws {
    let cases = try NotificationData.routingCases()
    #expect(cases.map(\.tests.count).reduce(0, +) >= 350)
    for (text, tests) in cases {
      let root = try RoutingConfiguration(text, file: "routing.json").root
      for test in tests {
        #expect(root.routes(for: test.labels).map(\.options.receiver) == test.receivers, "\(test.labels)")
      }
    }
  }

  /// Those that `amtool check-config` 0.33.1 refuses.
  private static let bad = [
    "mattermost-both-webhook-url-and-file", "mattermost-no-webhook-url", "mattermost-valid-receiver-both-webhook-url-and-file",
    "nil-match_re-route", "nil-source_match_re-inhibition", "nil-target_match_re-inhibition", "opsgenie-both-file-and-apikey",
    "opsgenie-default-apikey-old-team", "opsgenie-no-apikey", "rocketchat-both-token-and-tokenfile",
    "rocketchat-both-tokenid-and-tokenidfile", "rocketchat-no-token", "slack-both-file-and-token", "slack-both-file-and-url",
    "slack-both-url-and-token", "slack-no-api-url-or-token", "slack-update-message-and-webhook", "smtp-both-password-and-file",
    "sns-invalid", "telegram-both-bot-token-and-file", "telegram-no-bot-token", "telegram-valid-receiver-both-bot-token-and-file",
    "victorops-both-file-and-apikey", "victorops-no-apikey", "wechat-both-file-and-secret", "wechat-no-api-secret",
  ]

  @Test("every configuration is judged as amtool judges it", arguments: NotificationData.configurations)
  func configurations(path: String) throws {
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent.replacing("conf.", with: "")
    do {
      _ = try RoutingConfiguration.read(path)
      #expect(!Self.bad.contains(name), "\(name) was accepted")
    } catch {
      #expect(Self.bad.contains(name), "\(error)")
      #expect(error.line != nil && error.column != nil)
    }
  }

  @Test(
    "amtool itself says the same of each", .enabled(if: NotificationData.amtool != nil, "there is no amtool: set PEERS"),
    arguments: NotificationData.configurations + RoutingConfigurationTests.goodTexts.map { "text: \($0)" }
      + RoutingConfigurationTests.mistakes.map { "text: \($0.text)" })
  func amtool(path: String) async throws {
    let program = try #require(NotificationData.amtool)
    let text = path.hasPrefix("text: ") ? String(path.dropFirst(6)) : try String(contentsOfFile: path, encoding: .utf8)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-\(UUID().uuidString).yml")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let verdict = try await runProgram(program, ["check-config", file.path], input: [])
    let isGood = (try? RoutingConfiguration(text, file: "alertmanager.yml")) != nil
    #expect((verdict.status == 0) == isGood, "amtool: \(String(decoding: verdict.output, as: UTF8.self))")
  }

  @Test("amtool accepts the shipped file", .enabled(if: NotificationData.amtool != nil, "there is no amtool: set PEERS"))
  func shipped() async throws {
    let program = try #require(NotificationData.amtool)
    let shipped = try #require(ShippedFile.all.first { $0.name == "alertmanager.yml" })
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("lookout-\(UUID().uuidString).yml")
    try Data(shipped.bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let verdict = try await runProgram(program, ["check-config", file.path], input: [])
    #expect(verdict.status == 0, "\(String(decoding: verdict.output, as: UTF8.self))")
  }
}
