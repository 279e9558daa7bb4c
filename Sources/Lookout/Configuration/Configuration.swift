/// What the agent is told to do: the file's keys with every default filled in.
struct Configuration: Sendable, Equatable {
  /// What is watched.
  var targets: [Target]
  /// Probes of the configuration's own list.
  var probes: [GenericProbe] = []
  /// Ways to probe that `/probe` may be asked for, by name.
  var modules: [String: ProbeModule] = [:]
  /// What `/probe` may be asked for: patterns that a target must match as a whole; nothing when empty.
  var probeTargets: [ProbePattern] = []
  /// Rule files in Prometheus' format; the rules that ship with the agent when empty.
  var ruleFiles: [String] = []
  /// One receiver for everything, by the routes that ship.
  var webhooks: [Webhook] = []
  /// Alertmanager's configuration file, where there is one: routes and receivers of one's own.
  var routing: RoutingConfiguration?
  var listen = Listen()
  /// Shows whether all is well and nothing else, to everybody.
  var publicListen: Listen?
  /// Who may come in at `listen` and how; nil where the file says nothing.
  var web: WebConfiguration?
  /// Names of this machine that browsers may use, besides those in `listen` and `external_url`; in lower case.
  var allowedHosts: [String] = []
  var stateDirectory: String
  /// How a person reaches this agent, for links in messages.
  var externalURL: String
  /// Of the file's text, as a number that a sample can hold exactly; 0 for a configuration from no file.
  var fileHash = 0.0

  /// The agent's own checks carry a target label too: that of the Odoo where there is one, for several this.
  static let ownTarget = "lookout"

  /// The label `target` of what is said about the agent itself.
  var ownTarget: String { targets.count == 1 ? targets[0].name : Self.ownTarget }

  /// Whether anybody is told of alerts.
  var hasReceiver: Bool { !webhooks.isEmpty || routing.map { $0.receivers.contains { !$0.webhooks.isEmpty } } ?? false }

  /// One Odoo database with what belongs to it.
  struct Target: Sendable, Equatable {
    /// The label `target` of everything that is said about this Odoo.
    var name: String
    var odoo: Odoo
    /// Nil when neither the file nor Odoo's own configuration says where PostgreSQL is.
    var postgresql: PostgreSQL?
    /// Odoo's log; nil when it is not known where it lies.
    var log: LogSettings?
    /// The first of its files.
    var logFile: String? { log?.files.first }
    var checks = Checks()
    /// Of all that is measured of it, beside the agent's own labels.
    var labels: [String: String] = [:]
  }

  struct Odoo: Sendable, Equatable {
    var url: WebAddress
    var database: String
    var login: String
    var password: Secret
    /// A second login, of a user with fewer rights; nil where there is none.
    var viewer: Viewer?
    /// Where the process behind `/websocket` answers; nil where that is not known.
    var websocketURL: WebAddress?
    /// HTTP workers of this Odoo: what its share of worker time is counted against.
    var workers = 2
    /// `limit_time_real`: how long a request that nobody waits for any more may go on.
    var longestRequest = Duration.seconds(120)
    /// `log_level`; nil where that is not known.
    var logLevel: String?
  }

  /// A user who may see the dashboards and nothing more.
  struct Viewer: Sendable, Equatable {
    var login: String
    var password: Secret
  }

  struct PostgreSQL: Sendable, Equatable {
    /// A name, an address, or the directory of a Unix socket.
    var host: String
    var port = 5432
    var user: String
    /// Nil where the server asks for none (peer authentication, a password file of libpq's own).
    var password: Secret?
    var database: String
    /// As libpq's `sslmode`.
    var tlsMode = "prefer"
  }

  struct Checks: Sendable, Equatable {
    var interval = Duration.seconds(15)
    /// For looks that hold a worker of Odoo for the whole answer.
    var costlyInterval = Duration.seconds(60)
    /// For exports, which cost most.
    var exportInterval = Duration.seconds(600)
    /// At most so often a page is fetched with everything that belongs to it, 5 MB with Odoo's usual modules.
    var pageLoadInterval = Duration.seconds(3600)
    /// What the page's scripts must hold: the names of the modules whose code is in them.
    var pageCode = ["crm_executive_dashboard"]
    /// For looks at who may see what.
    var accessInterval = Duration.seconds(3600)
    /// Menus that the agent's user must have; none are looked for when empty.
    var menus = ["CRM Executive Dashboard", "Strategic Dashboard", "Dashboard Configurations"]
    /// What may stand open. Odoo itself shows tracebacks; only a proxy can keep them back.
    var acceptedExposures: Set<ExposureSight.Thing> = [.tracebacks]
    var timeout = Duration.seconds(10)
    var costlyTimeout = Duration.seconds(60)
    /// The part of Odoo's worker time that costly looks may take, 0 to 1.
    var workerShare = 0.02
    var pageBudget = Duration.seconds(3)
    var dashboardBudget = Duration.seconds(2)
    var exportBudget = Duration.seconds(5)
    /// What the data of a check's answer must hold besides what the dashboards draw, by the check's name.
    var demands: [String: [JSONDemand]] = [:]
    /// The mean time of a statement's calls.
    var statementBudget = Duration.seconds(1)
    /// The age of a statement that is running.
    var runningBudget = Duration.seconds(60)
  }

  struct Webhook: Sendable, Equatable {
    var name: String
    var url: Secret
    var timeout = Duration.seconds(10)
  }

  struct Listen: Sendable, Equatable {
    var host = "127.0.0.1"
    var port = 9069
  }
}
