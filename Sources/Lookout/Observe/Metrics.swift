/// Every metric there is. Names are those of blackbox_exporter and postgres_exporter where the meaning is the same, `odoo_*` for what only
/// Odoo has, `lookout_*` for the agent itself.
extension Metric {
  // Checks.
  static let checkStatus = Metric(
    name: "lookout_check_status", kind: .gauge, help: "How the check stands: 0 pass, 1 warn, 2 fail.")
  static let checkReason = Metric(
    name: "lookout_check_reason_info", kind: .gauge, help: "Always 1; the labels say why the check does not pass and what is the cause.")
  static let checkDuration = Metric(
    name: "lookout_check_duration_seconds", kind: .gauge, help: "How long the latest look took.")
  static let checkBudget = Metric(
    name: "lookout_check_budget_seconds", kind: .gauge, help: "What the check may take, or what it looks at, before that is too slow.")
  static let checksSkipped = Metric(
    name: "lookout_check_skipped_total", kind: .counter, help: "Looks that fell due while the one before was still under way.")
  static let checksUnobserved = Metric(
    name: "lookout_checks_unobserved", kind: .gauge, help: "Checks that have not been looked at for too long.")
  static let looks = Metric(
    name: "lookout_looks_total", kind: .counter, help: "Looks that were taken on a schedule.")
  static let checkLag = Metric(
    name: "lookout_check_lag_seconds_total", kind: .counter, help: "How much later than due looks have begun, in all.")
  static let workerSeconds = Metric(
    name: "lookout_odoo_worker_seconds_total", kind: .counter, help: "Time of Odoo's workers that the agent's costly looks have used.")

  // Probes, as blackbox_exporter names them.
  static let probeSuccess = Metric(
    name: "probe_success", kind: .gauge, help: "Whether the answer was right, however long it took.")
  static let probeDuration = Metric(
    name: "probe_duration_seconds", kind: .gauge, help: "How long the probe took.")
  static let probePhases = Metric(
    name: "probe_http_duration_seconds", kind: .gauge, help: "Duration of the request by phase.")
  static let probeStatusCode = Metric(
    name: "probe_http_status_code", kind: .gauge, help: "HTTP status of the answer.")
  static let probeBodyLength = Metric(
    name: "probe_http_uncompressed_body_length", kind: .gauge, help: "Length of the uncompressed body in bytes.")
  static let probeVersion = Metric(
    name: "probe_http_version", kind: .gauge, help: "Version of HTTP of the answer.")
  static let probeRedirects = Metric(
    name: "probe_http_redirects", kind: .gauge, help: "Number of redirects.")
  static let probeSSL = Metric(
    name: "probe_http_ssl", kind: .gauge, help: "Whether TLS was used for the last request.")
  static let probeContentLength = Metric(
    name: "probe_http_content_length", kind: .gauge, help: "Length that the answer's header tells; -1 where it tells none.")
  static let probeRegex = Metric(
    name: "probe_failed_due_to_regex", kind: .gauge, help: "Whether the probe failed because of a pattern.")
  static let probeCertificate = Metric(
    name: "probe_ssl_earliest_cert_expiry", kind: .gauge, help: "When the first of the server's certificates ends, in seconds since 1970.")
  static let probeIPVersion = Metric(
    name: "probe_ip_protocol", kind: .gauge, help: "Whether IPv4 (4) or IPv6 (6) was used.")
  static let probeLookup = Metric(
    name: "probe_dns_lookup_time_seconds", kind: .gauge, help: "How long the look-up of the target's name took.")
  static let probeAnswers = Metric(
    name: "probe_dns_answer_rrs", kind: .gauge, help: "Records in the answer section.")
  static let probeAuthorities = Metric(
    name: "probe_dns_authority_rrs", kind: .gauge, help: "Records in the authority section.")
  static let probeAdditional = Metric(
    name: "probe_dns_additional_rrs", kind: .gauge, help: "Records in the additional section.")
  static let probeQuerySucceeded = Metric(
    name: "probe_dns_query_succeeded", kind: .gauge, help: "Whether an answer came.")
  static let probeHistogram = Metric(
    name: "lookout_check_latency_seconds", kind: .histogram, help: "How long looks have taken, with the usual budgets as buckets.")
  static let pageAssets = Metric(
    name: "odoo_page_assets", kind: .gauge, help: "Bundles that the page names.")
  static let pageBytes = Metric(
    name: "odoo_page_bytes", kind: .gauge, help: "Bytes of the page and its bundles, uncompressed.")

