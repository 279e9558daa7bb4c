/// A web server that passes requests on to an Odoo.
struct FrontServer: Sendable, Equatable {
  let name: String
  let isSecure: Bool
  let port: Int
  /// `nginx, /etc/nginx/sites-enabled/odoo`
  let from: String

  var url: String {
    let isUsual = port == (isSecure ? 443 : 80)
    return "\(isSecure ? "https" : "http")://\(name)" + (isUsual ? "" : ":\(port)")
  }

  /// Of those that pass on to that port of this machine the one that users are meant to come to.
  static func find(in tree: FileTree, passingTo port: Int) -> FrontServer? {
    let all = NginxFiles.servers(in: tree, passingTo: port) + ApacheFiles.servers(in: tree, passingTo: port)
    return all.first(where: \.isSecure) ?? all.first
  }

  /// Names that a person could open: no pattern, no catch-all.
  static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && name != "_" && name != "localhost" && (try? WebAddress("http://\(name)")) != nil
  }

  /// Whether a URL or an address leads to that port of this machine.
  static func isLocal(_ address: String, port: Int) -> Bool {
    let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
    let authority = address[start...].prefix { $0 != "/" }
    return ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.0.1.1"].contains { authority == "\($0):\(port)" }
  }
}
