/// One alert: a rule and one label set for which its expression holds, or held until just now.
struct Alert: Codable, Hashable, Sendable {
  enum State: String, Codable, Sendable {
    /// The expression holds, but not yet for as long as the rule's `for`.
    case pending
    case firing
    case resolved
  }

  /// `alertname`, the rule's labels and those of the series: target, database, component, check, severity. They name the alert.
  let labels: [String: String]
  /// Those of the rule, and `reason`, `cause`, `finding` and `evidence` of the check that the labels name. They may change while it fires.
  var annotations: [String: String]
  var state: State
  /// When the expression began to hold.
  var activeAt: Timestamp
  /// When `for` was over; nil while pending.
  var firedAt: Timestamp?
  var resolvedAt: Timestamp?
  /// The expression's value at the latest evaluation at which it held.
  var value: Double
  /// Where a person sees what made it; nil for those of the agent's own rules.
  var generatorURL: String?

  var name: String { labels["alertname"] ?? "" }

  var fingerprint: String { Self.fingerprint(labels) }

  /// Sixteen hex digits that name the label set: FNV-1a over names and values in the order of their bytes.
  static func fingerprint(_ labels: [String: String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for (name, value) in labels.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      name.utf8.forEach(mix)
      mix(0xff)
      value.utf8.forEach(mix)
      mix(0xff)
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
