import CCurl
import Foundation

extension HTTPTransfer {
  /// What a request chooses beside method, headers and body. False when libcurl does not take it.
  func setChoices() -> Bool {
    if request.redirectLimit > 0 {
      lookout_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 1)
      lookout_curl_set_long(easy, CURLOPT_MAXREDIRS, request.redirectLimit)
    }
    switch request.ipVersion {
    case .any: break
    case .v4: lookout_curl_set_long(easy, CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V4))
    case .v6: lookout_curl_set_long(easy, CURLOPT_IPRESOLVE, Int(CURL_IPRESOLVE_V6))
    }
    let version = request.prefersHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    lookout_curl_set_long(easy, CURLOPT_HTTP_VERSION, version)
    if let proxy = request.proxy, lookout_curl_set_string(easy, CURLOPT_PROXY, proxy) != CURLE_OK { return false }
    if let noProxy = request.noProxy { lookout_curl_set_string(easy, CURLOPT_NOPROXY, noProxy) }
    if request.connectsOnly { lookout_curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1) }
    return setTLS() && setServerName()
  }

  /// The name is sent and must be the certificate's; the connection goes where the URL says.
  private func setServerName() -> Bool {
    guard let name = request.tls.serverName else { return true }
    guard let address = try? WebAddress(request.url) else { return false }
    let port = address.port ?? (address.scheme == "https" ? 443 : 80)
    places = curl_slist_append(nil, "\(name):\(port):\(address.host):\(port)")
    lookout_curl_set_list(easy, CURLOPT_CONNECT_TO, places)
    let rest = request.url.dropFirst(address.origin.count)
    return lookout_curl_set_string(easy, CURLOPT_URL, "\(address.scheme)://\(name):\(port)\(rest)") == CURLE_OK
  }

  /// What the server is asked for by its own name where `serverName` has taken that name's place in the URL.
  var namedHost: String? {
    guard request.tls.serverName != nil, !request.headers.contains(where: { $0.name.lowercased() == "host" }) else { return nil }
    return (try? WebAddress(request.url)).map { String($0.origin.dropFirst($0.scheme.count + 3)) }
  }

  private func setTLS() -> Bool {
    let tls = request.tls
    if !tls.verifiesServer {
      lookout_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
      lookout_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
    }
    if let certificate = tls.certificateFile {
      lookout_curl_set_string(easy, CURLOPT_SSLCERT, certificate)
      lookout_curl_set_string(easy, CURLOPT_SSLKEY, tls.keyFile ?? certificate)
    }
    if let oldest = tls.oldestVersion.curl { lookout_curl_set_long(easy, CURLOPT_SSLVERSION, oldest) }
    if tls.readsCertificates { lookout_curl_set_long(easy, CURLOPT_CERTINFO, 1) }
    return true
  }
}

extension TLSSettings.Version {
  fileprivate var curl: Int? {
    switch self {
    case .usual: nil
    case .tls10: Int(CURL_SSLVERSION_TLSv1_0)
    case .tls11: Int(CURL_SSLVERSION_TLSv1_1)
    case .tls12: Int(CURL_SSLVERSION_TLSv1_2)
    case .tls13: Int(CURL_SSLVERSION_TLSv1_3)
    }
  }
}

extension HTTPExchange {
  /// What libcurl knows when a transfer has ended.
  mutating func note(factsOf easy: UnsafeMutableRawPointer) {
    var bytes: curl_off_t = 0
    lookout_curl_get_size(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes)
    wireBytes = Int(clamping: bytes)
    var count = 0
    lookout_curl_get_long(easy, CURLINFO_REDIRECT_COUNT, &count)
    redirects = count
    peer = lookout_curl_get_string(easy, CURLINFO_PRIMARY_IP).map { String(cString: $0) } ?? ""
    let last = lookout_curl_get_string(easy, CURLINFO_EFFECTIVE_URL).map { String(cString: $0) } ?? url
    isEncrypted = last.lowercased().hasPrefix("https:")
    certificatesEnd = Self.certificatesEnd(of: easy)
  }

  private static func certificatesEnd(of easy: UnsafeMutableRawPointer) -> Double? {
    guard let certificates = lookout_curl_get_certificates(easy)?.pointee, certificates.num_of_certs > 0 else { return nil }
    var ends: [Double] = []
    for index in 0..<Int(certificates.num_of_certs) {
      var field = certificates.certinfo[index]
      while let entry = field?.pointee {
        let text = entry.data.map { String(cString: $0) } ?? ""
        if text.hasPrefix("Expire date:"), let end = seconds(ofDate: String(text.dropFirst(12))) { ends.append(end) }
        field = entry.next
      }
    }
    return ends.min()
  }

  /// As OpenSSL writes it: `Nov  8 12:00:00 2027 GMT`.
  static func seconds(ofDate text: String) -> Double? {
    let parts = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard parts.count >= 4, let month = months.firstIndex(of: String(parts[0])), let day = Int32(parts[1]), let year = Int32(parts[3])
    else {
      return nil
    }
    let clock = parts[2].split(separator: ":").compactMap { Int32($0) }
    guard clock.count == 3, (1...31).contains(day), (1900...9999).contains(year) else { return nil }
    var time = tm()
    (time.tm_year, time.tm_mon, time.tm_mday) = (year - 1900, Int32(month), day)
    (time.tm_hour, time.tm_min, time.tm_sec) = (clock[0], clock[1], clock[2])
    return Double(timegm(&time))
  }
}
