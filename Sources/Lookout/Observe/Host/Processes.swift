import Foundation

/// The processes of this machine, as far as this user may see them (proc(5)).
enum Processes {
  static var all: [pid_t] { (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? [] }

  /// With blanks between the arguments; nil for a process that is not there.
  static func commandLine(_ pid: pid_t) -> String? {
    guard let bytes = contents("/proc/\(pid)/cmdline", atMost: 4096) else { return nil }
    return String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  static func parent(of pid: pid_t) -> pid_t? {
    guard let bytes = contents("/proc/\(pid)/stat", atMost: 1024) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    // After the name, which may hold anything: state, parent …
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 1 ? pid_t(fields[1]) : nil
  }

  /// The process that opened a listening TCP port, its children aside; nil where none does or this user may not see whose it is.
  static func listener(on port: Int) -> pid_t? {
    let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningSockets($0, port: port) })
    guard !sockets.isEmpty else { return nil }
    let holders = Set(all.filter { holds(any: sockets, $0) })
    return holders.filter { parent(of: $0).map { !holders.contains($0) } ?? true }.min()
  }

  /// Inodes: `sl local_address rem_address st … inode`, state 0A being LISTEN.
  private static func listeningSockets(_ table: String, port: Int) -> [Substring] {
    let text = String(decoding: contents(table, atMost: 1 << 20) ?? [], as: UTF8.self)
    let wanted = String(port, radix: 16, uppercase: true)
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == "0A", let address = fields[1].split(separator: ":").last else { return nil }
      return address.drop { $0 == "0" } == wanted ? fields[9] : nil
    }
  }

  private static func holds(any sockets: Set<Substring>, _ pid: pid_t) -> Bool {
    let folder = "/proc/\(pid)/fd"
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return descriptors.contains { descriptor in
      var target = [CChar](repeating: 0, count: 64)
      guard readlink("\(folder)/\(descriptor)", &target, target.count - 1) > 0 else { return false }
      let name = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return name.hasPrefix("socket:[") && sockets.contains(name.dropFirst(8).dropLast())
    }
  }

  static func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = fread(&bytes, 1, limit, file)
    return Array(bytes.prefix(count))
  }
}
