import Foundation

/// Data that Prometheus' own tests and servers gave; found through ACCEPTANCE_DATA, else beside the package.
enum AcceptanceData {
  static let folder: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["ACCEPTANCE_DATA"].map { URL(filePath: $0) }
    let folder = (given ?? package.deletingLastPathComponent().appending(path: "shared")).appending(path: "promql")
    return FileManager.default.fileExists(atPath: folder.path()) ? folder : nil
  }()

  static let reason = "the acceptance data are not there: set ACCEPTANCE_DATA"

  static func text(_ path: String) throws -> String {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  static func files(in path: String, named suffixes: [String]) -> [String] {
    guard let folder, let all = FileManager.default.enumerator(atPath: folder.appending(path: path).path()) else { return [] }
    return all.compactMap { $0 as? String }.filter { file in suffixes.contains { file.hasSuffix($0) } }.sorted().map { "\(path)/\($0)" }
  }
}
