import CCurl

/// Every outgoing HTTP request of the agent, through libcurl on one loop.
actor HTTPClient {
  private let loop: EventLoop

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(loop: EventLoop) {
    self.loop = loop
  }

  /// Never throws: a failure is part of what was seen. A cancelled task ends its transfer at once.
  func perform(_ request: HTTPRequest) async -> HTTPExchange {
    guard let transfer = HTTPTransfer(request) else {
      let failure = TransportFailure(reason: .protocolError, message: "libcurl refused the request to \(request.method) \(request.url)")
      return HTTPExchange(method: request.method, url: request.url, failure: failure)
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { start(transfer, $0) }
    } onCancel: {
      loop.execute { self.loop.end(transfer.id, CURLE_ABORTED_BY_CALLBACK) }
    }
  }

  private func start(_ transfer: HTTPTransfer, _ continuation: CheckedContinuation<HTTPExchange, Never>) {
    transfer.continuation = continuation
    transfer.noteBeginning()
    // libcurl does nothing before the loop's next turn.
    loop.begin(transfer.easy) { transfer.finish($0) }
    if Task.isCancelled { loop.end(transfer.id, CURLE_ABORTED_BY_CALLBACK) }
  }
}
