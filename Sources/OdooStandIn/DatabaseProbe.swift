internal import NIOCore
internal import NIOPosix

/// Whether PostgreSQL accepts a connection, asked anew for every request that needs it.
final class DatabaseProbe: Sendable {
  private static let patience = TimeAmount.milliseconds(300)

  let address: StandIn.DatabaseAddress?
  private let loops: any EventLoopGroup

  init(_ address: StandIn.DatabaseAddress?, on loops: any EventLoopGroup) {
    self.address = address
    self.loops = loops
  }

  func isUp() async -> Bool {
    guard let address else { return true }
    let bootstrap = ClientBootstrap(group: loops).connectTimeout(Self.patience)
    let channel =
      switch address {
      case .tcp(let host, let port): try? await bootstrap.connect(host: host, port: port).get()
      case .unix(let path): try? await bootstrap.connect(unixDomainSocketPath: path).get()
      }
    try? await channel?.close().get()
    return channel != nil
  }

  /// What libpq says when nobody listens.
  var refusal: String {
    switch address {
    case .tcp(let host, let port):
      "connection to server at \"\(host)\", port \(port) failed: Connection refused\n"
        + "\tIs the server running on that host and accepting TCP/IP connections?\n"
    case .unix(let path):
      "connection to server on socket \"\(path)\" failed: No such file or directory\n"
        + "\tIs the server running locally and accepting connections on that socket?\n"
    case nil: ""
    }
  }

  /// As in Odoo's start-up line `database: user@host:port`.
  var name: String {
    switch address {
    case .tcp(let host, let port): "odoo@\(host):\(port)"
    case .unix, nil: "odoo@default:default"
    }
  }
}
