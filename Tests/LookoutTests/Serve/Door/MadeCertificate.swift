import Testing

/// Certificates and keys as an operator would make them, with the real openssl.
struct MadeCertificate {
  let folder: String

  /// A certificate that signs itself, in `NAME.pem` and `NAME.key`.
  func make(_ name: String, subject: String = "localhost", days: Int = 2) async throws {
    try await openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(subject)",
      "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "\(days)", "-keyout", "\(folder)/\(name).key", "-out",
      "\(folder)/\(name).pem")
  }

  private func openssl(_ arguments: String...) async throws {
    let made = try await runProgram("/usr/bin/openssl", arguments, input: [])
    try #require(made.status == 0, "\(made.output.utf8Text)")
  }
}
