import Foundation

/// An answer of one of Odoo's JSON-RPC routes, as far as judging it needs: Odoo sends it with HTTP 200 whatever happened.
struct RPCAnswer: Decodable, Sendable {
  var error: RPCError?
  var result: DashboardResult?

  /// Nil when the bytes are no JSON object. The decoder passes over bytes that are not UTF-8, which JSON must be (RFC 8259, section 8.1).
  init?(_ body: [UInt8]) {
    guard String(validating: body, as: UTF8.self) != nil else { return nil }
    guard let answer = try? JSONDecoder().decode(RPCAnswer.self, from: Data(body)) else { return nil }
    self = answer
  }
}

/// The `error` object of Odoo's `JsonRPCDispatcher`: code 100 for an expired session, 200 for everything else.
struct RPCError: Decodable, Sendable {
  struct Details: Decodable, Sendable {
    /// The exception's class with its module, `psycopg2.OperationalError`.
    var name: String?
    var message: String?
    /// The whole traceback.
    var debug: String?
  }

  var code: Int?
  var message: String?
  var data: Details?

  private enum Key: CodingKey {
    case code, message, data
  }

  var isExpiredSession: Bool { code == 100 || data?.name == "odoo.http.SessionExpiredException" }

  /// The last frame of the traceback, `controllers/main.py:11 in r2`: where to look, without the server's paths and without values.
  var lastFrame: String? {
    guard let frame = data?.debug?.split(separator: "\n").last(where: { $0.hasPrefix("  File \"") }) else { return nil }
    let parts = frame.split(separator: "\"")
    guard parts.count >= 3 else { return nil }
    let path = parts[1].split(separator: "/").suffix(3).joined(separator: "/")
    let place = parts[2].split(separator: ",").map { $0.drop { $0 == " " } }
    let line = place.first { $0.hasPrefix("line ") }?.dropFirst(5) ?? "?"
    let function = place.first { $0.hasPrefix("in ") }?.dropFirst(3) ?? "?"
    return "\(path):\(line) in \(function)"
  }
}

extension RPCError {
  /// Of an error in another form than Odoo's what can be read is taken: it is an error all the same.
  init(from decoder: any Decoder) throws {
    guard let container = try? decoder.container(keyedBy: Key.self) else {
      message = try? decoder.singleValueContainer().decode(String.self)
      return
    }
    code = try? container.decode(Int.self, forKey: .code)
    message = try? container.decode(String.self, forKey: .message)
    data = try? container.decode(Details.self, forKey: .data)
  }
}

/// What the dashboard's routes answer within `result`.
struct DashboardResult: Decodable, Sendable {
  var success: Bool?
  var error: String?
  var data: DashboardData?
  var dataIsList = false

  private enum Key: CodingKey {
    case success, error, data
  }

  init(from decoder: any Decoder) throws {
    // A route that is not the dashboard's may answer a number or a list: then there is nothing of all this in it.
    guard let container = try? decoder.container(keyedBy: Key.self) else { return }
    success = try? container.decode(Bool.self, forKey: .success)
    error = try? container.decode(String.self, forKey: .error)
    data = try? container.decode(DashboardData.self, forKey: .data)
    dataIsList = (try? container.nestedUnkeyedContainer(forKey: .data)) != nil
  }
}

/// `result.data`: which of its parts hold something. The parts themselves are not decoded.
struct DashboardData: Decodable, Sendable {
  var error: String?
  /// Names of members that are an object or a list with something in it.
  var filled: Set<String> = []
  var names: Set<String> = []

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for name in container.allKeys {
      names.insert(name.stringValue)
      if name.stringValue == "error" { error = try? container.decode(String.self, forKey: name) }
      if let object = try? container.nestedContainer(keyedBy: Name.self, forKey: name) {
        if !object.allKeys.isEmpty { filled.insert(name.stringValue) }
      } else if let list = try? container.nestedUnkeyedContainer(forKey: name), !list.isAtEnd {
        filled.insert(name.stringValue)
      }
    }
  }
}
