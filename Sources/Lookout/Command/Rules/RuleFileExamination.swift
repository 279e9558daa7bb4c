import Foundation

/// A rule file, gone through.
struct RuleFileExamination {
  /// Each with its place, one a line.
  private(set) var mistakes: [String] = []
  /// What is allowed but unwise.
  private(set) var findings: [RuleLint.Finding] = []
  private(set) var groups = 0
  private(set) var rules = 0

  static let standardInput = "-"

  /// - Parameters:
  ///   - path: a file, or `-` for standard input.
  ///   - known: names of series that other files record.
  init(_ path: String, known: Set<String> = []) {
    do {
      let set = try Self.read(path)
      (groups, rules) = (set.groups.count, set.rules.count)
      var lint = RuleLint()
      lint.exposed.formUnion(known)
      findings = lint.findings(in: set)
    } catch let error as RuleFileErrors {
      mistakes = error.errors.map(\.description)
    } catch {
      mistakes = ["\(error)"]
    }
  }

  private static func read(_ path: String) throws -> RuleSet {
    let isInput = path == standardInput
    let text = try isInput ? input() : TextFile.read(path, limit: YAMLNode.sizeLimit)
    return try RuleSet.load(text, file: isInput ? "<stdin>" : path)
  }

  /// The names of the series that a file records; none where it cannot be read.
  static func recorded(by path: String) -> Set<String> {
    guard path != standardInput, let set = try? read(path) else { return [] }
    return Set(set.rules.compactMap(\.recording?.name))
  }

  private static func input() throws -> String {
    let bytes = try FileHandle.standardInput.read(upToCount: YAMLNode.sizeLimit + 1) ?? Data()
    guard bytes.count <= YAMLNode.sizeLimit else { throw AgentError("standard input is larger than \(YAMLNode.sizeLimit >> 20) MiB") }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension RuleLint.Finding: CustomStringConvertible {
  var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(kind.rawValue): \(message)" }
}
