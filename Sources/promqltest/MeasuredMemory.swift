import Foundation
import PromQL

/// What ten thousand series take in memory that are written every 15 s for six hours: two in three are gauges that seldom change, the third
/// counts. (Of the agent's own series nine in ten are of the first kind.)
enum MeasuredMemory {
  private static let series = 10_000
  private static let steps: Int64 = 6 * 240
  private static let bound = 60.0

  /// Prints the figures; whether one falls short.
  static func measure() -> Bool {
    let before = resident
    var table = SeriesTable()
    let indices = (0..<series).map { number in
      table.insert(
        Labels([("__name__", "m\(number % 20)"), ("target", "crm-\(number / 500)"), ("check", "dashboard_\(number / 20 % 25)")]))
    }
    var generator = SeededGenerator(state: 7)
    var values = Array(repeating: 1.0, count: series)
    for step in 0..<steps {
      // The tick comes some milliseconds late.
      let time = 1_700_000_000_000 + step * 15_000 + Int64.random(in: 0...5, using: &generator)
      for number in 0..<series {
        if number % 3 == 0 {
          values[number] += Double(Int.random(in: 0...20, using: &generator))
        } else if (Int(step) + number) % 20 == 0 {
          values[number] = Double.random(in: 0...1, using: &generator)
        }
        let sample = Sample(time: time, value: values[number])
        table.change(indices[number]) { history in _ = history.append(sample) }
      }
    }
    let megabytes = Double(resident - before) / 1e6
    let perSample = Double(table.byteCount) / Double(steps) / Double(series)
    print("figure store_memory \(rounded(megabytes)) MB (bound \(bound) MB) \(megabytes <= bound ? "ok" : "short")")
    print("figure store_bytes_per_sample \(rounded(perSample)) B, the latest 32 to 96 of each series uncompressed")
    return megabytes > bound
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static var resident: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
  }
}
