import Testing

@testable import Lookout

@Suite struct CredentialTests {
  private func text(_ passwordFile: String) -> String {
    configurationText().replacing("password_file: password", with: "password_file: \(passwordFile)")
  }

  @Test("${CREDENTIALS_DIRECTORY} at the beginning of a secret's path is where systemd has put the credentials")
  func replaced() throws {
    try withConfigurationFolder { folder in
      try folder.write("odoo.password", "from systemd\n")
      try folder.write("webhook", "https://hooks.example.com/x\n")
      let environment = ["CREDENTIALS_DIRECTORY": folder.path]
      let more = "notify: {webhook_file: \"${CREDENTIALS_DIRECTORY}/webhook\"}\n"
      let configuration = try folder.read(text("${CREDENTIALS_DIRECTORY}/odoo.password") + "\n" + more, environment: environment)
      #expect(try configuration.targets[0].odoo.password.reveal() == "from systemd")
      #expect(try configuration.webhooks[0].url.reveal() == "https://hooks.example.com/x")
    }
  }

  @Test(
    "what cannot be replaced is said with its place and what to do",
    arguments: [
      (
        "${CREDENTIALS_DIRECTORY}/odoo.password",
        "${CREDENTIALS_DIRECTORY} is not set: systemd sets it where the unit says LoadCredential=odoo.password:PATH"
      ),
      ("${HOME}/odoo.password", "only ${CREDENTIALS_DIRECTORY}/NAME is replaced"),
      ("/etc/${CREDENTIALS_DIRECTORY}/x", "only ${CREDENTIALS_DIRECTORY}/NAME is replaced"),
      ("$CREDENTIALS_DIRECTORY/odoo.password", "only ${CREDENTIALS_DIRECTORY}/NAME is replaced"),
      ("${CREDENTIALS_DIRECTORY}/${X}", "only ${CREDENTIALS_DIRECTORY}/NAME is replaced"),
    ])
  func refused(written: String, says: String) throws {
    try withConfigurationFolder { folder in
      let mistake = try #require(folder.mistake(text("\"\(written)\"")))
      #expect(mistake.hasPrefix("5:18: ") && mistake.contains(says), "\(mistake)")
    }
  }

  @Test("a dollar sign elsewhere is part of a name, and a credential that is not there is said")
  func others() throws {
    try withConfigurationFolder { folder in
      try folder.write("pass$word", "x\n")
      #expect(folder.mistake(text("pass$word")) == nil)
      #expect(throws: ConfigurationError.self) {
        try folder.read(text("${CREDENTIALS_DIRECTORY}/none"), environment: ["CREDENTIALS_DIRECTORY": folder.path])
      }
    }
  }
}
