import Foundation

/// A password, token or address that nobody may see: it is read where it lies each time it is used, and prints as nothing.
struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private enum Place: Sendable, Equatable {
    /// The first line of a file (`/run/credentials/…`).
    case file(String)
    /// A key of Odoo's own configuration file.
    case odooConfiguration(path: String, key: String)
    case text(String)
  }

  private let place: Place

  static func file(_ path: String) -> Secret { Secret(place: .file(path)) }
  static func odooConfiguration(_ path: String, key: String) -> Secret { Secret(place: .odooConfiguration(path: path, key: key)) }
  static func text(_ text: String) -> Secret { Secret(place: .text(text)) }

  /// The secret itself.
  func reveal() throws -> String {
    switch place {
    case .text(let text): return text
    case .odooConfiguration(let path, let key):
      guard let value = try OdooConfiguration(readingFrom: path)[key] else { throw AgentError("\(path) has no \(key)") }
      return value
    case .file(let path):
      let line = try TextFile.read(path, limit: 64 << 10).prefix { !$0.isNewline }
      guard !line.isEmpty else { throw AgentError("\(path) is empty; its first line must be the secret") }
      return String(line)
    }
  }

  /// Changes when the secret may have changed: the modification time of its file, in nanoseconds.
  var revision: Int64 {
    switch place {
    case .text: return 0
    case .file(let path), .odooConfiguration(let path, _): return TextFile.modified(path)
    }
  }

  var description: String { "<secret>" }
  var debugDescription: String { description }
  /// Without children, which `dump` would show.
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
