import Foundation

/// A rule file, gone through.
struct RuleFileExamination {
  /// Each with its place, one a line.
  private(set) var mistakes: [String] = []
  private(set) var groups = 0
  private(set) var rules = 0

  static let standardInput = "-"

  /// - Parameter path: a file, or `-` for standard input.
  init(_ path: String) {
    do {
      let isInput = path == Self.standardInput
      let text = try isInput ? Self.input() : TextFile.read(path, limit: YAMLNode.sizeLimit)
      let set = try RuleSet.load(text, file: isInput ? "<stdin>" : path)
      (groups, rules) = (set.groups.count, set.rules.count)
    } catch let error as RuleFileErrors {
      mistakes = error.errors.map(\.description)
    } catch {
      mistakes = ["\(error)"]
    }
  }

  private static func input() throws -> String {
    let bytes = try FileHandle.standardInput.read(upToCount: YAMLNode.sizeLimit + 1) ?? Data()
    guard bytes.count <= YAMLNode.sizeLimit else { throw AgentError("standard input is larger than \(YAMLNode.sizeLimit >> 20) MiB") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
