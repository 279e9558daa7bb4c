/// A kind of receiver that Alertmanager knows (config/notifiers.go, notify/*/config.go).
struct ReceiverKind: Sendable {
  /// `slack_configs`
  let section: String
  let shape: SettingSection
  /// Settings that come from the receiver or, under another name, from `global`; one of them must be given.
  var needs: [Need] = []
  /// Settings that are wrong together with the global ones.
  var also: @Sendable (_ own: YAMLMapping, _ global: YAMLMapping?) throws(ConfigurationError) -> Void = { _, _ in }
  /// Whether an empty item stands for one with defaults only.
  var mayBeEmpty = false

  struct Need: Sendable {
    let own: [String]
    let global: [String]

    init(_ own: [String], _ global: [String]) {
      self.own = own
      self.global = global
    }

    func isMet(_ own: YAMLMapping, _ global: YAMLMapping?) -> Bool {
      if self.own.contains(where: own.holds) { return true }
      guard let global else { return false }
      return self.global.contains(where: global.holds)
    }

    var written: String { (own.map { "'\($0)'" } + global.map { "'global: \($0)'" }).joined(separator: " or ") }
  }

  fileprivate init(
    _ section: String, _ keys: [String: SettingShape], _ rules: [SettingSection.Rule] = [], needs: [Need] = [], mayBeEmpty: Bool = false,
    also: @escaping @Sendable (YAMLMapping, YAMLMapping?) throws(ConfigurationError) -> Void = { _, _ in }
  ) {
    self.section = section
    shape = SettingSection(keys: ["send_resolved": .flag, "http_config": .section(.http)].merging(keys) { $1 }, rules: rules)
    self.needs = needs
    self.mayBeEmpty = mayBeEmpty
    self.also = also
  }

  /// Checks one item of the section, seen together with what is global.
  func check(_ node: YAMLNode, global: YAMLMapping?) throws(ConfigurationError) {
    guard !node.isNull || mayBeEmpty else { throw node.error("an item of '\(section)' is empty") }
    var own = YAMLMapping(node: node, values: [:])
    if !node.isNull { own = try shape.check(node) }
    for need in needs {
      if need.isMet(own, global) { continue }
      throw node.error("\(need.written) is missing")
    }
    try also(own, global)
  }

  /// A list of texts, each with its shape.
  fileprivate static func texts(_ names: String...) -> [String: SettingShape] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, .text) })
  }
}

extension ReceiverKind {
  static let webhook = ReceiverKind(
    "webhook_configs",
    ["url": .urlTemplate, "url_file": .text, "max_alerts": .number, "timeout": .goDuration, "payload": .anything],
    [
      .atLeastOne(["url", "url_file"]), .atMostOne(["url", "url_file"]),
      .other { mapping throws(ConfigurationError) in _ = try mapping["max_alerts"]?.int(in: 0...Int.max) },
    ])

  /// Those that Lookout reads and does not deliver to.
  static let others: [ReceiverKind] = chats + pagers + rest

  private static let webhookURL: [SettingSection.Rule] = [.atMostOne(["webhook_url", "webhook_url_file"])]
  private static let needsWebhookURL = webhookURL + [.atLeastOne(["webhook_url", "webhook_url_file"])]
  private static let field = SettingSection(
    keys: ["title": .text, "value": .text, "short": .flag], rules: [.atLeastOne(["title"]), .atLeastOne(["value"])])

  private static let chats: [ReceiverKind] = [
    ReceiverKind(
      "discord_configs",
      texts("webhook_url_file", "content", "title", "message", "username", "avatar_url").merging(["webhook_url": .url]) { $1 },
      needsWebhookURL),
    ReceiverKind(
      "msteams_configs", texts("webhook_url_file", "title", "summary", "text").merging(["webhook_url": .url]) { $1 }, needsWebhookURL),
    ReceiverKind("msteamsv2_configs", texts("webhook_url_file", "title", "text").merging(["webhook_url": .url]) { $1 }, needsWebhookURL),
    slack, mattermost, rocketchat, telegram,
    ReceiverKind(
      "webex_configs", ["api_url": .url, "message": .text, "room_id": .text], [.atLeastOne(["room_id"])],
      also: { own, _ throws(ConfigurationError) in
        let http = try own["http_config"]?.mapping(known: SettingSection.http.keys.keys.sorted())
        guard http?.holds("authorization") ?? false else { throw own.node.error("'http_config' with 'authorization' is missing") }
      }),
    ReceiverKind(
      "wechat_configs",
      texts("api_secret", "api_secret_file", "corp_id", "message", "to_user", "to_party", "to_tag", "agent_id", "message_type")
        .merging(["api_url": .url]) { $1 },
      [.atMostOne(["api_secret", "api_secret_file"]), .oneOf("message_type", ["text", "markdown"])],
      needs: [
        Need(["api_secret", "api_secret_file"], ["wechat_api_secret", "wechat_api_secret_file"]), Need(["corp_id"], ["wechat_api_corp_id"]),
      ], mayBeEmpty: true),
  ]

