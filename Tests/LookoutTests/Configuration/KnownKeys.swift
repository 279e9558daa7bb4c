import Foundation

@testable import Lookout

/// Every key that the configuration's reader knows, learned from the reader itself: what it refuses, it names what it knows beside.
struct KnownKeys {
  private let folder: ConfigurationFolder
  private static let nonsense = "zzzzzzzzzzzzzzzzzzzzzzzz"

  init(in folder: ConfigurationFolder) {
    self.folder = folder
  }

  /// As paths: `["checks", "budgets", "page"]`, sections too.
  func all(below path: [String] = []) -> [[String]] {
    children(of: path).flatMap { key in [path + [key]] + all(below: path + [key]) }
  }

  /// Of a key that is no section there are none.
  private func children(of path: [String]) -> [String] {
    let whole = path.reversed().reduce("{\(Self.nonsense): 1}") { "{\($1): \($0)}" }
    let text =
      path.first == "odoo"
      ? Self.odoo(with: path.dropFirst(), whole) : Self.odoo + (path.isEmpty ? "\(Self.nonsense): 1\n" : Self.section(whole))
    guard let mistake = folder.mistake(text), mistake.contains("unknown key '\(Self.nonsense)'"),
      let known = mistake.range(of: "; known here: ")
    else { return [] }
    return mistake[known.upperBound...].components(separatedBy: ", ")
  }

  private static let odoo = #"odoo: {url: "http://127.0.0.1:1", database: crm, login: monitor, password_file: password}"# + "\n"

  /// `{checks: {…}}` without the outer braces.
  private static func section(_ whole: String) -> String { whole.dropFirst().dropLast() + "\n" }

  /// The section that is needed in any case, with one of its keys replaced.
  private static func odoo(with path: ArraySlice<String>, _ whole: String) -> String {
    var values = ["url": "\"http://127.0.0.1:1\"", "database": "crm", "login": "monitor", "password_file": "password"]
    if let key = path.first {
      let inner = whole.dropFirst("{odoo: {\(key): ".count).dropLast(2)
      values[key] = String(inner)
    } else {
      values[nonsense] = "1"
    }
    return "odoo: {" + values.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ") + "}\n"
  }
}

/// A file of the package, as text.
func packageFile(_ path: String) throws -> String {
  let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
  return try String(contentsOf: root.appending(path: path), encoding: .utf8)
}
