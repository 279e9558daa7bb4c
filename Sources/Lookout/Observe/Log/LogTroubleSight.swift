/// What a follower of the log saw of one thing that only the log tells.
struct LogTroubleSight: Sendable, Equatable {
  /// A fact for a person who mends it, redacted.
  struct Fact: Sendable, Equatable {
    let name: String
    let value: String
  }

  /// Why nothing is known of it now; nil while the log can be read.
  var unknown: String?
  /// How often it happened of late; 0 while nothing is wrong.
  var count: UInt64 = 0
  /// What is wrong, where something is.
  var reason: Reason
  var sentence: String
  /// How long what happened is told.
  var lasts: Duration
  var facts: [Fact] = []
}
