/// Samples of one series on their way into an evaluation; used again for the next series.
public struct SampleBuffer: ~Copyable {
  private var storage: UnsafeMutablePointer<Sample>
  private var capacity: Int
  public private(set) var count = 0
  /// When the counting behind each sample began, 0 where that is not known; empty where it is known of none.
  private(set) var startTimes: [Int64] = []

  init() {
    capacity = 1024
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  public mutating func append(_ sample: Sample) {
    if count == capacity { grow(to: count + 1) }
    storage[count] = sample
    count += 1
    if !startTimes.isEmpty { startTimes.append(0) }
  }

  /// With the time from which on the value was counted, in milliseconds; 0 where that is not known.
  public mutating func append(_ sample: Sample, countedSince start: Int64) {
    if start != 0 && startTimes.isEmpty { startTimes = Array(repeating: 0, count: count) }
    append(sample)
    if !startTimes.isEmpty { startTimes[count - 1] = start }
    if start != 0 && startTimes.isEmpty { startTimes = [start] }
  }

  public mutating func append(contentsOf samples: UnsafeBufferPointer<Sample>) {
    guard let first = samples.baseAddress else { return }
    if count + samples.count > capacity { grow(to: count + samples.count) }
    (storage + count).update(from: first, count: samples.count)
    count += samples.count
    if !startTimes.isEmpty { startTimes.append(contentsOf: repeatElement(0, count: samples.count)) }
  }

  mutating func removeAll() {
    count = 0
    if !startTimes.isEmpty { startTimes.removeAll(keepingCapacity: true) }
  }

  mutating func removeLast(downTo newCount: Int) {
    count = newCount
    if !startTimes.isEmpty { startTimes.removeLast(startTimes.count - newCount) }
  }

  /// Leaves out the markers that say that a series has ended.
  mutating func removeStaleMarkers() {
    var kept = 0
    while kept < count, !storage[kept].value.isStaleMarker { kept += 1 }
    guard kept < count else { return }
    for index in kept..<count where !storage[index].value.isStaleMarker {
      storage[kept] = storage[index]
      if !startTimes.isEmpty { startTimes[kept] = startTimes[index] }
      kept += 1
    }
    removeLast(downTo: kept)
  }

  /// Valid until the buffer changes.
  var samples: UnsafeBufferPointer<Sample> { UnsafeBufferPointer(start: storage, count: count) }

  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<Sample>.allocate(capacity: larger)
    moved.update(from: storage, count: count)
    storage.deallocate()
    storage = moved
    capacity = larger
  }
}
