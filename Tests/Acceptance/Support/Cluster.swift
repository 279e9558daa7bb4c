import Testing

@testable import Lookout

/// The PostgreSQL that the tests of one suite share; a test that stops it starts it again.
enum Cluster {
  @TaskLocal static var shared: PrivateCluster?

  static func current() throws -> PrivateCluster {
    guard let shared else { throw NeverHappened(description: "the suite has no trait .sharedCluster") }
    return shared
  }

  /// With the database of the demo's Odoo in it.
  static func with(_ body: (PrivateCluster) async throws -> Void) async throws {
    try await withPrivateCluster { cluster in
      try await DemoDatabase.create(in: cluster)
      try await body(cluster)
    }
  }
}

/// Gives a suite a cluster of its own for as long as its tests run.
struct SharedCluster: SuiteTrait, TestScoping {
  func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
    guard Built.lookout != nil else { return try await function() }
    try await Cluster.with { cluster in
      try await Cluster.$shared.withValue(cluster) { try await function() }
    }
  }
}

extension Trait where Self == SharedCluster {
  static var sharedCluster: Self { Self() }
}

extension Trait where Self == ConditionTrait {
  /// These tests run the program as users get it, so there must be one.
  static var needsProgram: Self { .enabled(if: Built.lookout != nil, Comment(rawValue: Built.absence)) }
}
