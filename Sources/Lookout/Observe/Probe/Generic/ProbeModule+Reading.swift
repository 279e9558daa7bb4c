import PromQL

extension ProbeModule {
  /// The modules of a configuration file of blackbox_exporter: HTTP, TCP and DNS, read as they are. What asks for something else (ICMP, gRPC,
  /// CEL, OAuth) is an unknown key here, and a mistake.
  static func modules(_ document: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> [String: ProbeModule] {
    let top = try document.mapping(known: ["modules"])
    var modules: [String: ProbeModule] = [:]
    for (key, value) in try top.required("modules").texts() { modules[try key.nonEmptyString()] = try ProbeModule(value, directory) }
    return modules
  }

  static let keys = ["prober", "timeout", "http", "tcp", "dns"]

  init(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) {
    try self.init(try node.mapping(known: Self.keys), directory)
  }

  init(_ section: YAMLMapping, _ directory: Directory) throws(ConfigurationError) {
    timeout = try section["timeout"]?.duration(in: .milliseconds(100)...Duration.seconds(600))
    let named = try section["prober"]?.oneOf(["http", "tcp", "dns"])
    guard let kind = named ?? ["http", "tcp", "dns"].first(where: { section[$0] != nil }) else {
      throw section.node.error("'prober' is missing: http, tcp or dns")
    }
    switch kind {
    case "http": prober = .http(try HTTPSettings(section["http"], directory))
    case "tcp": prober = .tcp(try TCPSettings(section["tcp"], directory))
    default: prober = .dns(try DNSSettings(try section.required("dns")))
    }
  }
}

extension ProbeModule.HTTPSettings {
  private static let keys = [
    "method", "headers", "body", "body_file", "basic_auth", "authorization", "bearer_token", "bearer_token_file", "valid_status_codes",
    "valid_http_versions", "follow_redirects", "enable_http2", "compression", "body_size_limit", "fail_if_ssl", "fail_if_not_ssl",
    "fail_if_body_matches_regexp", "fail_if_body_not_matches_regexp", "fail_if_header_matches", "fail_if_header_not_matches", "expect",
    "smallest_body", "certificate_days", "preferred_ip_protocol", "ip_protocol_fallback", "tls_config", "proxy_url",
    "no_proxy", "proxy_from_environment", "skip_resolve_phase_with_proxy",
  ]

  init(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) {
    guard let node else { return }
    let section = try node.mapping(known: Self.keys)
    method = try section["method"]?.nonEmptyString() ?? method
    for (key, value) in try section["headers"]?.texts() ?? [] { headers[try key.nonEmptyString()] = try value.string() }
    body = try section["body"]?.string() ?? body
    if let file = section["body_file"] { body = try Self.file(file, directory) }
    for item in try section["valid_status_codes"]?.list() ?? [] { statuses.insert(try item.int(in: 100...599)) }
    versions = try section["valid_http_versions"]?.nonEmptyStrings() ?? []
    followsRedirects = try section["follow_redirects"]?.bool() ?? true
    prefersHTTP2 = try section["enable_http2"]?.bool() ?? true
    acceptEncoding = try section["compression"]?.oneOf(["gzip", "br", "deflate", "identity", ""])
    bodyLimit = try section["body_size_limit"]?.bytes() ?? bodyLimit
    failsIfEncrypted = try section["fail_if_ssl"]?.bool() ?? false
    failsIfUnencrypted = try section["fail_if_not_ssl"]?.bool() ?? false
    bodyPatterns = try ProbePattern.list(section["fail_if_body_matches_regexp"], failsOnMatch: true)
    bodyPatterns += try ProbePattern.list(section["fail_if_body_not_matches_regexp"], failsOnMatch: false)
    headerPatterns = try Self.headerPatterns(section["fail_if_header_matches"], failsOnMatch: true)
    headerPatterns += try Self.headerPatterns(section["fail_if_header_not_matches"], failsOnMatch: false)
    demands = try section["expect"]?.demands() ?? []
    smallestBody = try section["smallest_body"]?.bytes()
    certificateDays = try section["certificate_days"]?.double(in: 0...3650)
    ip = try ProbeModule.IPChoice(section)
    tls = try TLSSettings(section["tls_config"], directory)
    proxy = try section["proxy_url"]?.webAddress().description
    noProxy = try section["no_proxy"]?.string()
    // Taken as said: the environment's proxy is used where none is named, and with a proxy names are the proxy's affair anyway.
    for key in ["proxy_from_environment", "skip_resolve_phase_with_proxy"] { _ = try section[key]?.bool() }
    authorization = try Self.authorization(section, directory)
  }

