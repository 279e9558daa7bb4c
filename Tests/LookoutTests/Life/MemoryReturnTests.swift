import CProcess
import Foundation
import Testing

@testable import Lookout

@Suite("The memory that is given back", .serialized)
struct MemoryReturnTests {
  @Test(
    "gaps between blocks that live on are the system's again",
    .enabled(if: dlsym(nil, "__asan_init") == nil && dlsym(nil, "__tsan_init") == nil, "sanitizers bring an allocator of their own"))
  func gaps() throws {
    // Of every eight pages one lives on, so that nothing can be given back from an end.
    let page = 4096
    let blocks = (0..<16_384).map { _ in UnsafeMutableRawPointer.allocate(byteCount: page, alignment: 16) }
    for block in blocks { memset(block, 1, page) }
    for (index, block) in blocks.enumerated() where index % 8 != 0 { block.deallocate() }
    defer { for (index, block) in blocks.enumerated() where index % 8 == 0 { block.deallocate() } }
    let before = try #require(SelfUsage.now().residentBytes)
    lookout_give_back_gaps()
    let after = try #require(SelfUsage.now().residentBytes)
    #expect(after < before - 30e6, "\(before) \(after)")
  }
}
