/// Failed logins by the address they came from. Whose logins they were is not kept.
public struct FailedLogins: Sendable {
  public struct Address: Sendable, Equatable {
    public let address: String
    public internal(set) var failures: UInt64 = 0
    /// Refused without a look at the password, after too many failures.
    public internal(set) var refusals: UInt64 = 0
  }

  private static let mostAddresses = 100
  /// Of IPv6 with a zone.
  private static let longestAddress = 64

  /// By address; those beyond the limit are `other`.
  public private(set) var addresses: [String: Address] = [:]

  mutating func saw(_ message: RawSpan, isRefusal: Bool) {
    let address = Self.address(of: message, isRefusal: isRefusal)
    let kept = addresses[address] != nil || addresses.count < Self.mostAddresses ? address : "other"
    var entry = addresses[kept] ?? Address(address: kept)
    if isRefusal { entry.refusals &+= 1 } else { entry.failures &+= 1 }
    addresses[kept] = entry
  }

  /// Where a login came from; `unknown` where the message does not tell.
  static func address(of message: RawSpan, isRefusal: Bool) -> String {
    (isRefusal ? refused(message) : failed(message)) ?? "unknown"
  }

  /// `Login failed for db:DATABASE login:LOGIN from ADDRESS `: a login may hold blanks too, so from the right.
  private static func failed(_ message: RawSpan) -> String? {
    var end = message.byteCount
    while end > 0, message.byte(end - 1) == .space { end -= 1 }
    return address(message, (message.last(.space, from: 0, to: end) + 1)..<end)
  }

  /// `Login attempt ignored for ADDRESS (user '…') on DATABASE: …`
  private static func refused(_ message: RawSpan) -> String? {
    let start = "Login attempt ignored for ".utf8.count
    return address(message, start..<message.scan(start, max(start, message.byteCount), until: .space, or: .space).end)
  }

  private static func address(_ message: RawSpan, _ range: Range<Int>) -> String? {
    guard 2...longestAddress ~= range.count else { return nil }
    let bytes = message.copy(range)
    guard bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: ":")),
      bytes.allSatisfy({ $0.isHexDigit || ".:%".utf8.contains($0) })
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