  static let pageLoad = Metric(
    name: "odoo_page_load_seconds", kind: .gauge,
    help:
      "From the request for the page to the last byte that it needs, six connections at once: cold as at a first visit, warm as at a later one."
  )
  static let pageCriticalPath = Metric(
    name: "odoo_page_load_critical_path_seconds", kind: .gauge,
    help: "Part of it that more connections could not shorten: the page, its slowest asset, the slowest font.")
  static let pageLoadBytes = Metric(
    name: "odoo_page_load_bytes", kind: .gauge, help: "Bytes of all bodies as they came over the network.")
  static let pageLoadRequests = Metric(
    name: "odoo_page_load_requests", kind: .gauge, help: "Requests that the page took.")
  static let pageLoadBroken = Metric(
    name: "odoo_page_load_broken_assets", kind: .gauge, help: "Assets of the page that did not come.")

  static let exposed = Metric(
    name: "odoo_exposed", kind: .gauge, help: "Whether something stands open to strangers (1) or does not (0), by what it is.")
  static let serverInfo = Metric(
    name: "odoo_server_info", kind: .gauge, help: "Always 1; the labels tell what Odoo runs on, from its header Server.")

  // PostgreSQL, as postgres_exporter names them where it has them.
  static let postgresUp = Metric(
    name: "pg_up", kind: .gauge, help: "Whether PostgreSQL accepts a connection and answers.")
  static let postgresConnectionsUsed = Metric(
    name: "pg_connections_used", kind: .gauge, help: "Client connections that exist now.")
  static let postgresConnectionsLimit = Metric(
    name: "pg_connections_limit", kind: .gauge, help: "Client connections that ordinary roles may open in all.")
  static let postgresLongestStatement = Metric(
    name: "pg_longest_statement_seconds", kind: .gauge, help: "Age of the oldest statement that is running now.")
  static let postgresSeconds = Metric(
    name: "lookout_postgres_seconds_total", kind: .counter, help: "Time that the agent's own statements have taken.")

  static let slowStatements = Metric(
    name: "pg_slow_statements", kind: .gauge,
    help: "Statements whose calls since the last look took longer than their budget on average (pg_stat_statements).")
  static let slowestStatement = Metric(
    name: "pg_slowest_statement_seconds", kind: .gauge, help: "Mean time of the slowest of them; 0 when there is none.")

  // What Odoo keeps in its database.
  static let mailFailed = Metric(
    name: "odoo_mail_failed", kind: .gauge, help: "Outgoing mail that failed within a day.")
  static let mailFailedLately = Metric(
    name: "odoo_mail_failed_lately", kind: .gauge, help: "Outgoing mail that failed within an hour.")
  static let mailStuck = Metric(
    name: "odoo_mail_stuck", kind: .gauge, help: "Outgoing mail that should have been sent more than an hour ago.")
  static let cronOverdue = Metric(
    name: "odoo_cron_overdue", kind: .gauge, help: "Active scheduled jobs that should have run more than 15 minutes ago.")
  static let cronLatest = Metric(
    name: "odoo_cron_overdue_seconds", kind: .gauge, help: "How late the latest of them is; 0 when there is none.")

