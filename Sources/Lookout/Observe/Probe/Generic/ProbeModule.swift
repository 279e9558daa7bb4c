import PromQL

/// A way to probe that the configuration describes, in the words of blackbox_exporter's configuration file.
struct ProbeModule: Sendable, Equatable {
  /// Kept apart from what carries it about, for it is large.
  indirect enum Prober: Sendable, Equatable {
    case http(HTTPSettings)
    case tcp(TCPSettings)
    case dns(DNSSettings)
  }

  let prober: Prober
  var timeout: Duration?

  struct HTTPSettings: Sendable, Equatable {
    var method = "GET"
    var headers: [String: String] = [:]
    var body = ""
    /// The value of `Authorization`, which a file may keep.
    var authorization: Authorization?
    /// 200 to 299 when empty.
    var statuses: Set<Int> = []
    /// `HTTP/1.1`, `HTTP/2.0`; any when empty.
    var versions: [String] = []
    var followsRedirects = true
    var prefersHTTP2 = true
    var acceptEncoding: String?
    var bodyLimit = 8 << 20
    var failsIfEncrypted = false
    var failsIfUnencrypted = false
    var bodyPatterns: [ProbePattern] = []
    var headerPatterns: [HeaderPattern] = []
    var demands: [JSONDemand] = []
    var smallestBody: Int?
    /// Days that the server's certificates must last.
    var certificateDays: Double?
    var ip = IPChoice()
    var tls = TLSSettings()
    var proxy: String?
    /// Hosts that need none, with commas between.
    var noProxy: String?
  }

  struct HeaderPattern: Sendable, Equatable {
    let name: String
    let pattern: ProbePattern
    /// An answer without such a header does not fail.
    let mayBeMissing: Bool
  }

  struct Authorization: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      case basic(user: String)
      case scheme(String)
    }

    let kind: Kind
    let secret: Secret
  }

  struct TCPSettings: Sendable, Equatable {
    struct Step: Sendable, Equatable {
      var expected: ProbePattern?
      var sent: String?
      /// Of `probe_expect_info`: `${1}` in a value is what the first group found.
      var labels: [String: String] = [:]
    }

    var steps: [Step] = []
    var isEncrypted = false
    var ip = IPChoice()
    var tls = TLSSettings()
  }

  struct DNSSettings: Sendable, Equatable {
    var name: String
    var type = "ANY"
    var overTCP = false
    var asksRecursion = true
    /// `NOERROR` alone when empty.
    var codes: [String] = []
    var answers = RecordRules()
    var authorities = RecordRules()
    var additionals = RecordRules()
    var ip = IPChoice()
  }

  /// What the records of a section must look like, as blackbox_exporter shows them (`prober/dns.go`, `validRRs`).
  struct RecordRules: Sendable, Equatable {
    var noneMatches: [ProbePattern] = []
    var notAllMatch: [ProbePattern] = []
    var eachMatches: [ProbePattern] = []
    var oneMatches: [ProbePattern] = []

    /// The first rule that the records break.
    func broken(by records: [String]) -> ProbePattern? {
      func count(_ rule: ProbePattern) -> Int { records.count { rule.pattern.matches($0) } }
      if let rule = noneMatches.first(where: { count($0) > 0 }) { return rule }
      if let rule = eachMatches.first(where: { records.isEmpty || count($0) < records.count }) { return rule }
      if !records.isEmpty, !notAllMatch.isEmpty, notAllMatch.allSatisfy({ count($0) == records.count }) { return notAllMatch.first }
      return oneMatches.isEmpty || oneMatches.contains { count($0) > 0 } ? nil : oneMatches.first
    }
  }

  /// Which addresses of the target's name are tried first.
  struct IPChoice: Sendable, Equatable {
    var prefersV6 = true
    var allowsOther = true

    var version: IPVersion { allowsOther ? .any : prefersV6 ? .v6 : .v4 }
  }
}

/// A regular expression and what its match means.
struct ProbePattern: Sendable, Equatable {
  let pattern: Pattern
  /// Whether a match is the failure, or its absence.
  let failsOnMatch: Bool

  static func == (left: ProbePattern, right: ProbePattern) -> Bool {
    left.pattern.text == right.pattern.text && left.failsOnMatch == right.failsOnMatch
  }

  func fails(on text: String) -> Bool { pattern.matches(text) == failsOnMatch }
}
