import NIOSSL

/// A certificate in force, and the files that it came from.
struct DoorCertificate: Sendable {
  let settings: ServerTLS
  /// Of the files, when they were read.
  let revision: [Int64]
  let context: NIOSSLContext

  init(_ settings: ServerTLS) throws {
    self.settings = settings
    // Before the files are read, so that a change meanwhile is seen as one.
    revision = settings.revision
    do throws(ServerTLS.Mistake) {
      context = try settings.context()
    } catch {
      throw AgentError(error.message)
    }
  }
}
