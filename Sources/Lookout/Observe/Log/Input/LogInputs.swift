import Glibc
import OdooLog

/// All that a log is read from: files, also those that a pattern matches as they come and go, the journal or standard input. Belongs to one
/// queue.
final class LogInputs {
  /// An input with what is between two lines of it.
  final class Entry {
    let input: any LogInput
    var scanner = LogScanner()
    /// Nil while it is in the log itself.
    var stream: LogStream?

    init(_ input: any LogInput, _ stream: LogStream? = nil) {
      (self.input, self.stream) = (input, stream)
    }
  }

  private let settings: LogSettings
  private var kept: [String: KeptPlace]
  /// Whether there was a look before: what comes later is new.
  private var hasLooked = false
  private(set) var entries: [Entry] = []

  static let mostFiles = 64

  init(_ settings: LogSettings, _ places: [KeptPlace]) {
    self.settings = settings
    kept = Dictionary(places.map { ($0.name, $0) }) { _, last in last }
    if let unit = settings.journal {
      let place = kept.removeValue(forKey: "journal of \(unit)")
      let cursor: String? = if case .journal(let cursor)? = place?.place { cursor } else { nil }
      entries.append(Entry(JournalInput(unit: unit, cursor: cursor, start: settings.start), place?.stream))
    }
    for path in settings.files {
      if path == "-" { entries.append(Entry(StandardInput())) } else if !path.isPattern { add(path, isTransient: false) }
    }
  }

  /// What else to watch for changes: files, and folders in which some may come.
  var paths: [String] { entries.map(\.input.name) + settings.files.filter(\.isPattern) }
  var descriptors: [Int32] { entries.compactMap(\.input.descriptor) }

  /// Looks for files that patterns match, and forgets those that are gone.
  func look() {
    let patterns = settings.files.filter(\.isPattern)
    guard !patterns.isEmpty else { return }
    entries.removeAll(where: \.input.isOver)
    for path in patterns.flatMap(Self.matches) where entries.count < Self.mostFiles && !isKnown(path) { add(path, isTransient: true) }
    // Those that were there at the last end and are gone now have been rotated away.
    if !hasLooked { kept = [:] }
    hasLooked = true
  }

  private func isKnown(_ path: String) -> Bool {
    if entries.contains(where: { $0.input.name == path }) { return true }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return true }
    // Rotated from one that is read: its rest is read under the old name.
    return entries.contains { entry in
      (entry.input as? LogFile)?.reads(status) == true
        || RotatedFile.isRotated(path.lastComponent, from: entry.input.name.lastComponent)
    }
  }

  private func add(_ path: String, isTransient: Bool) {
    let place = kept.removeValue(forKey: path)
    let position: LogFile.Position? = if case .file(let position)? = place?.place { position } else { nil }
    let start = hasLooked ? LogSettings.Start.beginning : settings.start
    entries.append(Entry(LogFile(path: path, resume: position, start: start, isTransient: isTransient), place?.stream))
  }

  /// What a path or a pattern of paths names now.
  static func files(_ path: String) -> [String] { path.isPattern ? matches(path) : [path] }

  /// Paths that a pattern matches, those of packed files left out, in their order.
  private static func matches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
    let all = (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    return all.filter { path in ![".gz", ".xz", ".bz2", ".zst"].contains { path.hasSuffix($0) } }
  }
}

/// An input's place, and what was between two lines there.
struct KeptPlace: Sendable, Codable, Equatable {
  let name: String
  let place: LogPlace?
  /// Nil for the one that was read last: that stands in the log itself.
  let stream: LogStream?

  static func == (one: KeptPlace, other: KeptPlace) -> Bool { one.name == other.name && one.place == other.place }
}

extension String {
  /// Whether glob(7) would look for more than this very path.
  var isPattern: Bool { contains { "*?[".contains($0) } }

  fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
