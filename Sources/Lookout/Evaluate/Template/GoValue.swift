import PromQL

/// A value as Go's templates see it: types decide what compares, what a function takes, and how it is printed.
indirect enum GoValue: Sendable {
  /// No value: a field of nothing, a key that a map lacks.
  case none
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case float(Double)
  case text(String)
  /// `map[string]string`, in which a missing key is an empty text.
  case labels([String: String])
  /// `map[string]interface {}`, of `args`.
  case map([String: GoValue])
  case list([GoValue])
  /// What `query` gives.
  case vector([GoSample])
  case sample(GoSample)
  case time(GoTime)
  case duration(GoDuration)
  /// What an alert's templates are given.
  case alert(TemplateData)
}

/// One series of a query's answer.
struct GoSample: Sendable {
  var labels: [String: String]
  var value: Double
}

extension GoValue {
  var typeName: String {
    switch self {
    case .none: "<nil>"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .float: "float64"
    case .text: "string"
    case .labels: "map[string]string"
    case .map: "map[string]interface {}"
    case .list: "[]interface {}"
    case .vector: "template.queryResult"
    case .sample: "*template.sample"
    case .time: "*time.Time"
    case .duration: "*time.Duration"
    case .alert:
      "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"
    }
  }

  /// What `if` makes of it.
  var isTrue: Bool {
    switch self {
    case .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .uint(let value): value != 0
    case .float(let value): value != 0
    case .text(let text): !text.isEmpty
    case .labels(let labels): !labels.isEmpty
    case .map(let map): !map.isEmpty
    case .list(let values): !values.isEmpty
    case .vector(let samples): !samples.isEmpty
    case .sample, .time, .duration, .alert: true
    }
  }

  /// As an action prints it (fmt.Fprint).
  var printed: String {
    switch self {
    case .none: "<no value>"
    case .sample(let sample): "{\(GoValue.labels(sample.labels).inside) \(GoValue.float(sample.value).inside)}"
    default: inside
    }
  }

  /// As a part of something else, or an argument of `print`.
  var inside: String {
    switch self {
    case .none: "<nil>"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)"
    case .float(let value): formatPrometheusValue(value)
    case .text(let text): text
    case .labels(let labels): Self.printed(labels.mapValues(GoValue.text))
    case .map(let map): Self.printed(map)
    case .list(let values): "[\(values.map(\.inside).joined(separator: " "))]"
    case .vector(let samples): "[\(samples.map { GoValue.sample($0).inside }.joined(separator: " "))]"
    case .sample: "&\(printed)"
    case .time(let time): time.description
    case .duration(let duration): duration.description
    case .alert(let data):
      "{\(GoValue.labels(data.labels).inside) \(GoValue.labels(data.externalLabels).inside) \(data.externalURL) "
        + "\(GoValue.float(data.value).inside)}"
    }
  }

  private static func printed(_ map: [String: GoValue]) -> String {
    "map[\(inOrder(map).map { "\($0.key):\($0.value.inside)" }.joined(separator: " "))]"
  }

  /// Maps are gone through by the bytes of their keys.
  static func inOrder<Value>(_ map: [String: Value]) -> [(key: String, value: Value)] {
    map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  /// As Prometheus' functions take a number: a text is read as one.
  func number() throws(GoError) -> Double {
    switch self {
    case .float(let value): return value
    case .int(let value): return Double(value)
    case .uint(let value): return Double(value)
    case .duration(let duration): return duration.seconds
    case .text(let text):
      guard let value = GoText.float(text) else {
        throw GoError("strconv.ParseFloat: parsing \(GoText.quoted(text)): invalid syntax")
      }
      guard value.isFinite || text.lowercased().contains("inf") || value.isNaN else {
        throw GoError("strconv.ParseFloat: parsing \(GoText.quoted(text)): value out of range")
      }
      return value
    default: throw GoError("can't convert \(typeName) to float")
    }
  }
}
