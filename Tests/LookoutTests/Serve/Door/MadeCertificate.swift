import Foundation
import Testing

/// Certificates and keys as an operator would make them, with the real openssl.
struct MadeCertificate {
  let folder: String

  /// A certificate that signs itself, in `NAME.pem` and `NAME.key`.
  /// - Parameter days: until it ends; below 0 it has ended.
  func make(_ name: String, days: Int = 2) async throws {
    try await openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost", "-keyout",
      "\(folder)/\(name).key", "-out", "\(folder)/\(name).csr")
    try await openssl(
      "x509", "-req", "-in", "\(folder)/\(name).csr", "-signkey", "\(folder)/\(name).key", "-days", "\(days)", "-out",
      "\(folder)/\(name).pem")
  }

  private func openssl(_ arguments: String...) async throws {
    let made = try await runProgram("/usr/bin/openssl", arguments, input: [])
    try #require(made.status == 0, "\(made.output.utf8Text)")
  }
}

/// A directory that is gone afterwards.
func withDirectory<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
  let path = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}
