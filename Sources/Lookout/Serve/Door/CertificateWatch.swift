import Foundation
import Logging
import ServiceLifecycle

/// Takes up a renewed certificate when its files change. New connections have it; those that are open keep the one they began with.
struct CertificateWatch: Service {
  let door: Door
  let timeline: Timeline
  let logger: Logger
  private let files = BlockingQueue("certificate")
  /// Of the files that could not be used when they were last looked at.
  private let refused = Board<[Int64]?>(nil)

  /// Of the looks; they cost a `stat` for each file.
  static let interval = Duration.seconds(10)

  init(door: Door, timeline: Timeline, logger: Logger) {
    (self.door, self.timeline, self.logger) = (door, timeline, logger)
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      warnOfExpiry()
      while !Task.isCancelled {
        do { try await timeline.sleep(timeline.now() + Self.interval) } catch { break }
        await look()
      }
    }
  }

  func look() async {
    guard let certificate = door.certificate else { return }
    let revision = await files.run { certificate.settings.revision }
    // A file that is missing for a moment is being replaced.
    guard revision != certificate.revision, revision != refused.latest, !revision.contains(0) else { return }
    switch await files.run({ Result { try DoorCertificate(certificate.settings) } }) {
    case .success(let renewed):
      door.renew(renewed)
      refused.post(nil)
      logger.notice("the certificate was read again", metadata: ["file": "\(renewed.settings.certificateFile)"])
      warnOfExpiry()
    case .failure(let error):
      refused.post(revision)
      logger.error("the new certificate cannot be used; the one before stays in force", metadata: ["error": "\(error)"])
    }
  }

  private func warnOfExpiry() {
    guard let settings = door.certificate?.settings, let day = settings.expired(at: Date()) else { return }
    logger.warning("the certificate has expired: browsers refuse it", metadata: ["file": "\(settings.certificateFile)", "on": "\(day)"])
  }
}
