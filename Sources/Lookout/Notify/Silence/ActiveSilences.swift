/// The silences that hold at a moment.
struct ActiveSilences: Sendable {
  private let silences: [Silence]

  init(_ silences: [Silence] = []) {
    self.silences = silences
  }

  func mute(_ labels: [String: String]) -> Bool { silences.contains { $0.matchers.matches(labels) } }

  /// Of those that match.
  func ids(for labels: [String: String]) -> [String] { silences.filter { $0.matchers.matches(labels) }.map(\.id) }
}
