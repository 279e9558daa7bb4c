/// nginx's configuration, as far as it says which server passes on to where (https://nginx.org/en/docs/, "Configuration file's structure").
struct NginxFiles {
  static func servers(in tree: FileTree, passingTo port: Int) -> [FrontServer] {
    var upstreams: [String: [String]] = [:]
    var servers: [(Server, file: String)] = []
    for file in files(tree) {
      guard let text = try? tree.text(file) else { continue }
      var reader = Reader()
      reader.take(text)
      upstreams.merge(reader.upstreams) { $0 + $1 }
      servers += reader.servers.map { ($0, file) }
    }
    return servers.compactMap { server, file in
      guard server.passes.contains(where: { leads($0, to: port, upstreams) }) else { return nil }
      guard let name = server.names.first(where: FrontServer.isUsable) else { return nil }
      return FrontServer(name: name, isSecure: server.isSecure, port: server.port, from: "nginx, \(file)")
    }
  }

  private static func files(_ tree: FileTree) -> [String] {
    let folders = ["/etc/nginx/conf.d", "/etc/nginx/sites-enabled"]
    return (["/etc/nginx/nginx.conf"] + folders.flatMap { folder in tree.names(in: folder).map { "\(folder)/\($0)" } })
      .filter { tree.exists($0) && !tree.isDirectory($0) }
  }

  private static func leads(_ pass: String, to port: Int, _ upstreams: [String: [String]]) -> Bool {
    let name = String(pass[(pass.firstRange(of: "://")?.upperBound ?? pass.startIndex)...].prefix { $0 != "/" })
    return FrontServer.isLocal(pass, port: port) || upstreams[name]?.contains { FrontServer.isLocal($0, port: port) } == true
  }

  fileprivate struct Server {
    var names: [String] = []
    var listens: [[String]] = []
    var passes: [String] = []

    var isSecure: Bool { secureListen != nil }
    var port: Int { (secureListen ?? listens.first).flatMap { Self.port($0) } ?? 80 }

    private var secureListen: [String]? { listens.first { $0.contains("ssl") || Self.port($0) == 443 } }

    /// `443`, `*:443`, `[::]:443`
    private static func port(_ listen: [String]) -> Int? {
      listen.first.flatMap { address in Int(address.split(separator: ":").last.map(String.init) ?? "") }
    }
  }

  /// Goes through the directives; blocks in each other to any depth.
  private struct Reader {
    var upstreams: [String: [String]] = [:]
    var servers: [Server] = []
    private var blocks: [[String]] = []
    private var words: [String] = []

    mutating func take(_ text: String) {
      var tokens = Tokens(text)
      while let token = tokens.next() {
        switch token {
        case .word(let word): words.append(word)
        case .open:
          if words.first == "server", words.count == 1 { servers.append(Server()) }
          blocks.append(words)
          words = []
        case .close:
          _ = blocks.popLast()
          words = []
        case .end:
          take(words)
          words = []
        }
      }
    }

    private mutating func take(_ directive: [String]) {
      guard let name = directive.first, directive.count > 1 else { return }
      if let upstream = blocks.last, upstream.first == "upstream", upstream.count == 2, name == "server" {
        upstreams[upstream[1], default: []].append(directive[1])
      }
      guard blocks.contains(where: { $0 == ["server"] }), let last = servers.indices.last else { return }
      switch name {
      case "server_name": servers[last].names += directive.dropFirst()
      case "listen": servers[last].listens.append(Array(directive.dropFirst()))
      case "proxy_pass": servers[last].passes.append(directive[1])
      default: break
      }
    }
  }

  private enum Token {
    case word(String), open, close, end
  }

  private struct Tokens {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func next() -> Token? {
      while let character = rest.first {
        if character == "#" {
          rest = rest.drop { !$0.isNewline }
        } else if character.isWhitespace {
          rest.removeFirst()
        } else {
          return token(character)
        }
      }
      return nil
    }

    private mutating func token(_ character: Character) -> Token {
      switch character {
      case "{", "}", ";":
        rest.removeFirst()
        return character == "{" ? .open : character == "}" ? .close : .end
      case "\"", "'":
        let word = rest.dropFirst().prefix { $0 != character }
        rest = rest[word.endIndex...].dropFirst()
        return .word(String(word))
      default:
        let word = rest.prefix { !$0.isWhitespace && !";{}".contains($0) }
        rest = rest[word.endIndex...]
        return .word(String(word))
      }
    }
  }
}