  private static let slack = ReceiverKind(
    "slack_configs",
    texts(
      "api_url_file", "app_token", "app_token_file", "channel", "username", "color", "title", "title_link", "pretext", "text",
      "message_text", "footer", "fallback", "callback_id", "icon_emoji", "icon_url", "image_url", "thumb_url"
    ).merging([
      "api_url": .url, "app_url": .url, "short_fields": .flag, "link_names": .flag, "mrkdwn_in": .list(.text), "timeout": .goDuration,
      "update_message": .flag, "fields": .list(.section(field)), "actions": .list(.section(slackAction)),
    ]) { $1 },
    [
      .atMostOne(["api_url", "api_url_file"]), .atMostOne(["app_token", "app_token_file"]), .atMostOne(["api_url", "app_token"]),
      .atMostOne(["api_url", "app_token_file"]), .atMostOne(["api_url_file", "app_token"]), .atMostOne(["api_url_file", "app_token_file"]),
      .other { own throws(ConfigurationError) in
        guard let update = own["update_message"], try update.flag() else { return }
        guard try own["api_url"]?.string() == "https://slack.com/api/chat.postMessage" else {
          throw update.error("'update_message' needs 'api_url: https://slack.com/api/chat.postMessage'")
        }
      },
    ],
    needs: [
      Need(
        ["api_url", "api_url_file", "app_token", "app_token_file"],
        ["slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"])
    ], mayBeEmpty: true,
    also: { own, _ throws(ConfigurationError) in
      guard own.holds("app_token") || own.holds("app_token_file") else { return }
      let http = try own["http_config"]?.mapping(known: SettingSection.http.keys.keys.sorted())
      if http?.holds("authorization") ?? false {
        throw own.node.error("'http_config: authorization' and a token of a Slack app exclude each other")
      }
    })

  private static let slackAction = SettingSection(
    keys: texts("type", "text", "url", "style", "name", "value").merging([
      "confirm": .section(
        SettingSection(keys: texts("text", "title", "ok_text", "dismiss_text"), rules: [.atLeastOne(["text"])]))
    ]) { $1 },
    rules: [.atLeastOne(["type"]), .atLeastOne(["text"]), .atLeastOne(["url", "name"])])

  private static let mattermost = ReceiverKind(
    "mattermost_configs",
    texts("webhook_url_file", "channel", "username", "icon_url", "icon_emoji", "type").merging(attachment) { $1 }.merging([
      "webhook_url": .url, "attachments": .list(.section(SettingSection(keys: attachment))),
      "props": .section(SettingSection(keys: texts("card"))),
      "priority": .section(SettingSection(keys: ["priority": .text, "requested_ack": .flag, "persistent_notifications": .flag])),
    ]) { $1 },
    webhookURL,
    needs: [Need(["webhook_url", "webhook_url_file"], ["mattermost_webhook_url", "mattermost_webhook_url_file"])])
  private static let attachment = texts(
    "fallback", "color", "pretext", "text", "author_name", "author_link", "author_icon", "title", "title_link", "thumb_url", "footer",
    "footer_icon", "image_url"
  ).merging(["fields": .list(.section(field))]) { $1 }

  private static let rocketchat = ReceiverKind(
    "rocketchat_configs",
    texts(
      "token_id", "token_id_file", "token", "token_file", "channel", "color", "title", "title_link", "text", "emoji", "icon_url",
      "image_url", "thumb_url"
    ).merging(["api_url": .url, "short_fields": .flag, "link_names": .flag, "fields": .list(.anything), "actions": .list(.anything)]) {
      $1
    },
    [.atMostOne(["token", "token_file"]), .atMostOne(["token_id", "token_id_file"])],
    needs: [
      Need(["token_id", "token_id_file"], ["rocketchat_token_id", "rocketchat_token_id_file"]),
      Need(["token", "token_file"], ["rocketchat_token", "rocketchat_token_file"]),
    ], mayBeEmpty: true)

  private static let telegram = ReceiverKind(
    "telegram_configs",
    texts("bot_token", "bot_token_file", "chat_id_file", "message", "parse_mode").merging([
      "api_url": .url, "chat_id": .number, "message_thread_id": .number, "disable_notifications": .flag,
    ]) { $1 },
    [
      .atMostOne(["bot_token", "bot_token_file"]), .atLeastOne(["chat_id", "chat_id_file"]), .atMostOne(["chat_id", "chat_id_file"]),
      .oneOf("parse_mode", ["Markdown", "MarkdownV2", "HTML"]),
    ],
    needs: [Need(["bot_token", "bot_token_file"], ["telegram_bot_token", "telegram_bot_token_file"])])
}

