import PromQL

/// The text of an annotation or a rule's label: Go's text/template language with Prometheus' functions.
struct Template: Sendable {
  /// As written.
  let text: String
  private let template: GoTemplate

  /// What Prometheus puts in front of every template of a rule (rules/alerting.go); places in messages count it.
  private static let preamble =
    "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

  /// Throws for what Go's parser refuses, with the place in `text`.
  init(_ text: String) throws(TemplateError) {
    self.text = text
    do throws(TemplateError) {
      template = try GoTemplate(text.contains("{{") ? Self.preamble + text : "")
    } catch {
      throw TemplateError(message: error.message, offset: max(0, error.offset - Self.preamble.utf8.count), line: error.line)
    }
  }

  /// Whether it has no actions, and so expands to itself.
  var isLiteral: Bool { !text.contains("{{") }

  /// The functions that it calls.
  var functions: Set<String> { template.functions }

  /// What it says of an alert; where it cannot be expanded, what Prometheus says then: an alert is never lost for its text.
  func expand(with data: TemplateData, alert: String) -> String {
    if isLiteral { return text }
    let name = "__alert_\(alert)"
    do throws(GoError) {
      return try template.expand(.alert(data), as: name, with: data)
    } catch {
      return "<error expanding template: error executing template \(name): \(error.message)>"
    }
  }
}

/// A template in Go's text/template language.
struct GoTemplate: Sendable {
  let text: String
  private let nodes: [TemplateNode]
  private let defined: [String: [TemplateNode]]

  init(_ text: String) throws(TemplateError) {
    self.text = text
    var parser = TemplateParser(text) { TemplateFunction.all[$0] != nil }
    nodes = try parser.parse()
    defined = parser.defined
  }

  /// What it is made of, with the templates that are defined in it.
  var all: [TemplateNode] { nodes + defined.values.joined() }

  /// - Parameters:
  ///   - dot: what the template calls `.`.
  ///   - name: what messages call the template.
  func expand(_ dot: GoValue, as name: String, with data: TemplateData) throws(GoError) -> String {
    var execution = TemplateExecution(name: name, text: text, defined: defined, data: data)
    return try execution.run(nodes, with: dot)
  }
}

/// What the templates of an alert are given.
struct TemplateData: Sendable {
  /// Of the series, `__name__` included.
  let labels: [String: String]
  /// This agent has none.
  var externalLabels: [String: String] = [:]
  let value: Double
  let externalURL: String
  /// Milliseconds since 1970.
  var now: Int64 = 0
  /// Answers a query at that moment.
  var query: @Sendable (String) throws(GoError) -> [GoSample] = { (_) throws(GoError) in
    throw GoError("there is nothing to query here")
  }

  /// The path of `externalURL`.
  var pathPrefix: String {
    guard let scheme = externalURL.range(of: "://"), let slash = externalURL[scheme.upperBound...].firstIndex(of: "/") else { return "" }
    return String(externalURL[slash...].prefix { $0 != "?" && $0 != "#" })
  }
}