  // Odoo's log.
  static let logRecords = Metric(
    name: "odoo_log_records_total", kind: .counter, help: "Records in Odoo's log.")
  static let logErrors = Metric(
    name: "odoo_log_errors_total", kind: .counter,
    help: "Records of level ERROR or CRITICAL that tell of a failure (a statement that Odoo tries again does not).")
  static let logLines = Metric(
    name: "odoo_log_lines_total", kind: .counter, help: "Lines of Odoo's log that were read.")
  static let logBytes = Metric(
    name: "odoo_log_bytes_total", kind: .counter, help: "Bytes of Odoo's log that were read.")
  static let logOddLines = Metric(
    name: "odoo_log_odd_lines_total", kind: .counter, help: "Lines that could not be used whole, by what was odd about them.")
  static let logEvents = Metric(
    name: "odoo_log_events_total", kind: .counter,
    help: "What only Odoo's log tells: workers killed by a limit, a full pool, modules left out, failed logins and the like.")
  static let logErrorGroups = Metric(
    name: "odoo_log_error_groups", kind: .gauge,
    help: "Groups of errors with one cause each, by kind and state: new for an hour, regressed when they come back after a day.")
  static let logNewErrors = Metric(
    name: "odoo_log_new_error_groups_total", kind: .counter, help: "Groups of failures that were seen for the first time, or came back.")
  static let logSecrets = Metric(
    name: "odoo_log_secrets_total", kind: .counter, help: "Lines of Odoo's log that a secret stands in, by what it is.")
  static let logLosses = Metric(
    name: "odoo_log_losses_total", kind: .counter, help: "Times that lines of Odoo's log were lost, or may have been.")
  static let logLostBytes = Metric(
    name: "odoo_log_lost_bytes_total", kind: .counter,
    help: "Bytes that were read and are in no file any more, for copytruncate lost them.")
  static let logPatternFailures = Metric(
    name: "lookout_log_pattern_failures_total", kind: .counter,
    help: "Records that own patterns could not be looked for in, and values that are no numbers.")
  static let logUnreadable = Metric(
    name: "lookout_log_unreadable", kind: .gauge, help: "Whether Odoo's log cannot be read now.")
  static let requests = Metric(
    name: "odoo_http_requests_total", kind: .counter, help: "Requests that Odoo served, from its log.")
  static let requestDuration = Metric(
    name: "odoo_http_request_duration_seconds", kind: .histogram, help: "Time that a worker spent on a request, from Odoo's log.")
  static let requestSQL = Metric(
    name: "odoo_http_request_sql_seconds_total", kind: .counter, help: "Part of the workers' time that was spent in SQL.")
  static let requestQueries = Metric(
    name: "odoo_http_request_queries_total", kind: .counter, help: "SQL queries that requests made.")

  // The agent itself.
  static let buildInfo = Metric(
    name: "lookout_build_info", kind: .gauge, help: "Always 1; the label tells the version.")
  static let residentMemory = Metric(
    name: "process_resident_memory_bytes", kind: .gauge, help: "Resident memory of the agent.")
  static let virtualMemory = Metric(
    name: "process_virtual_memory_bytes", kind: .gauge, help: "Address space of the agent.")
  static let threads = Metric(
    name: "process_threads", kind: .gauge, help: "Threads of the agent.")
  static let openDescriptors = Metric(
    name: "process_open_fds", kind: .gauge, help: "File descriptors that the agent has open.")
  static let maximumDescriptors = Metric(
    name: "process_max_fds", kind: .gauge, help: "File descriptors that the agent may have open.")
  static let cpuSeconds = Metric(
    name: "process_cpu_seconds_total", kind: .counter, help: "CPU time of the agent, user and system.")
  static let startTime = Metric(
    name: "process_start_time_seconds", kind: .gauge, help: "When the agent started, in seconds since 1970.")
  static let reloadSuccessful = Metric(
    name: "lookout_config_last_reload_successful", kind: .gauge, help: "Whether the configuration could be loaded when it was last tried.")
  static let reloadTime = Metric(
    name: "lookout_config_last_reload_success_timestamp_seconds", kind: .gauge,
    help: "When the configuration that is in force was loaded, in seconds since 1970.")
  static let configurationHash = Metric(
    name: "lookout_config_hash", kind: .gauge, help: "A hash of the configuration file that is in force: it differs where the file does.")
  static let lastTurn = Metric(
    name: "lookout_last_turn_timestamp_seconds", kind: .gauge,
    help: "When the loop that judges and evaluates last went round, in seconds since 1970.")
  static let noticesWaiting = Metric(
    name: "lookout_notices_waiting", kind: .gauge, help: "Observations and events that have not been judged yet.")
  static let liveSeries = Metric(
    name: "lookout_series", kind: .gauge, help: "Series that have a value now.")
  static let seriesDropped = Metric(
    name: "lookout_series_dropped_total", kind: .counter, help: "Samples left out because the store had its limit of series.")
  static let samplesRefused = Metric(
    name: "lookout_samples_refused_total", kind: .counter,
    help: "Samples that came too late, or that a rule made for a series that a check or another rule has.")
  static let ruleEvaluations = Metric(
    name: "lookout_rule_evaluations_total", kind: .counter, help: "Evaluations of the alert rules.")
  static let ruleFailures = Metric(
    name: "lookout_rule_evaluation_failures_total", kind: .counter, help: "Evaluations of a rule that ended in an error.")
  static let groupDuration = Metric(
    name: "lookout_rule_group_last_duration_seconds", kind: .gauge, help: "How long the latest evaluation of the rule group took.")
  static let groupSeconds = Metric(
    name: "lookout_rule_group_duration_seconds_total", kind: .counter, help: "Time that evaluations of the rule group have taken.")
  static let groupTime = Metric(
    name: "lookout_rule_group_last_evaluation_timestamp_seconds", kind: .gauge,
    help: "When the rule group was last evaluated, in seconds since 1970.")
  static let alertsActive = Metric(
    name: "lookout_alerts", kind: .gauge, help: "Alerts by state.")
  static let notificationsSent = Metric(
    name: "lookout_notifications_sent_total", kind: .counter, help: "Messages that a receiver accepted.")
  static let notificationsFailed = Metric(
    name: "lookout_notification_failures_total", kind: .counter, help: "Attempts to deliver a message that failed.")
  static let notificationsDropped = Metric(
    name: "lookout_notifications_dropped_total", kind: .counter, help: "Messages given up: refused for good, or too old.")
  static let outboxPending = Metric(
    name: "lookout_outbox_pending", kind: .gauge, help: "Messages accepted and not yet delivered.")
  static let outboxOldest = Metric(
    name: "lookout_outbox_oldest_seconds", kind: .gauge, help: "Age of the oldest message that is not yet delivered.")
  static let pageRequests = Metric(
    name: "lookout_http_requests_total", kind: .counter,
    help: "Requests that the agent's own pages have answered, by the first segment of the path and the status.")
  static let stateWriteFailures = Metric(
    name: "lookout_state_write_failures_total", kind: .counter, help: "Writes to the state database that failed.")

