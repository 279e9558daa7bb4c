/// Names a check of a target: `crm/dashboard_data`.
struct CheckID: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  let target: String
  let check: String

  var description: String { "\(target)/\(check)" }

  static func < (left: CheckID, right: CheckID) -> Bool { (left.target, left.check) < (right.target, right.check) }
}
