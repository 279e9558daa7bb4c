import Foundation

/// The files of this machine, or of one whose files lie in a directory: then links lead to where they would lead there, never out of it.
struct FileTree: Sendable {
  /// Empty for this machine.
  let root: String

  init(root: String = "") {
    self.root = root == "/" ? "" : root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// Why a file gives nothing.
  enum Trouble: Error, Equatable {
    case absent, denied, tooLarge, noFile, isBroken(String)
  }

  /// More links than this lead nowhere (path_resolution(7) allows 40).
  private static let linkLimit = 40

  /// At most `limit` bytes; never waits, whatever lies under that name.
  func bytes(_ path: String, limit: Int) throws(Trouble) -> [UInt8] {
    guard let place = place(of: path) else { throw .absent }
    let descriptor = Glibc.open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw errno == EACCES || errno == EPERM ? .denied : .absent }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .noFile }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw .denied }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
    throw .tooLarge
  }

  func text(_ path: String, limit: Int = 1 << 20) throws(Trouble) -> String {
    let bytes = try bytes(path, limit: limit)
    guard !bytes.contains(0) else { throw .isBroken("it holds NUL bytes: this is no text file") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names in a directory in order; none where it cannot be read.
  func names(in directory: String) -> [String] {
    guard let place = place(of: directory) else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
  }

  func exists(_ path: String) -> Bool { status(path) != nil }
  func isDirectory(_ path: String) -> Bool { status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }

  /// Others than owner and group may read it.
  func isReadableForAll(_ path: String) -> Bool { status(path).map { $0.st_mode & 0o004 != 0 } ?? false }

  /// Where a link leads, as that machine would say it; nil where it is none.
  func link(_ path: String) -> String? {
    guard let folder = path.lastIndex(of: "/"), let place = place(of: String(path[..<folder])) else { return nil }
    return Self.readLink(place + path[folder...])
  }

  private func status(_ path: String) -> stat? {
    var status = stat()
    guard let place = place(of: path), stat(place, &status) == 0 else { return nil }
    return status
  }

  /// Where the file lies on this machine; nil where links go round in circles.
  private func place(of path: String) -> String? {
    guard !root.isEmpty else { return path }
    var open = Array(path.split(separator: "/").map(String.init).reversed())
    var closed: [String] = []
    var links = 0
    while let name = open.popLast() {
      if name == "." { continue }
      if name == ".." {
        _ = closed.popLast()
        continue
      }
      guard let target = Self.readLink(([root] + closed + [name]).joined(separator: "/")) else {
        closed.append(name)
        continue
      }
      links += 1
      guard links <= Self.linkLimit else { return nil }
      if target.hasPrefix("/") { closed = [] }
      open += target.split(separator: "/").map(String.init).reversed()
    }
    return ([root] + closed).joined(separator: "/")
  }

  private static func readLink(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count)
    guard count > 0 else { return nil }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
