internal import NIOCore
internal import NIOPosix

/// An Odoo 17 with the CRM executive dashboard, as seen from outside.
///
/// It serves HTTP on one port, writes Odoo's log, and takes its faults on a second port, the control door.
public struct StandIn: Sendable {
  public struct Options: Sendable {
    public var host = "127.0.0.1"
    /// 0 takes any free port, which then stays the same over a stop and a start.
    public var port = 0
    public var controlPort = 0
    /// Appended to, and opened again when it was renamed or removed; `nil` writes to stderr.
    public var logPath: String?
    public var database = "crm"
    public var login = "monitor"
    public var password = "monitor"
    public var workers = 2
    /// Where PostgreSQL has to accept a connection for the database to count as up; `nil` means it always is.
    public var databaseAddress: DatabaseAddress?
    /// Odoo's `limit_time_real`: a worker busy for longer is killed with its request.
    public var wallLimit: Duration = .seconds(120)
    /// Multiplies the time every answer takes beyond the computing itself: 1 is about a 1,000-lead Odoo, 0 is at once.
    public var pace = 1.0

    public init() {}
  }

  public enum DatabaseAddress: Sendable, Equatable {
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  /// A second user, with fewer rights than the first one.
  public static let viewer = (login: "seller", password: "seller")

  public let options: Options

  public init(options: Options) { self.options = options }

  /// Serves until the task is cancelled, and has ended within a second of that.
  ///
  /// `onListening` gets Odoo's port and the control door's, once both accept connections. Throws when a port cannot be had.
  public func run(onListening: @Sendable (_ port: Int, _ controlPort: Int) -> Void) async throws {
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      try await serve(on: loops, onListening: onListening)
    } catch {
      try? await loops.shutdownGracefully()
      if error is CancellationError { return }
      throw error
    }
    try? await loops.shutdownGracefully()
  }

  private func serve(on loops: MultiThreadedEventLoopGroup, onListening: @Sendable (Int, Int) -> Void) async throws {
    let odoo = Odoo(options, on: loops)
    let front = Door(on: loops, host: options.host, port: options.port)
    let control = Door(on: loops, host: options.host, port: options.controlPort)
    let controlPort = try await control.open()
    let port = try await front.open()
    odoo.started(port: port)
    onListening(port, controlPort)
    let faults = ControlDoor(odoo: odoo, front: front)
    await withDiscardingTaskGroup { group in
      group.addTask { await odoo.serve(front.requests) }
      group.addTask { await faults.serve(control.requests) }
      group.addTask { await Background(odoo: odoo, control: faults).run() }
    }
    odoo.stopping()
    front.end()
    control.end()
  }
}
