import PromQL

struct ScriptReader {
  let lines: [String]
  private var next = 0

  init(lines: [String]) {
    self.lines = lines
  }

  mutating func commands() throws -> [Script.Command] {
    var commands: [Script.Command] = []
    while next < lines.count {
      let line = lines[next]
      next += 1
      guard !line.isEmpty else { continue }
      let (word, rest) = line.firstWord
      switch word.lowercased() {
      case "clear": commands.append(.clear)
      case let command where command.hasPrefix("load"): commands.append(.load(try load(command, rest)))
      case let command where command.hasPrefix("eval"): commands.append(.evaluate(try evaluation(command, rest)))
      default: throw malformed("invalid command \"\(line)\"")
      }
    }
    return commands
  }

  private func malformed(_ message: String) -> Script.Malformed { Script.Malformed(line: next, message: message) }

  /// The lines up to an empty one.
  private mutating func takeLine() -> String? {
    guard next < lines.count, !lines[next].isEmpty else { return nil }
    next += 1
    return lines[next - 1]
  }

  private func notation(_ text: String) throws -> SeriesNotation {
    do throws(PromQLError) {
      return try SeriesNotation(parsing: text)
    } catch {
      throw malformed("\(error.message) (column \(error.column))")
    }
  }

  private func duration(_ text: String, _ what: String) throws -> Int64 {
    guard let milliseconds = parsePrometheusDuration(text) else { throw malformed("invalid \(what) \"\(text)\"") }
    return milliseconds
  }
}

extension ScriptReader {
  private mutating func load(_ command: String, _ rest: String) throws -> Script.Load {
    guard command == "load" || command == "load_with_nhcb" else { throw malformed("invalid load command") }
    var load = Script.Load(step: try duration(rest, "step definition"), withHistograms: command != "load")
    var pending: (labels: Labels, offsets: [Int64?])?
    while let line = takeLine() {
      let (head, sequence) = line.firstWord
      if head.hasSuffix("@st") && !sequence.isEmpty {
        guard pending == nil else { throw malformed("@st line has no following sample line") }
        pending = (try notation(head.dropLast(3) + " _").labels, try startOffsets(sequence))
        continue
      }
      let series = try notation(line)
      if let starts = pending, starts.labels != series.labels || starts.offsets.count != series.values.count {
        throw malformed("@st line does not match the following sample line")
      }
      load.series.append(Script.LoadedSeries(notation: series, startOffsets: pending?.offsets ?? []))
      pending = nil
    }
    guard pending == nil else { throw malformed("@st line has no following sample line") }
    return load
  }

  private func startOffsets(_ text: String) throws -> [Int64?] {
    try text.split(whereSeparator: { $0 == " " || $0 == "\t" }).flatMap { try startItem(String($0)) }
  }

  /// `_`, `_x3`, `-1m`, `-1mx3`, `-30s-1mx3`.
  private func startItem(_ item: String) throws -> [Int64?] {
    let parts = item.split(separator: "x", omittingEmptySubsequences: false)
    let times = parts.count == 2 ? Int(parts[1]) : 0
    guard parts.count <= 2, let times, times < 1_000_000 else { throw malformed("invalid ST item \"\(item)\"") }
    if parts[0] == "_" { return Array(repeating: nil, count: parts.count == 2 ? times : 1) }
    var rest = parts[0]
    guard let base = signedDuration(&rest) else { throw malformed("invalid ST item \"\(item)\"") }
    guard !rest.isEmpty else { return Array(repeating: base, count: times + 1) }
    guard parts.count == 2, let step = signedDuration(&rest), rest.isEmpty else { throw malformed("invalid ST item \"\(item)\"") }
    return (0...times).map { base + Int64($0) * step }
  }

  private func signedDuration(_ text: inout Substring) -> Int64? {
    let isNegative = text.hasPrefix("-")
    if isNegative || text.hasPrefix("+") { text.removeFirst() }
    let digits = text.prefix { $0.isNumber }
    let unit = text.dropFirst(digits.count).prefix { $0.isLetter }
    guard let milliseconds = parsePrometheusDuration(String(digits + unit)) else { return nil }
    text = text.dropFirst(digits.count + unit.count)
    return isNegative ? -milliseconds : milliseconds
  }
}

extension ScriptReader {
  private mutating func evaluation(_ command: String, _ rest: String) throws -> Evaluation {
    var evaluation = try head(rest)
    switch command {
    case "eval": break
    case "eval_fail": evaluation.expectations.append(.init(kind: .fail, message: nil))
    case "eval_warn": evaluation.expectations.append(.init(kind: .warning(isWanted: true), message: nil))
    case "eval_info": evaluation.expectations.append(.init(kind: .info(isWanted: true), message: nil))
    case "eval_ordered": evaluation.expectations.append(.init(kind: .ordered, message: nil))
    default: throw malformed("invalid evaluation command \(command)")
    }
    while let line = takeLine() {
      try expect(line, &evaluation)
    }
    return evaluation
  }

