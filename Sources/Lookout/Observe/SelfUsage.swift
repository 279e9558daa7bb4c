import Glibc

/// What this process uses, as the kernel counts it; what it does not tell is nil.
struct SelfUsage: Sendable {
  var cpuSeconds: Double
  var residentBytes: Double?
  var virtualBytes: Double?
  var threads: Double?
  var openDescriptors: Double?
  /// Nil where there is no limit, too.
  var maximumDescriptors: Double?

  static func now() -> SelfUsage {
    let status = statusFields()
    func field(_ number: Int) -> Double? { status.count > number - 3 ? Double(status[number - 3]) : nil }
    return SelfUsage(
      cpuSeconds: usedSeconds, residentBytes: field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }, virtualBytes: field(23),
      threads: field(20), openDescriptors: openDescriptors(), maximumDescriptors: descriptorLimit)
  }

  /// Those of `/proc/self/stat` from the third on, which is the first behind the program's name (proc(5)).
  private static func statusFields() -> [Substring] {
    guard let file = fopen("/proc/self/stat", "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    return text.lastIndex(of: ")").map { text[text.index(after: $0)...].split(separator: " ") } ?? []
  }

  /// User and system time.
  private static var usedSeconds: Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func openDescriptors() -> Double? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var entries = 0
    while readdir(folder) != nil { entries += 1 }
    // Less `.`, `..` and the one that is being read.
    return Double(max(0, entries - 3))
  }

  private static var descriptorLimit: Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
    return Double(limit.rlim_cur)
  }
}
