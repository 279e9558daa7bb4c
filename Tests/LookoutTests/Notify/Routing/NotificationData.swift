import Foundation

/// Data that Alertmanager's own tests and amtool gave; found through ACCEPTANCE_DATA, else beside the package.
enum NotificationData {
  static let folder: URL? = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<6 { folder.deleteLastPathComponent() }
    let given = ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"].map { URL(filePath: $0) }
    let data = (given ?? folder.appending(path: "shared")).appending(path: "alertmanager")
    return FileManager.default.fileExists(atPath: data.path()) ? data : nil
  }()

  static let absence = "the acceptance data are absent: set ACCEPTANCE_DATA"

  /// Alertmanager's own checker, where the programs to compare with are at hand.
  static let amtool: String? = {
    let environment = ProcessInfo.processInfo.environment
    let peers = environment["PEERS"] ?? (environment["TMPDIR"] ?? "/tmp") + "/lookout-peers"
    let path = peers + "/bin/amtool"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  static var configurations: [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "config-fixtures").path())
    else {
      return []
    }
    return names.sorted().map { folder.appending(path: "config-fixtures/\($0)").path() }
  }

  struct RoutingCase: Decodable {
    struct Expectation: Decodable {
      let labels: [String: String]
      let receivers: [String]
    }

    let tests: [Expectation]
  }

  /// The trees as text (JSON is YAML), with what amtool says about label sets.
  static func routingCases() throws -> [(configuration: String, tests: [RoutingCase.Expectation])] {
    guard let folder else { return [] }
    let data = try Data(contentsOf: folder.appending(path: "routing.json"))
    let cases = try JSONDecoder().decode([RoutingCase].self, from: data)
    let raw = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
    return try zip(raw, cases).map { raw, given in
      let configuration = try JSONSerialization.data(withJSONObject: raw["config"] ?? [:], options: [.withoutEscapingSlashes])
      return (String(decoding: configuration, as: UTF8.self), given.tests)
    }
  }
}
