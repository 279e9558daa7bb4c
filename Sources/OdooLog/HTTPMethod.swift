/// The methods of RFC 9110 and PATCH; whatever else a client made up is `other`.
public enum HTTPMethod: UInt8, Sendable, Codable, CaseIterable, CustomStringConvertible {
  case get, head, post, put, delete, connect, options, trace, patch, other

  public var description: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .connect: "CONNECT"
    case .options: "OPTIONS"
    case .trace: "TRACE"
    case .patch: "PATCH"
    case .other: "other"
    }
  }

  /// `word` holds the method's bytes, the first one lowest, and zeros.
  init(word: UInt64) {
    switch word {
    case 0x54_4547: self = .get
    case 0x5453_4F50: self = .post
    default: self = Self.rare(word)
    }
  }

  private static func rare(_ word: UInt64) -> HTTPMethod {
    switch word {
    case 0x4441_4548: .head
    case 0x54_5550: .put
    case 0x4554_454C_4544: .delete
    case 0x54_4345_4E4E_4F43: .connect
    case 0x53_4E4F_4954_504F: .options
    case 0x45_4341_5254: .trace
    case 0x48_4354_4150: .patch
    default: .other
    }
  }
}
