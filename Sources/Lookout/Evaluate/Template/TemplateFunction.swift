/// A type that a function's parameter can have.
enum GoType {
  case any, text, int, sample, vector, duration, time

  var name: String {
    switch self {
    case .any: "interface {}"
    case .text: "string"
    case .int: "int"
    case .sample: "*template.sample"
    case .vector: "template.queryResult"
    case .duration: "time.Duration"
    case .time: "time.Time"
    }
  }

  var admitsNil: Bool {
    switch self {
    case .any, .sample, .vector: true
    default: false
    }
  }

  func admits(_ value: GoValue) -> Bool {
    switch (self, value) {
    case (.any, _), (.text, .text), (.int, .int), (.sample, .sample), (.vector, .vector), (.duration, .duration), (.time, .time): true
    default: false
    }
  }
}

/// A function or method that templates can call.
struct TemplateFunction: Sendable {
  typealias Body = @Sendable ([GoValue], TemplateData) throws(GoError) -> GoValue

  let parameters: [GoType]
  /// The type of any number of further arguments.
  var variadic: GoType?
  /// For `and` and `or`: the truth that ends the evaluation of arguments.
  var endsAt: Bool?
  let body: Body

  init(_ parameters: GoType..., variadic: GoType? = nil, endsAt: Bool? = nil, body: @escaping Body) {
    self.parameters = parameters
    self.variadic = variadic
    self.endsAt = endsAt
    self.body = body
  }

  func type(of index: Int) -> GoType { index < parameters.count ? parameters[index] : variadic ?? .any }

  static let all = ofGo.merging(ofPrometheus) { $1 }
}
