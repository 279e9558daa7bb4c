internal import NIOCore

/// How a request gets a worker, its answer and its line in the log.
extension Odoo {
  /// Serves in the order of arrival, as many at once as there are workers.
  func serve(_ requests: AsyncStream<Exchange>) async {
    var idle = workers.idle.makeAsyncIterator()
    await withDiscardingTaskGroup { group in
      for await exchange in requests {
        guard let slot = await idle.next() else { break }
        let worker = workers.worker(in: slot)
        group.addTask { await self.serve(exchange, by: worker) }
      }
      group.cancelAll()
    }
  }

  private func serve(_ exchange: Exchange, by worker: Workers.Worker) async {
    let limit = options.wallLimit
    let inTime = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await self.attend(exchange, pid: worker.pid)
        return true
      }
      group.addTask { (try? await Task.sleep(for: limit)) == nil }
      let inTime = await group.next() ?? true
      if !inTime { exchange.channel.close(promise: nil) }
      group.cancelAll()
      return inTime
    }
    try? await exchange.channel.close().get()
    if inTime { workers.release(worker) } else { kill(worker) }
  }

  /// What the master does to a worker that is over `limit_time_real`: no access line, the path stays unknown.
  private func kill(_ worker: Workers.Worker) {
    let seconds = options.wallLimit.components.seconds
    server(.error, "WorkerHTTP (\(worker.pid)) timeout after \(seconds)s", pid: workers.master)
    alive(workers.replace(worker))
  }

  private func attend(_ exchange: Exchange, pid: Int) async {
    let start = ContinuousClock.now
    let request = exchange.request
    guard await hold(request, since: start) else { return }
    let answer = await answer(to: request)
    if case .nothing = answer.body { return }
    guard await linger(answer.cost.seconds * options.pace, since: start, striking: request.path) else { return }
    for record in answer.records { log.write(record, pid: pid) }
    account(for: answer, to: request, pid: pid, seconds: (ContinuousClock.now - start) / .seconds(1))
    await Delivery(channel: exchange.channel, bare: request.method == "HEAD").send(answer)
  }

  /// Holds the request while Odoo hangs; false when the worker was killed meanwhile.
  private func hold(_ request: Request, since start: ContinuousClock.Instant) async -> Bool {
    if faults.strikes(.hanging, request.path) != nil { faults.count(.hanging) }
    while faults.strikes(.hanging, request.path) != nil {
      if (try? await Task.sleep(for: .milliseconds(20))) == nil { return false }
    }
    return !Task.isCancelled
  }

  /// Takes its time over an answer, and more where the fault `slow` strikes; that one ends as soon as it is off.
  private func linger(_ seconds: Double, since start: ContinuousClock.Instant, striking path: String) async -> Bool {
    if (try? await Task.sleep(until: start + .seconds(seconds), clock: .continuous)) == nil { return false }
    if faults.strikes(.slow, path) != nil { faults.count(.slow) }
    while let slow = faults.strikes(.slow, path), ContinuousClock.now - start < .seconds(seconds + (slow.seconds ?? 3)) {
      let left = .seconds(seconds + (slow.seconds ?? 3)) - (ContinuousClock.now - start)
      if (try? await Task.sleep(for: min(left, .milliseconds(50)))) == nil { return false }
    }
    return true
  }

  /// The access line. Written before the answer goes out, as Werkzeug does when it sends the status.
  private func account(for answer: Answer, to request: Request, pid: Int, seconds: Double) {
    let now = Stamp.now()
    let total = Int((seconds * 1000).rounded())
    let extra = faults.strikes(.slow, request.path) == nil ? 0 : max(0, seconds - answer.cost.seconds * options.pace)
    let sql = answer.cost.queries == 0 ? 0 : Int(((seconds - extra) * answer.cost.sql + extra) * 1000)
    let performance = "\(answer.cost.queries) \((Double(sql) / 1000).thousandths) \((Double(max(0, total - sql)) / 1000).thousandths)"
    let line = "\(request.address) - - [\(now.access)] \"\(request.method) \(request.target.printable) HTTP/1.1\" \(answer.status.code) -"
    log.write(Record(logger: "werkzeug", message: line, database: answer.database), pid: pid, performance: performance, at: now)
  }

  private func answer(to request: Request) async -> Answer {
    switch request.flaw {
    case .syntax: return .text(Page.error(.badRequest, "Bad request syntax"), .badRequest, cost: .nothing)
    case .tooLarge: return .text(Page.error(.tooLarge, "The data value transmitted exceeds the capacity limit."), .tooLarge, cost: .nothing)
    case nil: break
    }
    if faults.strikes(.emptyReply, request.path) != nil {
      faults.count(.emptyReply)
      return Answer(status: .ok, body: .nothing, cost: .nothing)
    }
    if faults.isOn(.sessionExpired) { sessions.forgetAll() }
    let visit = Visit(odoo: self, request: request, now: .now())
    if let answer = visit.brokenOnTheWire() { return answer }
    return await database.isUp() ? visit.answer() : visit.answerWithoutDatabase()
  }
}

extension String {
  /// Control characters as escapes, for a line of the log is one line.
  fileprivate var printable: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.value < 0x20 || scalar.value == 0x7F {
        text += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}
