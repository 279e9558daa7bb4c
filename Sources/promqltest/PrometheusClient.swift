import Foundation
import Glibc
import PromQL

/// Asks a Prometheus on this machine.
struct PrometheusClient {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  struct Answer: Decodable {
    struct Content: Decodable {
      let resultType: String
      let result: Result
      let stats: Stats?
    }

    struct Stats: Decodable {
      let timings: [String: Double]
    }

    let status: String
    let error: String?
    let data: Content?
  }

  /// `[time, "value"]`.
  struct Point: Decodable {
    let time: Double
    let text: String

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      time = try container.decode(Double.self)
      text = try container.decode(String.self)
    }

    var value: Double { text == "+Inf" ? .infinity : text == "-Inf" ? -.infinity : Double(text) ?? .nan }
  }

  struct Element: Decodable {
    let metric: [String: String]
    let value: Point?
    let values: [Point]?
  }

  enum Result: Decodable {
    case point(Point)
    case elements([Element])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let point = try? container.decode(Point.self) {
        self = .point(point)
      } else {
        self = .elements(try container.decode([Element].self))
      }
    }
  }

  let port: UInt16

  func ask(_ path: String, _ parameters: [String: String]) throws -> Answer {
    let body = parameters.map { "\($0.key)=\(escaped($0.value))" }.joined(separator: "&")
    let head = "POST /api/v1/\(path) HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    let answer = try exchange(Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    guard let start = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Failure(description: "Prometheus gave no answer") }
    return try JSONDecoder().decode(Answer.self, from: Data(answer[start.upperBound...]))
  }

  private func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
      return isPlain ? String(decoding: [byte], as: UTF8.self) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  private func exchange(_ request: [UInt8]) throws -> [UInt8] {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard handle >= 0 else { throw Failure(description: "no socket: error \(errno)") }
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw Failure(description: "no Prometheus listens on port \(port): error \(errno)") }
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes { send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure(description: "Prometheus took no request: error \(errno)") }
      sent += count
    }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(handle, &chunk, chunk.count, 0)
      guard count > 0 else { return answer }
      answer += chunk[..<count]
    }
  }
}
