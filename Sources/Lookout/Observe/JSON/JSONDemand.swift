import PromQL

/// What an answer must hold: a path alone must lead somewhere, and a comparison must be true: `kpis.total_leads > 0`,
/// `currency_symbol == "$"`, `trends.labels >= 12` (lists and objects count as their length), `name =~ "^CRM"` (RE2). With `?` behind its
/// path a demand is met too where there is no such place.
struct JSONDemand: Sendable, Equatable, CustomStringConvertible {
  enum Outcome: Equatable {
    case met, missing, unmet
  }

  struct Mistake: Error {
    let message: String
  }

  private enum Comparison: Sendable {
    case number(@Sendable (Double, Double) -> Bool, Double)
    case same(JSONValue, negated: Bool)
    case pattern(Pattern)
  }

  /// As it was written.
  let description: String
  private let path: JSONPath
  private let isOptional: Bool
  private let comparison: Comparison?

  private static let operators = ["=~", "==", "!=", ">=", "<=", ">", "<"]
  private static let orders: [String: @Sendable (Double, Double) -> Bool] = [
    ">": { $0 > $1 }, ">=": { $0 >= $1 }, "<": { $0 < $1 }, "<=": { $0 <= $1 }, "==": { $0 == $1 }, "!=": { $0 != $1 },
  ]

  init(_ text: String) throws(Mistake) {
    description = text
    let sign = Self.operators.compactMap { sign in text.firstRange(of: sign).map { (sign, $0) } }
      .min { ($0.1.lowerBound, -$0.0.count) < ($1.1.lowerBound, -$1.0.count) }
    var left = Self.trimmed(text[..<(sign?.1.lowerBound ?? text.endIndex)])
    isOptional = left.last == "?"
    if isOptional { left = Self.trimmed(left.dropLast()) }
    guard !left.isEmpty, let path = JSONPath(left) else {
      throw Mistake(message: "'\(left.prefix(60))' is no path; write it as kpis.total_leads or labels[0]")
    }
    self.path = path
    guard let sign else {
      comparison = nil
      return
    }
    comparison = try Self.comparison(sign.0, with: Self.trimmed(text[sign.1.upperBound...]))
  }

  private static func comparison(_ sign: String, with right: Substring) throws(Mistake) -> Comparison {
    guard let value = JSONValue(Array(right.utf8)), value.count == nil else {
      throw Mistake(message: "behind \(sign) a number, true, false, null or a text in double quotes must stand, not '\(right.prefix(60))'")
    }
    switch (sign, value) {
    case ("=~", .text(let text)):
      do { return .pattern(try Pattern(text, anchored: false)) } catch { throw Mistake(message: "\(error)") }
    case (_, .number(let number)):
      guard let order = orders[sign] else { break }
      return .number(order, number)
    case ("==", _), ("!=", _): return .same(value, negated: sign == "!=")
    default: break
    }
    throw Mistake(message: "\(sign) does not go with '\(right.prefix(60))'")
  }

  func outcome(on value: JSONValue) -> Outcome {
    guard let found = value[path] else { return isOptional ? .met : .missing }
    switch comparison {
    case nil: return found == .null ? .missing : .met
    case .number(let holds, let number):
      return (found.number ?? found.count.map(Double.init)).map { holds($0, number) } == true ? .met : .unmet
    case .same(let wanted, let negated): return (found == wanted) != negated ? .met : .unmet
    case .pattern(let pattern): return found.text.map(pattern.matches) == true ? .met : .unmet
    }
  }

  static func == (left: JSONDemand, right: JSONDemand) -> Bool { left.description == right.description }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
