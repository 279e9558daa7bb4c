/// What a right answer looks like.
struct Expectation: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    /// Status 200 and a JSON object whose `status` is `pass`.
    case health
    /// The same of the process behind `/websocket`, without which users have no live messages and nothing else is amiss.
    case websocket
    /// Odoo's menus, among which those of these names are.
    case menus([String])
    /// HTML with Odoo's login form.
    case loginPage
    /// JSON-RPC with `result.success` and a list in `result.data`, which may be empty.
    case list
    /// JSON-RPC with `result.success`, no `result.data.error`, and the named parts of `result.data` not empty.
    case object([String])
    /// A file of that format with figures in it.
    case export(ExportFormat)
  }

  let content: Content
  /// Odoo may refuse this user: the route is for sales managers.
  var mayBeRefused = false
  /// What `result.data` must hold besides.
  var demands: [JSONDemand] = []
  /// What it means when one of them is not met; nil where the demand says it.
  var meaning: String?

  static let health = Expectation(content: .health)
  static let websocket = Expectation(content: .websocket)
  static let loginPage = Expectation(content: .loginPage)
  static let list = Expectation(content: .list)
  static let export = Expectation(content: .export(.csv))
  static let workbook = Expectation(content: .export(.xlsx))
  static func object(_ required: [String]) -> Expectation { Expectation(content: .object(required)) }

  var forManagers: Expectation {
    var expectation = self
    expectation.mayBeRefused = true
    return expectation
  }

  func demanding(_ demands: [JSONDemand], meaning: String? = nil) -> Expectation {
    var expectation = self
    expectation.demands += demands
    expectation.meaning = meaning
    return expectation
  }
}

/// What the dashboards' exports come as.
enum ExportFormat: String, Sendable {
  case csv, xlsx

  var contentType: String {
    self == .csv ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  }
}
