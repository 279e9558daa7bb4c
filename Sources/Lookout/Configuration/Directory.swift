/// Where the paths in a configuration file lead: relative ones are seen from the folder that the file lies in.
struct Directory {
  private let prefix: String
  /// Where systemd has put the service's credentials; empty elsewhere.
  private let credentials: String

  /// Written at the beginning of the path of a file that holds a secret (systemd.exec(5), "CREDENTIALS").
  static let credentialsReference = "${CREDENTIALS_DIRECTORY}"

  init(of file: String, environment: [String: String] = [:]) {
    let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
    prefix = String(folder)
    credentials = environment["CREDENTIALS_DIRECTORY"] ?? ""
  }

  func path(_ path: String) -> String { path.hasPrefix("/") ? path : prefix + path }

  /// For keys in `_file`: of all variables exactly `${CREDENTIALS_DIRECTORY}` is known there.
  func path(of node: YAMLNode) throws(ConfigurationError) -> String {
    let text = try node.nonEmptyString()
    let (reference, name) = (Self.credentialsReference, text.dropFirst(Self.credentialsReference.count))
    guard text.hasPrefix(reference + "/"), !name.contains("${") else {
      guard !text.contains("${"), !text.hasPrefix("$CREDENTIALS_DIRECTORY") else {
        throw node.error("'\(text.prefix(60))' is no path to use here: only \(reference)/NAME is replaced, at its beginning")
      }
      return path(text)
    }
    guard !credentials.isEmpty else {
      throw node.error(
        "\(reference) is not set: systemd sets it where the unit says LoadCredential=\(name.dropFirst().prefix(60)):PATH; by hand, put "
          + "CREDENTIALS_DIRECTORY=FOLDER before the command")
    }
    return credentials + name
  }
}