  static let all: [Metric] = [
    .checkStatus, .checkReason, .checkDuration, .checkBudget, .checksSkipped, .checksUnobserved, .looks, .checkLag, .workerSeconds,
    .probeSuccess, .probeDuration, .probePhases, .probeStatusCode, .probeBodyLength, .probeVersion, .probeRedirects, .probeSSL,
    .probeContentLength, .probeRegex, .probeCertificate, .probeIPVersion, .probeLookup, .probeAnswers, .probeAuthorities,
    .probeAdditional, .probeQuerySucceeded, .probeHistogram, .pageAssets, .pageBytes, .pageLoad, .pageCriticalPath, .pageLoadBytes,
    .pageLoadRequests, .pageLoadBroken, .exposed, .serverInfo, .postgresUp, .postgresConnectionsUsed, .postgresConnectionsLimit,
    .postgresLongestStatement, .postgresSeconds, .slowStatements, .slowestStatement, .mailFailed, .mailFailedLately, .mailStuck,
    .cronOverdue, .cronLatest, .logRecords, .logErrors, .logLines, .logBytes, .logOddLines, .logEvents, .logErrorGroups, .logNewErrors,
    .logSecrets, .logLosses, .logLostBytes, .logPatternFailures,
    .logUnreadable, .requests,
    .requestDuration, .requestSQL, .requestQueries, .buildInfo, .residentMemory, .virtualMemory, .threads, .openDescriptors,
    .maximumDescriptors, .cpuSeconds, .startTime, .reloadSuccessful, .reloadTime, .configurationHash, .lastTurn, .noticesWaiting,
    .liveSeries, .seriesDropped, .samplesRefused, .ruleEvaluations, .ruleFailures, .groupDuration, .groupSeconds, .groupTime,
    .alertsActive, .notificationsSent, .notificationsFailed, .notificationsDropped, .outboxPending, .outboxOldest, .pageRequests,
    .stateWriteFailures,
  ]

  /// The names that its samples have.
  var sampleNames: [String] { kind == .histogram ? ["_bucket", "_sum", "_count"].map { name + $0 } : [name] }
}
