/// Where PostgreSQL's sockets and configurations are on this machine.
struct PostgresPlace: Sendable, Equatable {
  struct Server: Sendable, Equatable {
    var directory: String
    var port: Int
    var from: String
  }

  var servers: [Server] = []

  /// Directories of Debian, of PostgreSQL's own default, and of Red Hat.
  static let socketDirectories = ["/var/run/postgresql", "/run/postgresql", "/tmp"]
  /// The name of a socket: `.s.PGSQL.5432` (PostgreSQL documentation, unix_socket_directories).
  private static let socketPrefix = ".s.PGSQL."

  init() {}

  init(_ tree: FileTree) {
    var found: [Server] = []
    for directory in Self.socketDirectories {
      for name in tree.names(in: directory) where name.hasPrefix(Self.socketPrefix) {
        guard let port = Int(name.dropFirst(Self.socketPrefix.count)) else { continue }
        found.append(Server(directory: directory, port: port, from: "the socket \(directory)/\(name)"))
      }
    }
    for file in Self.files(tree) {
      guard let text = try? tree.text(file) else { continue }
      let settings = Self.settings(text)
      let directory = settings["unix_socket_directories"]?.split(separator: ",").first.map { $0.filter { $0 != " " } }
      found.append(
        Server(
          directory: directory.flatMap { $0.isEmpty ? nil : $0 } ?? Self.socketDirectories[0],
          port: settings["port"].flatMap(Int.init) ?? 5432, from: file))
    }
    for server in found where !servers.contains(where: { $0.port == server.port }) { servers.append(server) }
  }

  func server(port: Int) -> Server? { servers.first { $0.port == port } }

  /// Debian's `/etc/postgresql/15/main/postgresql.conf`, and Red Hat's.
  private static func files(_ tree: FileTree) -> [String] {
    let debian = tree.names(in: "/etc/postgresql").flatMap { version in
      tree.names(in: "/etc/postgresql/\(version)").map { "/etc/postgresql/\(version)/\($0)/postgresql.conf" }
    }
    return (debian + ["/var/lib/pgsql/data/postgresql.conf"]).filter { tree.exists($0) }
  }

  /// `name = value # comment`, the value in quotes or not; the last one counts.
  static func settings(_ text: String) -> [String: String] {
    var settings: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.prefix { $0 != "#" }
      guard let end = words.firstIndex(where: { $0 == "=" }) else { continue }
      let name = words[..<end].filter { !$0.isWhitespace }.lowercased()
      let value = words[words.index(after: end)...].drop(while: \.isWhitespace)
      let isQuoted = value.first == "'"
      settings[name] = String(isQuoted ? value.dropFirst().prefix { $0 != "'" } : value.prefix { !$0.isWhitespace })
    }
    return settings
  }
}
