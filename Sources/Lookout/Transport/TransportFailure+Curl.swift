import CCurl

extension TransportFailure {
  /// Nil for a transfer that ended well. `text` is libcurl's own account of the failure.
  init?(curl result: CURLcode, text: String, request: HTTPRequest, hasStatus: Bool) {
    guard result != CURLE_OK else { return nil }
    let detail = text.isEmpty ? String(cString: curl_easy_strerror(result)) : text
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      self.init(reason: .dns, message: "the name could not be resolved: \(detail)")
    case CURLE_COULDNT_CONNECT:
      self.init(reason: .connect, message: "no connection: \(detail)")
    case CURLE_OPERATION_TIMEDOUT where text.hasPrefix("Resolving timed out"):
      self.init(reason: .dns, message: "no name server answered within \(request.timeout.inSeconds.formatted()) s")
    case CURLE_OPERATION_TIMEDOUT:
      self.init(reason: .timeout, message: "no answer within \(request.timeout.inSeconds.formatted()) s: \(detail)")
    case CURLE_GOT_NOTHING where !hasStatus, CURLE_RECV_ERROR where !hasStatus:
      self.init(reason: .emptyReply, message: "the connection was closed without a byte of an answer")
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER:
      self.init(reason: .tls, message: "no secure connection: \(detail)")
    case CURLE_OUT_OF_MEMORY where hasStatus:
      // What libcurl says of a line of more than 100 KiB (CURL_MAX_HTTP_HEADER).
      self.init(reason: .tooLarge, message: "a header of the answer is larger than 100 KiB")
    case CURLE_ABORTED_BY_CALLBACK:
      self.init(reason: .protocolError, message: "the look was cancelled")
    default:
      self.init(reason: .protocolError, message: "no whole answer: \(detail)")
    }
  }
}
