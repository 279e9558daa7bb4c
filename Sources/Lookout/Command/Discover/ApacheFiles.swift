/// Apache's virtual hosts, as far as they say which passes on to where (https://httpd.apache.org/docs/2.4/mod/mod_proxy.html).
struct ApacheFiles {
  static func servers(in tree: FileTree, passingTo port: Int) -> [FrontServer] {
    files(tree).flatMap { file in
      ((try? tree.text(file)).map(hosts) ?? []).compactMap { host in
        guard host.targets.contains(where: { FrontServer.isLocal($0, port: port) }), FrontServer.isUsable(host.name) else { return nil }
        return FrontServer(name: host.name, isSecure: host.isSecure, port: host.port, from: "Apache, \(file)")
      }
    }
  }

  private static func files(_ tree: FileTree) -> [String] {
    let folders = ["/etc/apache2/sites-enabled", "/etc/apache2/conf-enabled", "/etc/httpd/conf.d"]
    return folders.flatMap { folder in tree.names(in: folder).map { "\(folder)/\($0)" } }.filter { !tree.isDirectory($0) }
  }

  private struct Host {
    var name = ""
    var port = 80
    var hasTLS = false
    var targets: [String] = []

    var isSecure: Bool { hasTLS || port == 443 }
  }

  private static func hosts(_ text: String) -> [Host] {
    var hosts: [Host] = []
    var open: Host?
    for line in text.split(whereSeparator: \.isNewline) {
      let words = CommandWords.split(String(line))
      guard let directive = words.first?.lowercased(), !directive.hasPrefix("#") else { continue }
      switch directive {
      case "<virtualhost":
        open = Host()
        let address = words.last?.filter { $0 != ">" } ?? ""
        open?.port = Int(address.split(separator: ":").last.map(String.init) ?? "") ?? 80
      case "</virtualhost>":
        if let host = open { hosts.append(host) }
        open = nil
      case "servername": open?.name = words.dropFirst().first.map(Self.host) ?? ""
      case "sslengine": open?.hasTLS = words.dropFirst().first?.lowercased() == "on"
      case "proxypass", "proxypassmatch", "rewriterule", "balancermember":
        open?.targets += words.dropFirst().filter { $0.contains("://") }
      default: break
      }
    }
    return hosts
  }

  /// Without scheme and port, which a ServerName may have.
  private static func host(_ name: String) -> String {
    let start = name.firstRange(of: "://")?.upperBound ?? name.startIndex
    return String(name[start...].prefix { $0 != ":" && $0 != "/" })
  }
}
