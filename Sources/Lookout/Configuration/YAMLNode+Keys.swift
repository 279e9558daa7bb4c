import Yams

extension YAMLNode {
  /// Stands for the mark of an alias while keys are looked at; a private character that no configuration holds.
  private static let aliasMark = "\u{e000}"

  /// Refuses keys that are no plain texts. The parser compares the keys of each mapping, and a key made of aliases of aliases would take it
  /// longer than anybody waits; so the text is looked at first with each `*` replaced, when nothing in it is an alias.
  static func refuseOddKeys(_ text: String, file: String) throws {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else { return }
    guard let root = try Yams.compose(yaml: text.replacing("*", with: aliasMark)) else { return }
    var open = [root]
    while let node = open.popLast() {
      if case .sequence(let sequence) = node { open += sequence }
      guard case .mapping(let mapping) = node else { continue }
      for (key, value) in mapping {
        open.append(value)
        if case .scalar(let scalar) = key, !scalar.string.hasPrefix(aliasMark) { continue }
        throw YAMLNode(file: file, node: key).error("a key must be a text; an alias, a list or a mapping cannot be one")
      }
    }
  }
}
