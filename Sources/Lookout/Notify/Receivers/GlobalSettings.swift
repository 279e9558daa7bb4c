/// `global` of Alertmanager's configuration: defaults of all receivers. Most of them are for kinds that Lookout does not deliver to.
enum GlobalSettings {
  static let shape = SettingSection(
    keys: [
      "resolve_timeout": .duration, "http_config": .section(.http), "smtp_smarthost": .hostAndPort, "smtp_require_tls": .flag,
      "smtp_tls_config": .section(.tls), "smtp_force_implicit_tls": .flag,
    ]
    .merging(urls.map { ($0, .url) }) { $1 }
    .merging(texts.map { ($0, .text) }) { $1 },
    rules: pairs.map { .atMostOne($0) } + [.other(checkSlack)])

  private static let urls = [
    "jira_api_url", "slack_api_url", "slack_app_url", "pagerduty_url", "opsgenie_api_url", "wechat_api_url", "victorops_api_url",
    "telegram_api_url", "webex_api_url", "rocketchat_api_url", "mattermost_webhook_url",
  ]
  private static let texts =
    [
      "smtp_from", "smtp_hello", "smtp_auth_username", "smtp_auth_identity", "wechat_api_corp_id",
    ] + pairs.flatMap { $0 }.filter { !urls.contains($0) }

  /// A secret, and the file that holds it.
  private static let pairs = [
    "slack_app_token", "slack_api_url", "opsgenie_api_key", "victorops_api_key", "telegram_bot_token", "smtp_auth_password",
    "smtp_auth_secret", "rocketchat_token", "rocketchat_token_id", "wechat_api_secret", "mattermost_webhook_url",
  ].map { [$0, "\($0)_file"] }

  @Sendable private static func checkSlack(_ global: YAMLMapping) throws(ConfigurationError) {
    let tokens = ["slack_app_token", "slack_app_token_file"].filter(global.holds)
    let addresses = ["slack_api_url", "slack_api_url_file"].filter(global.holds)
    guard let token = tokens.first, let address = addresses.first else { return }
    let appURL = try global["slack_app_url"]?.string() ?? "https://slack.com/api/chat.postMessage"
    if try global["slack_api_url"]?.string() == appURL { return }
    throw global.values[token]?.error("'\(token)' and '\(address)' exclude each other") ?? global.node.error("two ways to Slack")
  }
}
