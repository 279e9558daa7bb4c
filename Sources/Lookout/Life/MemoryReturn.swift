import CProcess
import ServiceLifecycle

/// Gives the gaps that bad hours leave in the memory back to the system.
struct MemoryReturn: Service {
  let timeline: Timeline

  static let every = Duration.seconds(300)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await timeline.sleep(timeline.now() + Self.every)) != nil { lookout_give_back_gaps() }
    }
  }
}
