/// Random expressions over the series of `FuzzSeries`, most of them with an answer.
struct FuzzQueries {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(state: seed &* 7919 &+ 17)
  }

  mutating func next() -> (text: String, range: (start: Int64, end: Int64, step: Int64)?, time: Int64) {
    let text = generator.chance(8) ? scalar(3) : vector(Int.random(in: 1...4, using: &generator))
    let time = FuzzSeries.start + Int64.random(in: -60_000...3_900_000, using: &generator)
    guard generator.chance(50) else { return (text, nil, time) }
    let step = generator.pick([1000, 7000, 15_000, 60_000, 300_000] as [Int64])
    return (text, (time, time + step * Int64.random(in: 0...15, using: &generator), step), time)
  }

  private mutating func number() -> String {
    generator.pick(["0", "1", "-1", "2", "0.5", "10", "100", "-7.25", "1e3", "Inf", "-Inf", "NaN", "5m", "0x10", "3"])
  }

  private mutating func duration() -> String {
    generator.pick(["15s", "30s", "45s", "1m", "90s", "2m", "5m", "10m", "1h", "17s", "1ms", "300"])
  }

  private mutating func matchers() -> String {
    let all = [
      "job=\"api\"", "job!=\"api\"", "job=~\"a.*\"", "job!~\"db|x\"", "instance=\"a:1\"", "instance=~\"[ab]:.\"", "code=\"200\"",
      "code=~\"4..|5..\"", "room=\"\"", "room!=\"\"", "le=\"0.5\"", "none=\"\"", "instance!=\"c:3\"", "v=\"1\"", "s=\"nan\"",
    ]
    return (0..<generator.pick([0, 0, 1, 1, 2])).map { _ in generator.pick(all) }.joined(separator: ",")
  }

  private mutating func modifiers() -> String {
    var text = ""
    if generator.chance(12) { text += " offset \(generator.chance(30) ? "-" : "")\(duration())" }
    if generator.chance(8) {
      let times = ["start()", "end()", "\(FuzzSeries.start / 1000 + 1000)", "\(FuzzSeries.start / 1000 + 2345).678"]
      text += " @ \(generator.pick(times))"
    }
    return text
  }

  private mutating func plainSelector() -> String {
    let names = [
      "http_requests_total", "http_requests_total", "temperature", "temperature", "up", "latency_bucket", "team_info", "constant", "sparse",
      "special",
    ]
    if generator.chance(5) { return "{__name__=~\"up|temperature|constant\"}" }
    let inside = matchers()
    return generator.pick(names) + (inside.isEmpty ? "" : "{\(inside)}")
  }

  private mutating func selector() -> String { plainSelector() + modifiers() }

  private mutating func range(_ depth: Int) -> String {
    if depth > 0, generator.chance(25) {
      return
        "\(operand(depth - 1))[\(duration()):\(generator.chance(40) ? "" : generator.pick(["15s", "30s", "1m", "7s", "45s"]))]\(modifiers())"
    }
    return "\(plainSelector())[\(duration())]\(modifiers())"
  }

  /// Something that brackets or an operator can follow.
  private mutating func operand(_ depth: Int) -> String {
    depth > 0 && generator.chance(50) ? "(\(vector(depth)))" : plainSelector()
  }

  private mutating func scalar(_ depth: Int) -> String {
    guard depth > 0 else { return number() }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return "scalar(\(vector(depth - 1)))"
    case 1: return "time()"
    case 2: return "pi()"
    case 3: return "(\(scalar(depth - 1)) \(arithmetic()) \(scalar(depth - 1)))"
    case 4: return "(\(scalar(depth - 1)) \(comparison()) bool \(scalar(depth - 1)))"
    case 5: return "-(\(scalar(depth - 1)))"
    default: return number()
    }
  }

  private mutating func arithmetic() -> String { generator.pick(["+", "-", "*", "/", "%", "^", "atan2"]) }
  private mutating func comparison() -> String { generator.pick(["==", "!=", ">", "<", ">=", "<="]) }

  private mutating func vector(_ depth: Int) -> String {
    guard depth > 0 else { return selector() }
    switch Int.random(in: 0..<100, using: &generator) {
    case ..<8: return selector()
    case ..<28: return overTime(depth)
    case ..<45: return aggregation(depth)
    case ..<65: return binary(depth)
    case ..<82: return elementwise(depth)
    case ..<86:
      return
        "label_replace(\(vector(depth - 1)), \"\(generator.pick(["x", "job", "code", "instance"]))\", \"\(generator.pick(["$1", "a-$1", "", "k"]))\", \"\(generator.pick(["job", "instance", "code", "none"]))\", \"\(generator.pick(["(.*)", "(.).*", "a.*", "([ab]):(.)", ""]))\")"
    case ..<88: return "label_join(\(vector(depth - 1)), \"\(generator.pick(["x", "job"]))\", \"-\", \"job\", \"instance\")"
    case ..<91:
      return
        "histogram_quantile(\(generator.chance(70) ? generator.pick(["0.5", "0.9", "0.99", "0", "1"]) : scalar(depth - 1)), \(generator.pick(["latency_bucket", "rate(latency_bucket[2m])", "sum by (le, job) (rate(latency_bucket[5m]))"])))"
    case ..<93: return "absent(\(vector(depth - 1)))"
    case ..<95: return "vector(\(scalar(depth - 1)))"
    case ..<97: return "-\(operand(depth - 1))"
    default: return "\(generator.pick(["sort", "sort_desc"]))(\(vector(depth - 1)))"
    }
  }

  private mutating func overTime(_ depth: Int) -> String {
    let names = [
      "rate", "increase", "irate", "delta", "idelta", "deriv", "resets", "changes", "avg_over_time", "sum_over_time", "min_over_time",
      "max_over_time", "count_over_time", "last_over_time", "present_over_time", "stddev_over_time", "stdvar_over_time", "absent_over_time",
    ]
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: return "quantile_over_time(\(generator.pick(["0.5", "0.1", "0.95", "-1", "2"])), \(range(depth - 1)))"
    case 1: return "predict_linear(\(range(depth - 1)), \(generator.pick(["60", "3600", "-100", "0"])))"
    default: return "\(generator.pick(names))(\(range(depth - 1)))"
    }
  }

  private mutating func labelList() -> String {
    (0..<generator.pick([0, 1, 1, 2])).map { _ in generator.pick(["job", "instance", "code", "le", "room", "none", "team"]) }.joined(
      separator: ", ")
  }

  private mutating func aggregation(_ depth: Int) -> String {
    let grouping = generator.chance(60) ? " \(generator.pick(["by", "without"])) (\(labelList())) " : ""
    let inner = vector(depth - 1)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: return "\(generator.pick(["topk", "bottomk"]))\(grouping)(\(generator.pick(["1", "2", "3", "0", "5"])), \(inner))"
    case 1: return "quantile\(grouping)(\(generator.pick(["0.5", "0.9", "0", "1", "-0.5", "1.5"])), \(inner))"
    case 2: return "count_values\(grouping)(\"\(generator.pick(["value", "job"]))\", \(inner))"
    default: return "\(generator.pick(["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]))\(grouping)(\(inner))"
    }
  }

  private mutating func elementwise(_ depth: Int) -> String {
    let inner = vector(depth - 1)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: return "clamp(\(inner), \(scalar(1)), \(scalar(1)))"
    case 1: return "clamp_min(\(inner), \(scalar(1)))"
    case 2: return "clamp_max(\(inner), \(scalar(1)))"
    case 3: return "round(\(inner)\(generator.chance(50) ? "" : ", \(generator.pick(["0.1", "5", "10", "0.25"]))"))"
    case 4: return "timestamp(\(inner))"
    case 5:
      return
        "\(generator.pick(["hour", "minute", "month", "year", "day_of_week", "day_of_month", "day_of_year", "days_in_month"]))(\(inner))"
    default:
      let names = [
        "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "deg", "rad", "sin", "cos", "atan", "tanh", "asinh", "sinh",
        "cosh",
        "acosh", "asin", "acos", "tan", "atanh",
      ]
      return "\(generator.pick(names))(\(inner))"
    }
  }

  private mutating func binary(_ depth: Int) -> String {
    let left = operand(depth - 1)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: return "\(left) \(arithmetic()) \(scalar(1))"
    case 1: return "\(scalar(1)) \(arithmetic()) \(left)"
    case 2: return "\(left) \(comparison())\(generator.chance(40) ? " bool" : "") \(scalar(1))"
    case 3: return "\(scalar(1)) \(comparison())\(generator.chance(40) ? " bool" : "") \(left)"
    case 4, 5: return "\(left) \(generator.pick(["and", "or", "unless"]))\(matching(isSet: true)) \(operand(depth - 1))"
    case 6: return "\(left) \(comparison())\(generator.chance(40) ? " bool" : "")\(matching(isSet: false)) \(operand(depth - 1))"
    case 7: return "\(left) * on (job, instance) group_left (team) team_info"
    default: return "\(left) \(arithmetic())\(matching(isSet: false)) \(operand(depth - 1))"
    }
  }

  private mutating func matching(isSet: Bool) -> String {
    guard generator.chance(70) else { return "" }
    let kind = generator.chance(75) ? " on (job, instance\(generator.chance(25) ? ", code" : ""))" : " ignoring (\(labelList()))"
    guard !isSet, generator.chance(40) else { return kind }
    return kind + " \(generator.pick(["group_left", "group_right"]))\(generator.chance(30) ? " (room)" : "")"
  }
}
