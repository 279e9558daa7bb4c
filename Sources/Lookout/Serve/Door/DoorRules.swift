/// Who comes in, as the configuration has it.
struct DoorRules: Sendable {
  /// The names that requests may use for this machine; nil: any.
  var hosts: HostNames?
  /// The place that people know the agent by, `https://lookout.example.com`; pages from there are its own.
  var externalOrigin: String?
  /// Nil: no user is asked for.
  var credentials: Credentials?
  var certificate: DoorCertificate?

  /// For what everybody may see.
  static let open = DoorRules()

  /// Throws what cannot be used of the certificate's files.
  init(_ configuration: Configuration) throws {
    hosts = HostNames(configuration)
    externalOrigin = (try? WebAddress(configuration.externalURL))?.origin
    credentials = configuration.web.flatMap { $0.users.isEmpty ? nil : Credentials($0.users) }
    certificate = try configuration.web?.tls.map { try DoorCertificate($0) }
  }

  private init() {}

  /// What is wrong with a request whoever sends it.
  func refusal(of visit: Visit) -> Reply? {
    guard visit.hosts.count <= 1 else { return .line("a request names one host", status: 400) }
    if let hosts, let host = visit.hosts.first, !hosts.include(host) {
      return .line("this is not the Lookout of that name; if it is to answer to it, put the name into 'allowed_hosts'", status: 421)
    }
    if visit.isChange, CrossSite.sends(visit, externalOrigin: externalOrigin) {
      return .line("a page of another site may not change anything here", status: 403)
    }
    if let length = visit.bodyLength, (Int(length) ?? .max) > Door.largestBody {
      return .line("a body of at most \(Door.largestBody >> 10) KiB is taken here", status: 413)
    }
    return nil
  }
}
