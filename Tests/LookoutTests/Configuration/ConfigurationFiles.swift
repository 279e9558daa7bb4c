import Foundation
import Testing

@testable import Lookout

/// A folder with a password file, in which configurations are read.
struct ConfigurationFolder {
  let path: String

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path).appending(path: name))
  }

  func read(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
    try write("lookout.yml", text)
    return try Configuration.read(path + "/lookout.yml", environment: environment)
  }

  /// What the error says, without the file's path: `3:7: unknown key …`.
  func mistake(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch let error as ConfigurationError {
      return error.description.replacing(path + "/lookout.yml:", with: "").replacing(path, with: "FOLDER")
    } catch {
      return "another error: \(error)"
    }
  }
}

func withConfigurationFolder<Value>(_ body: (ConfigurationFolder) throws -> Value) throws -> Value {
  let path = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  let folder = ConfigurationFolder(path: path)
  try folder.write("password", "hunter2\n")
  return try body(folder)
}

/// The five lines that are enough, and more after them.
func configurationText(_ more: String = "") -> String {
  """
  odoo:
    url: http://127.0.0.1:8069
    database: crm
    login: lookout
    password_file: password
  \(more)
  """
}
