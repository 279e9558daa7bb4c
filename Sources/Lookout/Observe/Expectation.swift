/// What a right answer looks like.
struct Expectation: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    /// Status 200 and a JSON object whose `status` is `pass`.
    case health
    /// HTML with Odoo's login form.
    case loginPage
    /// JSON-RPC with `result.success` and a list in `result.data`, which may be empty.
    case list
    /// JSON-RPC with `result.success`, no `result.data.error`, and the named parts of `result.data` not empty.
    case object([String])
    /// A CSV file with figures in it.
    case export
  }

  let content: Content
  /// Odoo may refuse this user: the route is for sales managers.
  var mayBeRefused = false

  static let health = Expectation(content: .health)
  static let loginPage = Expectation(content: .loginPage)
  static let list = Expectation(content: .list)
  static let export = Expectation(content: .export)
  static func object(_ required: [String]) -> Expectation { Expectation(content: .object(required)) }

  var forManagers: Expectation { Expectation(content: content, mayBeRefused: true) }
}
