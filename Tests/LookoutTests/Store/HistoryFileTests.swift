import Foundation
import Logging
import PromQL
import Testing

@testable import Lookout

@Suite("Series over a restart")
struct HistoryFileTests {
  private let gauge = Metric(name: "g", kind: .gauge, help: "")
  private let check = CheckID(target: "crm", check: "a")

  private func withFile(_ body: (HistoryFile) async throws -> Void) async throws {
    try await withNotifyDirectory { directory in try await body(HistoryFile(path: directory + "/history")) }
  }

  private func store() -> SeriesStore {
    let store = SeriesStore(retention: .seconds(3600))
    for second in stride(from: 0, through: 600, by: 15) {
      store.replace(
        [gauge.sample(["l": "x"], Double(second))], of: check, at: notifyStart + .seconds(second), expiresAt: notifyStart + .seconds(9999))
    }
    store.record([RecordedSample(labels: ["__name__": "r"], value: 7)], of: "rule", at: notifyStart + .seconds(600))
    return store
  }

  private func keeper(_ store: SeriesStore, _ file: HistoryFile, at moment: Timestamp) -> HistoryKeeper {
    let timeline = Timeline(now: { moment }, sleep: { _ in throw CancellationError() })
    return HistoryKeeper(store: store, file: file, timeline: timeline, logger: Logger(label: "test"))
  }

  private func ask(_ query: String, _ store: SeriesStore, at seconds: Int) throws -> [Double] {
    let result = try Expression(parsing: query).evaluate(at: (notifyStart + .seconds(seconds)).milliseconds, over: store)
    guard case .vector(let elements) = result.value else { return [] }
    return elements.map(\.value)
  }

  @Test("ranges reach over the restart, nothing is said of the time between, and what is seen again goes on")
  func restart() async throws {
    try await withFile { (file) async throws in
      await keeper(store(), file, at: notifyStart + .seconds(601)).save()
      let second = SeriesStore(retention: .seconds(3600))
      keeper(second, file, at: notifyStart + .seconds(640)).takeUp()
      #expect(second.live().isEmpty)
      #expect(try ask("g", second, at: 601) == [600] && ask("g", second, at: 602) == [] && ask("g or r", second, at: 640) == [])
      #expect(try ask("max_over_time(g[1m])", second, at: 640) == [600])
      second.replace([gauge.sample(["l": "x"], 650)], of: check, at: notifyStart + .seconds(650), expiresAt: notifyStart + .seconds(9999))
      #expect(try ask("rate(g[1m])", second, at: 650).count == 1 && second.live().count == 1)
      second.record([RecordedSample(labels: ["__name__": "r"], value: 8)], of: "rule", at: notifyStart + .seconds(650))
      #expect(try ask("r", second, at: 650) == [8] && second.refused == 0)
      #expect(second.latest(["__name__": "r"]) == Sample(time: (notifyStart + .seconds(650)).milliseconds, value: 8))
    }
  }

  @Test("what nobody looks back on any more is forgotten at the first tick")
  func late() async throws {
    try await withFile { file in
      await keeper(store(), file, at: notifyStart + .seconds(601)).save()
      let second = SeriesStore(retention: .seconds(3600))
      keeper(second, file, at: notifyStart + .seconds(10_000)).takeUp()
      second.tick(at: notifyStart + .seconds(10_000))
      #expect(second.table.count == 0)
    }
  }

  @Test("a file from the future, a damaged one, a cut one and none leave the store empty")
  func unusable() async throws {
    try await withFile { file in
      func taken(at moment: Timestamp = notifyStart + .seconds(700)) -> Int {
        let store = SeriesStore(retention: .seconds(3600))
        keeper(store, file, at: moment).takeUp()
        return store.table.count
      }
      #expect(taken() == 0)
      await keeper(store(), file, at: notifyStart + .seconds(601)).save()
      #expect(taken() == 2 && taken(at: notifyStart) == 0)
      let whole = try #require(FileManager.default.contents(atPath: file.path))
      for (index, length) in [(0, whole.count - 1), (10, 20), (0, 0), (5, whole.count)] {
        var damaged = Data(whole.prefix(length))
        if index > 0 { damaged[index] ^= 0xff }
        try damaged.write(to: URL(filePath: file.path))
        #expect(taken() == 0)
      }
      try Data(whole[..<40] + [whole[40] ^ 1] + whole[41...]).write(to: URL(filePath: file.path))
      #expect(taken() == 0)
    }
  }

  @Test("the keeper writes when it ends, and a directory that is not there costs nothing but the past")
  func keeping() async throws {
    try await withFile { file in
      try await keeper(store(), file, at: notifyStart + .seconds(601)).run()
      #expect(try file.read()?.table.count == 2)
      try await keeper(store(), HistoryFile(path: "/nowhere/history"), at: notifyStart).run()
    }
  }
}
