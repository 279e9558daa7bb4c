/// Where notifications go: a webhook. Its URL is a secret, for the path of most webhooks is all it takes to write to a channel.
struct Receiver: Sendable, CustomStringConvertible, CustomReflectable {
  /// Of the integration; the receiver's name where that has but one.
  let name: String
  let url: String
  let timeout: Duration
  /// What else each request says; read anew for each, for a secret may change.
  let http: HTTPSettings
  private let address: WebAddress

  /// Throws where the URL is none. The URL is kept as it was written: a slash at its end may matter.
  init(name: String, url: String, timeout: Duration = .seconds(10), http: HTTPSettings = HTTPSettings()) throws(WebAddress.Mistake) {
    address = try WebAddress(url)
    self.name = name
    self.url = url
    self.timeout = timeout
    self.http = http
  }

  /// As logs may show it: `https://hooks.example.com`.
  var origin: String { address.origin }
  var description: String { "\(name) (\(origin))" }
  var customMirror: Mirror { Mirror(self, children: ["name": name, "origin": origin]) }

  /// A text that may quote the URL, as logs may show it.
  func redacted(_ text: String) -> String {
    let shown = text.replacing(url, with: origin).replacing(address.description, with: origin)
    return address.rest.isEmpty ? shown : shown.replacing(address.rest, with: "…")
  }
}
