import CPostgres
import Foundation

/// A connection through libpq without blocking; lives on the loop's thread, where its callers are (`nonisolated(nonsending)` keeps it
/// there), freed with its last reference.
final class PostgresConnection: @unchecked Sendable {
  private var handle: OpaquePointer?
  private let loop: EventLoop

  private init(_ handle: OpaquePointer, loop: EventLoop) {
    self.handle = handle
    self.loop = loop
  }

  deinit {
    close()
  }

  func close() {
    if let handle { PQfinish(handle) }
    handle = nil
  }

  // MARK: - Opening

  /// - Parameter address: numeric address of `settings.host`, so that libpq looks nothing up itself.
  nonisolated(nonsending) static func open(
    _ settings: Configuration.PostgreSQL, address: String?, password: String?, loop: EventLoop, until deadline: ContinuousClock.Instant
  ) async throws(PostgresFailure) -> PostgresConnection {
    let options = options(settings, address: address, password: password)
    guard let handle = start(options) else { throw .unreachable("libpq has no memory for a connection") }
    // By itself, libpq prints what the server says on standard error, where nothing but the log's lines belongs.
    PQsetNoticeReceiver(handle, { _, _ in }, nil)
    let connection = PostgresConnection(handle, loop: loop)
    try await connection.complete(until: deadline)
    return connection
  }

  private static func options(_ settings: Configuration.PostgreSQL, address: String?, password: String?) -> [(String, String)] {
    var options = [
      ("host", settings.host), ("port", String(settings.port)), ("user", settings.user), ("dbname", settings.database),
      ("sslmode", settings.tlsMode), ("gssencmode", "disable"), ("application_name", "lookout"), ("client_encoding", "UTF8"),
      ("keepalives_idle", "30"), ("tcp_user_timeout", "10000"),
      ("options", "-c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=1000"),
    ]
    if let address { options.append(("hostaddr", address)) }
    if let password { options.append(("password", password)) }
    return options
  }

  private static func start(_ options: [(String, String)]) -> OpaquePointer? {
    let strings = options.flatMap { [strdup($0.0), strdup($0.1)] }
    defer { strings.forEach { free($0) } }
    var names = stride(from: 0, to: strings.count, by: 2).map { UnsafePointer<CChar>(strings[$0]) } + [nil]
    var values = stride(from: 1, to: strings.count, by: 2).map { UnsafePointer<CChar>(strings[$0]) } + [nil]
    return PQconnectStartParams(&names, &values, 0)
  }

  private nonisolated(nonsending) func complete(until deadline: ContinuousClock.Instant) async throws(PostgresFailure) {
    var readiness = EventLoop.Readiness.writing
    while true {
      guard PQstatus(handle) != CONNECTION_BAD else { throw failure() }
      guard await loop.wait(for: PQsocket(handle), readiness, until: deadline) else {
        throw .unreachable("the server did not complete the connection in time")
      }
      switch PQconnectPoll(handle) {
      case PGRES_POLLING_OK:
        PQsetnonblocking(handle, 1)
        return
      case PGRES_POLLING_READING: readiness = .reading
      case PGRES_POLLING_WRITING: readiness = .writing
      default: throw failure()
      }
    }
  }

  // MARK: - Asking

  /// The rows of the statement's result, columns as text.
  nonisolated(nonsending) func query(_ statement: String, until deadline: ContinuousClock.Instant) async throws(PostgresFailure)
    -> [[String?]]
  {
    guard PQsendQuery(handle, statement) == 1 else { throw failure() }
    try await flush(until: deadline)
    var rows: [[String?]] = []
    var failed: PostgresFailure?
    // To the end also after an error: until then the connection takes no other statement.
    while let result = try await nextResult(until: deadline) {
      defer { PQclear(result) }
      if PQresultStatus(result) != PGRES_TUPLES_OK {
        failed = failed ?? failure(of: result)
      } else {
        let columns = 0..<PQnfields(result)
        rows += (0..<min(PQntuples(result), Self.rowLimit)).map { row in columns.map { Self.value(result, row, $0) } }
      }
    }
    if let failed { throw failed }
    return rows
  }

  /// None of our statements asks for more.
  private static let rowLimit: Int32 = 100_000

  /// Nil once the connection is known to be broken.
  var socket: Int32? { handle.flatMap { PQstatus($0) == CONNECTION_OK ? PQsocket($0) : nil } }

  /// Whether the server has closed the connection, while no statement is under way. What else it said meanwhile (that a setting has
  /// changed, say) is read and passed over.
  func isClosedByServer() -> Bool {
    guard let socket else { return true }
    if Self.bytesWait(at: socket) == true, PQconsumeInput(handle) == 0 { return true }
    return Self.bytesWait(at: socket) == nil
  }

  /// Nil at the end of the stream.
  private static func bytesWait(at socket: Int32) -> Bool? {
    var byte: UInt8 = 0
    let count = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    if count > 0 { return true }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? false : nil
  }

  /// 150003 for PostgreSQL 15.3.
  var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

  private nonisolated(nonsending) func flush(until deadline: ContinuousClock.Instant) async throws(PostgresFailure) {
    while true {
      switch PQflush(handle) {
      case 0: return
      case 1: guard await loop.wait(for: PQsocket(handle), .writing, until: deadline) else { throw giveUp() }
      default: throw failure()
      }
    }
  }

  private nonisolated(nonsending) func nextResult(until deadline: ContinuousClock.Instant) async throws(PostgresFailure) -> OpaquePointer? {
    while PQisBusy(handle) == 1 {
      guard await loop.wait(for: PQsocket(handle), .reading, until: deadline) else { throw giveUp() }
      guard PQconsumeInput(handle) == 1 else { throw failure() }
    }
    return PQgetResult(handle)
  }

  /// Tells the server to end the statement, on a thread of its own since PQcancel connects and waits.
  private func giveUp() -> PostgresFailure {
    if let cancel = PQgetCancel(handle) {
      nonisolated(unsafe) let cancel = cancel
      Thread.detachNewThread {
        var text = [CChar](repeating: 0, count: 256)
        PQcancel(cancel, &text, Int32(text.count))
        PQfreeCancel(cancel)
      }
    }
    return .unreachable("the server accepted the statement but did not answer in time")
  }

  // MARK: - What libpq says

  private func failure(of result: OpaquePointer) -> PostgresFailure {
    PostgresFailure(
      state: Self.field(result, lookout_diag_sqlstate), message: Self.field(result, lookout_diag_message) ?? failure().message)
  }

  private func failure() -> PostgresFailure {
    let message = Self.oneLine(String(cString: PQerrorMessage(handle)))
    // libpq gives no code for a refused connection; the server's message is all there is (fe-connect.c).
    let state: String? =
      if message.contains("database \"") && message.contains("\" does not exist") {
        "3D000"
      } else if message.contains("authentication failed") || message.contains("no password supplied")
        || message.contains("no pg_hba.conf entry")
      {
        "28P01"
      } else if message.contains("too many clients") || message.contains("remaining connection slots")
        || message.contains("too many connections")
      { "53300" } else { nil }
    return PostgresFailure(state: state, message: message)
  }

  private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> String? {
    guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
    return String(cString: value)
  }

  private static func field(_ result: OpaquePointer, _ code: Int32) -> String? {
    PQresultErrorField(result, code).map { oneLine(String(cString: $0)) }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: "; ").prefix(300).description
  }
}