extension ReceiverKind {
  private static let pagers: [ReceiverKind] = [
    ReceiverKind(
      "pagerduty_configs",
      texts(
        "service_key", "service_key_file", "routing_key", "routing_key_file", "client", "client_url", "description", "source", "severity",
        "class", "component", "group"
      ).merging([
        "url": .url, "details": .anything, "timeout": .goDuration,
        "images": .list(.section(SettingSection(keys: texts("src", "alt", "href")))),
        "links": .list(.section(SettingSection(keys: texts("href", "text")))),
      ]) { $1 },
      [
        .atLeastOne(["routing_key", "service_key", "routing_key_file", "service_key_file"]),
        .atMostOne(["routing_key", "routing_key_file"]), .atMostOne(["service_key", "service_key_file"]),
      ]),
    ReceiverKind(
      "opsgenie_configs",
      texts("api_key", "api_key_file", "message", "description", "source", "entity", "actions", "tags", "note", "priority").merging([
        "api_url": .url, "details": .texts, "update_alerts": .flag, "responders": .list(.section(responder)),
      ]) { $1 },
      [.atMostOne(["api_key", "api_key_file"])],
      needs: [Need(["api_key", "api_key_file"], ["opsgenie_api_key", "opsgenie_api_key_file"])], mayBeEmpty: true),
    ReceiverKind(
      "victorops_configs",
      texts("api_key", "api_key_file", "routing_key", "message_type", "state_message", "entity_display_name", "monitoring_tool").merging([
        "api_url": .url, "custom_fields": .texts,
      ]) { $1 },
      [.atLeastOne(["routing_key"]), .atMostOne(["api_key", "api_key_file"])],
      needs: [Need(["api_key", "api_key_file"], ["victorops_api_key", "victorops_api_key_file"])]),
    ReceiverKind(
      "pushover_configs",
      texts("user_key", "user_key_file", "token", "token_file", "title", "message", "url", "url_title", "device", "sound", "priority")
        .merging([
          "retry": .goDuration, "expire": .goDuration, "ttl": .goDuration, "html": .flag, "monospace": .flag,
        ]) { $1 },
      [
        .atLeastOne(["user_key", "user_key_file"]), .atMostOne(["user_key", "user_key_file"]), .atLeastOne(["token", "token_file"]),
        .atMostOne(["token", "token_file"]),
        .other { own throws(ConfigurationError) in
          if try own["html"]?.flag() ?? false, try own["monospace"]?.flag() ?? false {
            throw own.node.error("'html' and 'monospace' exclude each other")
          }
        },
      ]),
    ReceiverKind(
      "incidentio_configs",
      [
        "url": .url, "url_file": .text, "alert_source_token": .text, "alert_source_token_file": .text, "max_alerts": .number,
        "timeout": .goDuration,
      ],
      [
        .atLeastOne(["url", "url_file"]), .atMostOne(["url", "url_file"]), .atMostOne(["alert_source_token", "alert_source_token_file"]),
      ]),
  ]

  private static let responder = SettingSection(
    keys: texts("id", "name", "username", "type"),
    rules: [
      .atLeastOne(["id", "username", "name"]),
      .other { own throws(ConfigurationError) in
        let type = try own["type"]?.string() ?? ""
        let known = ["team", "teams", "user", "escalation", "schedule"]
        guard type.contains("{{") || known.contains(type.lowercased()) else {
          throw own.node.error("the type of a responder must be one of \(known.joined(separator: ", "))")
        }
      },
    ])

  private static let rest: [ReceiverKind] = [
    ReceiverKind(
      "email_configs",
      texts(
        "to", "from", "hello", "auth_username", "auth_password", "auth_password_file", "auth_secret", "auth_secret_file", "auth_identity",
        "html", "text"
      ).merging([
        "smarthost": .hostAndPort, "headers": .texts, "require_tls": .flag, "tls_config": .section(.tls), "force_implicit_tls": .flag,
        "threading": .section(
          SettingSection(keys: ["enabled": .flag, "thread_by_date": .text], rules: [.oneOf("thread_by_date", ["none", "daily"])])),
      ]) { $1 },
      [.atLeastOne(["to"])],
      needs: [Need(["smarthost"], ["smtp_smarthost"]), Need(["from"], ["smtp_from"])]),
    ReceiverKind(
      "sns_configs",
      texts("api_url", "topic_arn", "phone_number", "target_arn", "subject", "message").merging([
        "sigv4": .section(
          SettingSection(
            keys: texts("region", "access_key", "secret_key", "profile", "role_arn", "external_id").merging(["use_fips_sts_endpoint": .flag]
            ) {
              $1
            })),
        "attributes": .texts, "use_aws_http_client": .flag,
      ]) { $1 },
      [
        .atLeastOne(["target_arn", "topic_arn", "phone_number"]),
        // One of them or, as Alertmanager counts, all three.
        .other { own throws(ConfigurationError) in
          guard ["target_arn", "topic_arn", "phone_number"].count(where: own.holds) == 2 else { return }
          throw own.node.error("'target_arn', 'topic_arn' and 'phone_number' exclude each other")
        },
      ]),
    ReceiverKind(
      "jira_configs",
      texts(
        "api_type", "project", "priority", "issue_type", "reopen_transition", "resolve_transition", "wont_fix_resolution"
      ).merging([
        "api_url": .url, "summary": .anything, "description": .anything, "labels": .list(.text), "reopen_duration": .duration,
        "fields": .anything,
      ]) { $1 },
      [.atLeastOne(["project"]), .atLeastOne(["issue_type"]), .oneOf("api_type", ["auto", "cloud", "datacenter"])],
      needs: [Need(["api_url"], ["jira_api_url"])]),
  ]
}