  private func head(_ text: String) throws -> Evaluation {
    let (kind, rest) = text.firstWord
    if kind == "instant" {
      let (time, expression) = try value(behind: "at", in: rest)
      let at = try duration(time, "timestamp definition")
      return Evaluation(line: next, text: expression, isRange: false, start: at, end: at, step: 60_000)
    }
    guard kind == "range" else { throw malformed("invalid evaluation command: neither instant nor range") }
    let (from, behindFrom) = try value(behind: "from", in: rest)
    let (to, behindTo) = try value(behind: "to", in: behindFrom)
    let (step, expression) = try value(behind: "step", in: behindTo)
    let evaluation = Evaluation(
      line: next, text: expression, isRange: true, start: try duration(from, "start timestamp definition"),
      end: try duration(to, "end timestamp definition"), step: try duration(step, "step definition"))
    guard evaluation.end >= evaluation.start else { throw malformed("invalid test definition, end timestamp is before start timestamp") }
    return evaluation
  }

  private func value(behind keyword: String, in text: String) throws -> (String, rest: String) {
    let (word, rest) = text.firstWord
    guard word == keyword else { throw malformed("invalid evaluation command: \"\(keyword)\" is missing") }
    return rest.firstWord
  }

  private mutating func expect(_ line: String, _ evaluation: inout Evaluation) throws {
    if line.hasPrefix("expect range vector") {
      try expectMatrix(String(line.dropFirst("expect range vector".count)).trimmingBlanks, &evaluation)
    } else if line.hasPrefix("expect string") {
      evaluation.string = try string(String(line.dropFirst("expect string".count)).trimmingBlanks)
    } else if line.firstWord.word == "expect" {
      evaluation.expectations.append(try expectation(line.firstWord.rest))
    } else if line.hasPrefix("expected_fail_message") {
      evaluation.expectations = [.init(kind: .fail, message: .text(String(line.dropFirst("expected_fail_message".count)).trimmingBlanks))]
    } else if line.hasPrefix("expected_fail_regexp") {
      let pattern = String(line.dropFirst("expected_fail_regexp".count)).trimmingBlanks
      evaluation.expectations = [.init(kind: .fail, message: .pattern(try self.pattern(pattern)))]
    } else if let number = scriptNumber(line) {
      evaluation.scalar = number
    } else {
      let series = try notation(line)
      guard series.values.count <= 1 || evaluation.isRange || evaluation.givesMatrix else {
        throw malformed("expecting multiple values in instant evaluation not allowed")
      }
      evaluation.series.append((series.labels, series.values))
    }
  }

  private func expectMatrix(_ text: String, _ evaluation: inout Evaluation) throws {
    let (from, behindFrom) = try value(behind: "from", in: text)
    let (to, behindTo) = try value(behind: "to", in: behindFrom)
    let (step, _) = try value(behind: "step", in: behindTo)
    evaluation.start = try duration(from, "start timestamp definition")
    evaluation.end = try duration(to, "end timestamp definition")
    evaluation.step = try duration(step, "step definition")
    evaluation.givesMatrix = true
  }

  private func string(_ text: String) throws -> String {
    guard let expression = try? Expression(parsing: text), let result = try? expression.evaluate(at: 0, over: MemorySource()),
      case .string(let value) = result.value
    else { throw malformed("expected string literal not valid - check that the string is correctly quoted") }
    return value
  }

  private func expectation(_ text: String) throws -> Evaluation.Expectation {
    let (word, rest) = text.firstWord
    let kinds: [String: Evaluation.Kind] = [
      "fail": .fail, "ordered": .ordered, "warn": .warning(isWanted: true), "no_warn": .warning(isWanted: false),
      "info": .info(isWanted: true), "no_info": .info(isWanted: false),
    ]
    guard let kind = kinds[word] else { throw malformed("invalid expected error/annotation type \(word)") }
    if rest.isEmpty { return Evaluation.Expectation(kind: kind, message: nil) }
    if rest.hasPrefix("msg:") {
      return Evaluation.Expectation(kind: kind, message: .text(String(rest.dropFirst("msg:".count)).trimmingBlanks))
    }
    guard rest.hasPrefix("regex:") else { throw malformed("invalid expect statement: neither msg: nor regex: behind \(word)") }
    return Evaluation.Expectation(kind: kind, message: .pattern(try pattern(String(rest.dropFirst("regex:".count)).trimmingBlanks)))
  }

  private func pattern(_ text: String) throws -> Pattern {
    do throws(PatternError) {
      return try Pattern(text, anchored: false)
    } catch {
      throw malformed("invalid regex: \(error)")
    }
  }
}
