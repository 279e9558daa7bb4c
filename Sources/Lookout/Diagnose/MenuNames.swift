/// The answer of `/web/webclient/load_menus`: menus by their numbers, each with its name in the user's language.
enum MenuNames {
  /// Those of `wanted` that are not there; nil when all are.
  static func missing(_ wanted: [String], in body: [UInt8]) -> [String]? {
    let menus = JSONValue(body)?.object?.values.compactMap { $0["name"]?.text } ?? []
    let missing = wanted.filter { !menus.contains($0) }
    return missing.isEmpty ? nil : missing
  }
}
