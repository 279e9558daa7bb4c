/// `http_config` of Alertmanager: how a request is made (prometheus/common, config/http_config.go).
extension SettingSection {
  static let tls = SettingSection(
    keys: [
      "ca": .text, "cert": .text, "key": .text, "ca_file": .text, "cert_file": .text, "key_file": .text, "ca_ref": .text, "cert_ref": .text,
      "key_ref": .text, "server_name": .text, "insecure_skip_verify": .flag, "min_version": .text, "max_version": .text,
    ],
    rules: [
      .atMostOne(["ca", "ca_file", "ca_ref"]), .atMostOne(["cert", "cert_file", "cert_ref"]), .atMostOne(["key", "key_file", "key_ref"]),
      .oneOf("min_version", tlsVersions), .oneOf("max_version", tlsVersions),
      .other { mapping throws(ConfigurationError) in
        let hasCertificate = ["cert", "cert_file", "cert_ref"].contains(where: mapping.holds)
        let hasKey = ["key", "key_file", "key_ref"].contains(where: mapping.holds)
        if hasCertificate != hasKey { throw mapping.node.error("a certificate and its key belong together; one of them is missing") }
      },
    ])
  private static let tlsVersions = ["TLS10", "TLS11", "TLS12", "TLS13"]

  static let basicAuthentication = SettingSection(
    keys: [
      "username": .text, "username_file": .text, "username_ref": .text, "password": .text, "password_file": .text, "password_ref": .text,
    ],
    rules: [.atMostOne(["username", "username_file", "username_ref"]), .atMostOne(["password", "password_file", "password_ref"])])

  static let authorization = SettingSection(
    keys: ["type": .text, "credentials": .text, "credentials_file": .text, "credentials_ref": .text],
    rules: [
      .atMostOne(["credentials", "credentials_file", "credentials_ref"]),
      .other { mapping throws(ConfigurationError) in
        guard let type = mapping["type"], try type.string().lowercased() == "basic" else { return }
        throw type.error("for type Basic there is 'basic_auth'")
      },
    ])

  private static let proxy: [String: SettingShape] = [
    "proxy_url": .anything, "no_proxy": .text, "proxy_from_environment": .flag, "proxy_connect_header": .anything,
  ]
  private static let proxyRules: [Rule] = [
    .other { mapping throws(ConfigurationError) in
      let usesEnvironment = try mapping["proxy_from_environment"]?.flag() ?? false
      if mapping.holds("no_proxy"), !mapping.holds("proxy_url") {
        throw mapping.node.error("'no_proxy' needs 'proxy_url'")
      }
      if usesEnvironment, mapping.holds("proxy_url") || mapping.holds("no_proxy") {
        throw mapping.node.error("'proxy_from_environment' excludes 'proxy_url' and 'no_proxy'")
      }
      if let address = mapping["proxy_url"] { _ = try address.string() }
    }
  ]

  static let oauth2 = SettingSection(
    keys: [
      "client_id": .text, "client_secret": .text, "client_secret_file": .text, "client_secret_ref": .text,
      "client_certificate_key_id": .text, "client_certificate_key": .text, "client_certificate_key_file": .text,
      "client_certificate_key_ref": .text, "grant_type": .text, "iss": .text, "audience": .text, "claims": .anything,
      "signature_algorithm": .text, "scopes": .list(.text), "token_url": .text, "endpoint_params": .texts, "tls_config": .section(tls),
    ].merging(proxy) { $1 },
    rules: [
      .atLeastOne(["client_id"]), .atLeastOne(["token_url"]), .atMostOne(["client_secret", "client_secret_file", "client_secret_ref"]),
    ]
      + proxyRules)

  static let http = SettingSection(
    keys: [
      "basic_auth": .section(basicAuthentication), "authorization": .section(authorization), "oauth2": .section(oauth2),
      "bearer_token": .text, "bearer_token_file": .text, "tls_config": .section(tls), "follow_redirects": .flag, "enable_http2": .flag,
      "http_headers": .anything,
    ].merging(proxy) { $1 },
    rules: [.atMostOne(["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file"])] + proxyRules)
}