  private static func file(_ node: YAMLNode, _ directory: Directory) throws(ConfigurationError) -> String {
    let path = directory.path(try node.nonEmptyString())
    do { return try TextFile.read(path, limit: 1 << 20) } catch { throw node.error("\(error)") }
  }

  private static func authorization(
    _ section: YAMLMapping, _ directory: Directory
  ) throws(ConfigurationError) -> ProbeModule.Authorization? {
    if let node = section["basic_auth"] {
      let basic = try node.mapping(known: ["username", "password", "password_file"])
      let secret = try secret(basic, "password", "password_file", directory) ?? .text("")
      return .init(kind: .basic(user: try basic["username"]?.string() ?? ""), secret: secret)
    }
    if let node = section["authorization"] {
      let other = try node.mapping(known: ["type", "credentials", "credentials_file"])
      let secret = try secret(other, "credentials", "credentials_file", directory) ?? .text("")
      return .init(kind: .scheme(try other["type"]?.nonEmptyString() ?? "Bearer"), secret: secret)
    }
    return try secret(section, "bearer_token", "bearer_token_file", directory).map { .init(kind: .scheme("Bearer"), secret: $0) }
  }

  private static func secret(
    _ section: YAMLMapping, _ text: String, _ file: String, _ directory: Directory
  ) throws(ConfigurationError) -> Secret? {
    if let node = section[file] { return try Secret.readable(node, directory) }
    return try section[text].map { node throws(ConfigurationError) in .text(try node.string()) }
  }

