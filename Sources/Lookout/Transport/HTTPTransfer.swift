import CCurl

/// One request under way: libcurl's handle, and what its callbacks have gathered. Lives on the loop's thread.
final class HTTPTransfer: @unchecked Sendable {
  let easy: UnsafeMutableRawPointer
  var id: EventLoop.TransferID { EventLoop.TransferID(bitPattern: easy) }
  var continuation: CheckedContinuation<HTTPExchange, Never>?

  let request: HTTPRequest
  private var exchange: HTTPExchange
  private var headerBytes = 0
  private var headersEnded = false
  private var overrun: TransportFailure?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  var places: UnsafeMutablePointer<curl_slist>?
  private var errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// All headers of one answer together; Odoo's are below 1 kB.
  static let headerLimit = 64 << 10

  /// Nil when libcurl does not take the request.
  init?(_ request: HTTPRequest) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.request = request
    exchange = HTTPExchange(method: request.method, url: request.url)
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard configure() else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    curl_slist_free_all(places)
    errorText.deallocate()
  }

  func noteBeginning() { exchange.beganAt = WallClock.now() }

  func finish(_ result: CURLcode) {
    exchange.failure = overrun ?? failure(result)
    exchange.phases = HTTPExchange.Phases(of: easy)
    exchange.note(factsOf: easy)
    continuation?.resume(returning: exchange)
    continuation = nil
  }

  private func failure(_ result: CURLcode) -> TransportFailure? {
    // libcurl takes the end of the connection for the end of the headers.
    if result == CURLE_OK, !headersEnded, !request.connectsOnly {
      return TransportFailure(reason: .protocolError, message: "no whole answer: its headers break off")
    }
    return TransportFailure(curl: result, text: String(cString: errorText), request: request, hasStatus: exchange.status != 0)
  }

  // MARK: - Setting up

  private func configure() -> Bool {
    set(CURLOPT_NOSIGNAL, 1)
    // Without it a name server that never answers blocks curl_multi_remove_handle, and with it every other transfer, for 10 s.
    set(CURLOPT_QUICK_EXIT, 1)
    // One bundle, parsed once and cached in the multi handle: Debian's CAPATH would be read anew for each handshake (18 ms of CPU).
    set(CURLOPT_CAPATH, nil)
    set(CURLOPT_CAINFO, request.tls.trustFile ?? "/etc/ssl/certs/ca-certificates.crt")
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // Each transfer has a buffer of its own, 16 KiB unless it is told otherwise; most answers here are smaller than this.
    set(CURLOPT_BUFFERSIZE, 2048)
    set(CURLOPT_ACCEPT_ENCODING, request.acceptEncoding ?? "")
    set(CURLOPT_USERAGENT, "Lookout/\(Version.number)")
    set(CURLOPT_TIMEOUT_MS, Int(clamping: request.timeout.milliseconds))
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: request.timeout.milliseconds))
    if !request.reusesConnection {
      set(CURLOPT_FRESH_CONNECT, 1)
      set(CURLOPT_FORBID_REUSE, 1)
    }
    lookout_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    setCallbacks()
    return setRequest()
  }

  private func setRequest() -> Bool {
    guard lookout_curl_set_string(easy, CURLOPT_URL, request.url) == CURLE_OK, setChoices() else { return false }
    if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.method != "GET" || !request.body.isEmpty {
      set(CURLOPT_POSTFIELDSIZE, request.body.count)
      // Copied by libcurl, so the array need not stay where it is.
      _ = request.body.withUnsafeBytes { bytes in
        lookout_curl_set_pointer(
          easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(easy)))
      }
      set(CURLOPT_CUSTOMREQUEST, request.method)
    }
    for (name, value) in request.headers { headerList = curl_slist_append(headerList, "\(name): \(value)") }
    if let host = namedHost { headerList = curl_slist_append(headerList, "Host: \(host)") }
    // No "Expect: 100-continue" round trip for larger bodies.
    headerList = curl_slist_append(headerList, "Expect:")
    return lookout_curl_set_list(easy, CURLOPT_HTTPHEADER, headerList) == CURLE_OK
  }

  private func setCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    lookout_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    lookout_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    lookout_curl_set_bytes_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      HTTPTransfer.from(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    lookout_curl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      HTTPTransfer.from(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer {
    guard let context else { preconditionFailure("libcurl handed back no context") }
    return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  private func set(_ option: CURLoption, _ value: Int) { lookout_curl_set_long(easy, option, value) }
  private func set(_ option: CURLoption, _ value: String?) { lookout_curl_set_string(easy, option, value) }

  // MARK: - What comes in

  /// Returns the bytes taken; anything else ends the transfer.
  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    guard headerBytes <= Self.headerLimit else {
      overrun = TransportFailure(reason: .tooLarge, message: "the headers of the answer are larger than \(Self.headerLimit >> 10) KiB")
      return 0
    }
    let line = String(decoding: bytes, as: UTF8.self)
    headersEnded = line.allSatisfy(\.isNewline)
    if line.hasPrefix("HTTP/") {
      exchange.headers = []
      exchange.version = String(line.dropFirst(5).prefix { $0 != " " && !$0.isNewline })
      exchange.status = line.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      exchange.headers.append((String(line[..<colon]), String(value.prefix { !$0.isNewline })))
    }
    return bytes.count
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    exchange.bodyBytes += bytes.count
    guard exchange.bodyBytes <= request.bodyLimit else {
      overrun = TransportFailure(reason: .tooLarge, message: "the answer is larger than \(request.bodyLimit >> 10) KiB")
      return 0
    }
    let room = request.keptBytes - exchange.body.count
    if room > 0 { exchange.body.append(contentsOf: bytes.prefix(room)) }
    return bytes.count
  }
}

extension HTTPExchange.Phases {
  /// libcurl counts every time from the start of the transfer; a phase is the difference of two.
  init(of easy: UnsafeMutableRawPointer) {
    func seconds(_ info: CURLINFO) -> Double {
      var microseconds: curl_off_t = 0
      lookout_curl_get_time(easy, info, &microseconds)
      return Double(microseconds) / 1e6
    }
    let marks = [
      CURLINFO_NAMELOOKUP_TIME_T, CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T, CURLINFO_STARTTRANSFER_TIME_T,
    ].map(seconds)
    total = seconds(CURLINFO_TOTAL_TIME_T)
    resolve = marks[0]
    connect = max(0, marks[1] - marks[0])
    tls = marks[2] > 0 ? max(0, marks[2] - marks[1]) : 0
    let ready = max(marks[1], marks[2])
    processing = marks[3] > 0 ? max(0, marks[3] - ready) : max(0, total - ready)
    transfer = marks[3] > 0 ? max(0, total - marks[3]) : 0
  }
}
