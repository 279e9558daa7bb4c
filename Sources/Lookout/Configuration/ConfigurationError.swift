/// What is wrong in a file that a person wrote, where, and what would be right.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  let file: String
  /// Counted from 1; nil where the file as a whole is meant (it is missing, say).
  var line: Int?
  /// Counted from 1, in characters.
  var column: Int?
  let message: String
  /// The key that is missing, where that is what is wrong.
  var missingKey: String?

  /// `lookout.yml:3:7: unknown key 'intervall'; did you mean 'interval'?`
  var description: String {
    let place = [line, column].compactMap { $0.map(String.init) }
    return ([file] + place).joined(separator: ":") + ": " + message
  }
}