  private static func headerPatterns(
    _ node: YAMLNode?, failsOnMatch: Bool
  ) throws(ConfigurationError) -> [ProbeModule.HeaderPattern] {
    try node?.list().map { item throws(ConfigurationError) in
      let section = try item.mapping(known: ["header", "regexp", "allow_missing"])
      return ProbeModule.HeaderPattern(
        name: try section.required("header").nonEmptyString(),
        pattern: try ProbePattern(section.required("regexp"), failsOnMatch: failsOnMatch),
        mayBeMissing: try section["allow_missing"]?.bool() ?? false)
    } ?? []
  }
}

extension ProbeModule.TCPSettings {
  init(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) {
    guard let node else { return }
    let section = try node.mapping(known: ["query_response", "tls", "tls_config", "preferred_ip_protocol", "ip_protocol_fallback"])
    isEncrypted = try section["tls"]?.bool() ?? false
    tls = try TLSSettings(section["tls_config"], directory)
    ip = try ProbeModule.IPChoice(section)
    steps =
      try section["query_response"]?.list().map { item throws(ConfigurationError) in
        let step = try item.mapping(known: ["expect", "send", "labels"])
        return Step(
          expected: try step["expect"].map { node throws(ConfigurationError) in try ProbePattern(node, failsOnMatch: false) },
          sent: try step["send"]?.string(), labels: try Self.labels(step["labels"]))
      } ?? []
  }
}

extension ProbeModule.TCPSettings {
  private static func labels(_ node: YAMLNode?) throws(ConfigurationError) -> [String: String] {
    var labels: [String: String] = [:]
    for item in try node?.list() ?? [] {
      let label = try item.mapping(known: ["name", "value"])
      let name = try label.required("name").nonEmptyString()
      guard YAMLNode.isLabelName(name) else { throw item.error("'\(name.prefix(60))' is no name of a label") }
      labels[name] = try label.required("value").string()
    }
    return labels
  }
}

extension ProbeModule.DNSSettings {
  init(_ node: YAMLNode) throws(ConfigurationError) {
    let section = try node.mapping(known: [
      "query_name", "query_type", "transport_protocol", "recursion_desired", "valid_rcodes", "validate_answer_rrs",
      "validate_authority_rrs", "validate_additional_rrs", "preferred_ip_protocol", "ip_protocol_fallback",
    ])
    name = try section.required("query_name").nonEmptyString()
    type = try section["query_type"]?.oneOf(DNSType.all.keys.sorted()) ?? type
    overTCP = try section["transport_protocol"]?.oneOf(["udp", "tcp"]) == "tcp"
    asksRecursion = try section["recursion_desired"]?.bool() ?? true
    codes = try section["valid_rcodes"]?.list().map { item throws(ConfigurationError) in try item.oneOf(DNSMessage.codes) } ?? []
    ip = try ProbeModule.IPChoice(section)
    answers = try ProbeModule.RecordRules(section["validate_answer_rrs"])
    authorities = try ProbeModule.RecordRules(section["validate_authority_rrs"])
    additionals = try ProbeModule.RecordRules(section["validate_additional_rrs"])
  }
}

extension ProbeModule.RecordRules {
  fileprivate init(_ node: YAMLNode?) throws(ConfigurationError) {
    guard let node else { return }
    let section = try node.mapping(known: [
      "fail_if_matches_regexp", "fail_if_all_match_regexp", "fail_if_not_matches_regexp", "fail_if_none_matches_regexp",
    ])
    noneMatches = try ProbePattern.list(section["fail_if_matches_regexp"], failsOnMatch: true)
    notAllMatch = try ProbePattern.list(section["fail_if_all_match_regexp"], failsOnMatch: true)
    eachMatches = try ProbePattern.list(section["fail_if_not_matches_regexp"], failsOnMatch: false)
    oneMatches = try ProbePattern.list(section["fail_if_none_matches_regexp"], failsOnMatch: false)
  }
}

extension ProbeModule.IPChoice {
  fileprivate init(_ section: YAMLMapping) throws(ConfigurationError) {
    self.init(
      prefersV6: try section["preferred_ip_protocol"]?.oneOf(["ip4", "ip6"]) != "ip4",
      allowsOther: try section["ip_protocol_fallback"]?.bool() ?? true)
  }
}

extension TLSSettings {
  fileprivate init(_ node: YAMLNode?, _ directory: Directory) throws(ConfigurationError) {
    self.init()
    guard
      let section = try node?.mapping(known: [
        "insecure_skip_verify", "ca_file", "cert_file", "key_file", "server_name", "min_version",
      ])
    else { return }
    func path(_ key: String) throws(ConfigurationError) -> String? {
      try section[key].map { node throws(ConfigurationError) in directory.path(try node.nonEmptyString()) }
    }
    verifiesServer = try section["insecure_skip_verify"]?.bool() != true
    (trustFile, certificateFile, keyFile) = (try path("ca_file"), try path("cert_file"), try path("key_file"))
    serverName = try section["server_name"]?.nonEmptyString()
    oldestVersion =
      try section["min_version"].flatMap { node throws(ConfigurationError) in
        Version(rawValue: try node.oneOf(Version.names))
      } ?? .usual
  }
}

extension ProbePattern {
  init(_ node: YAMLNode, failsOnMatch: Bool, anchored: Bool = false) throws(ConfigurationError) {
    let text = try node.string()
    do throws(PatternError) {
      self.init(pattern: try Pattern(text, anchored: anchored), failsOnMatch: failsOnMatch)
    } catch {
      throw node.error("\(error)")
    }
  }

  fileprivate static func list(_ node: YAMLNode?, failsOnMatch: Bool) throws(ConfigurationError) -> [ProbePattern] {
    try node?.list().map { item throws(ConfigurationError) in try ProbePattern(item, failsOnMatch: failsOnMatch) } ?? []
  }
}
