import Foundation
import Testing

/// Programs of the system that some tests need.
enum Tool {
  static func path(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// One of the programs to compare with.
  static func peer(_ name: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    let path = (environment["PEERS"] ?? (environment["TMPDIR"] ?? "/tmp") + "/lookout-peers") + "/bin/\(name)"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// The package that the tests are part of.
  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static func packageFile(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(packageRoot)/\(path)") ?? Data(), as: UTF8.self)
  }
}

extension Trait where Self == ConditionTrait {
  static func needs(_ programs: String..., from package: String) -> Self {
    let missing = programs.filter { Tool.path($0) == nil }
    return .enabled(if: missing.isEmpty, "there is no \(missing.joined(separator: ", ")): install \(package)")
  }

  static func needsPeer(_ name: String) -> Self {
    .enabled(if: Tool.peer(name) != nil, "there is no \(name) in PEERS: run `make peers`")
  }
}
