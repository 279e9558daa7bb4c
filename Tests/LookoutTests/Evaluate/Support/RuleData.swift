import Foundation

/// Where the tests of rules find files: those of the package, and the acceptance data beside it.
enum RuleData {
  static let packageRoot = URL(filePath: #filePath).pathComponents.dropLast(5).reduce(URL(filePath: "/")) { $0.appending(path: $1) }

  /// `promql` of the acceptance data; nil where they are absent.
  static let acceptance: URL? = {
    let given = ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"].map { URL(filePath: $0) }
    let folder = (given ?? packageRoot.appending(path: "../shared")).appending(path: "promql")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static let absence = "the acceptance data are absent: set ACCEPTANCE_DATA"

  static func text(_ path: String) throws -> String {
    try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
  }

  /// The YAML files below a folder of the acceptance data, by their path in it.
  static func acceptanceFiles(_ folder: String) throws -> [(name: String, text: String)] {
    guard let root = acceptance?.appending(path: folder) else { return [] }
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
    return try names.sorted().map { ($0, try String(contentsOf: root.appending(path: $0), encoding: .utf8)) }
  }
}
