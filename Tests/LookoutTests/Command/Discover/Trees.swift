import Foundation

@testable import Lookout

/// The files of a machine in a directory that is gone afterwards; a value that begins with `->` is a link.
func withTree<Value>(_ files: [String: String], _ body: (FileTree) throws -> Value) throws -> Value {
  let root = FileManager.default.temporaryDirectory.appending(path: "lookout-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: root) }
  for (path, content) in files {
    let place = root + path
    let folder = String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if content.hasPrefix("->") {
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: String(content.dropFirst(2)))
    } else {
      try Data(content.utf8).write(to: URL(filePath: place))
    }
  }
  return try body(FileTree(root: root))
}
