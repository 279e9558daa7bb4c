import Foundation

/// An address of IPv4 or IPv6.
struct IPAddress: Hashable, Sendable {
  /// 4 or 16; those of IPv4 in IPv6's clothes (`::ffff:192.0.2.1`) are the 4.
  let bytes: [UInt8]

  /// From its usual notation, one of IPv6 without brackets; a zone (`%eth0`) is left out. Nil for anything else.
  init?(_ text: String) {
    let text = String(text.prefix { $0 != "%" })
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      let all = withUnsafeBytes(of: &six) { Array($0) }
      let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xff && all[11] == 0xff
      bytes = isMapped ? Array(all[12...]) : all
    } else {
      return nil
    }
  }

  var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 }

  /// What one customer of a provider has: a whole /64 of IPv6.
  var network: [UInt8] { bytes.count == 4 ? bytes : Array(bytes[..<8]) }
}
