import Foundation
import Testing

@testable import Lookout

@Suite struct GzipTests {
  @Test(
    "what is compressed comes back as it was", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip"), "no gzip here"),
    arguments: [0, 1, 500_000])
  func roundTrip(_ count: Int) async throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let compressed = try Gzip.compress(bytes)
    #expect(compressed.starts(with: [0x1f, 0x8b]))
    let back = try await runProgram("/usr/bin/gzip", ["-dc"], input: compressed)
    #expect(back.status == 0)
    #expect(back.output == bytes)
  }
}
