import Foundation
import Testing

@testable import Lookout

@Suite(.timeLimit(.minutes(1)))
struct PasswordQueueTests {
  /// Holds the queue's one thread until it is opened.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() -> Bool {
      semaphore.wait()
      return true
    }
    func open() { semaphore.signal() }
  }

  @Test("an address has its share of the queue, this machine all of it, and nobody more than all")
  func shares() async {
    let limits = PasswordQueue.Limits(inAll: 5, perAddress: 2)
    for (address, share) in [("192.0.2.1", 2), ("127.0.0.1", 5)] {
      let queue = PasswordQueue(limits)
      let gate = Gate()
      let answers = Board<(taken: Int, refused: Int)>((0, 0))
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<12 {
          group.addTask {
            let answer = await queue.run(from: IPAddress(address)) { gate.wait() }
            answers.update { if answer == nil { $0.refused += 1 } else { $0.taken += 1 } }
          }
        }
        while answers.latest.refused < 12 - share { await Task.yield() }
        #expect(answers.latest.taken == 0)
        for _ in 0..<share { gate.open() }
      }
      #expect(answers.latest == (share, 12 - share))
    }
  }

  @Test("one is checked at a time, and a place that was left is free")
  func oneAtATime() async {
    let queue = PasswordQueue()
    let running = Board((now: 0, most: 0))
    for _ in 0..<3 {
      await withTaskGroup(of: Bool?.self) { group in
        for number in 0..<5 {
          group.addTask {
            await queue.run(from: IPAddress("192.0.2.1")) {
              running.update { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
              usleep(1000)
              running.update { $0.now -= 1 }
              return number % 2 == 0
            }
          }
        }
        for await answer in group { #expect(answer != nil) }
      }
    }
    #expect(running.latest == (0, 1))
  }
}
