import PromQL

/// `%5.1f`: how fmt.Sprintf writes one argument.
struct GoDirective {
  var alignsLeft = false
  var padsWithZeros = false
  var showsPlus = false
  var leavesSignSpace = false
  var isAlternative = false
  var hasBadIndex = false
  var width = 0
  var precision: Int?

  func text(of value: GoValue, _ verb: Unicode.Scalar) -> String {
    if verb == "T" { return padded(value.typeName) }
    switch value {
    case .none: return verb == "v" ? padded("<nil>") : "%!\(verb)(<nil>)"
    case .bool(let flag): return verb == "v" || verb == "t" ? padded("\(flag)") : refused(value, verb)
    case .int(let number): return integer(number < 0, number.magnitude, value, verb)
    case .uint(let number): return integer(false, number, value, verb)
    case .float(let number): return float(number, value, verb)
    case .text(let text): return string(text, value, verb)
    case .labels(let labels): return map(labels.mapValues(GoValue.text), verb)
    case .map(let entries): return map(entries, verb)
    case .list(let values): return "[\(values.map { text(of: $0, verb) }.joined(separator: " "))]"
    case .duration(let duration) where verb == "d": return integer(duration.nanoseconds < 0, duration.nanoseconds.magnitude, value, verb)
    case .vector, .sample, .time, .duration, .alert: return string(value.inside, value, verb)
    }
  }

  private func refused(_ value: GoValue, _ verb: Unicode.Scalar) -> String { "%!\(verb)(\(value.typeName)=\(value.inside))" }

  private func map(_ entries: [String: GoValue], _ verb: Unicode.Scalar) -> String {
    let inside = GoValue.inOrder(entries).map { "\(text(of: .text($0.key), verb)):\(text(of: $0.value, verb))" }
    return "map[\(inside.joined(separator: " "))]"
  }

  // MARK: - Texts

  private func string(_ text: String, _ value: GoValue, _ verb: Unicode.Scalar) -> String {
    let cut = precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    switch verb {
    case "v" where isAlternative: return padded(GoText.quoted(cut))
    case "v", "s": return padded(cut)
    case "q": return padded(isAlternative && !cut.contains("`") ? "`\(cut)`" : GoText.quoted(cut))
    case "x", "X":
      let bytes = text.utf8.prefix(precision ?? .max).map { byte in
        let digits = String(byte, radix: 16, uppercase: verb == "X")
        return (byte < 16 ? "0" : "") + digits
      }
      return padded((isAlternative && !bytes.isEmpty ? "0\(verb)" : "") + bytes.joined(separator: leavesSignSpace ? " " : ""))
    default: return refused(value, verb)
    }
  }

  // MARK: - Numbers

  private func integer(_ isNegative: Bool, _ magnitude: UInt64, _ value: GoValue, _ verb: Unicode.Scalar) -> String {
    switch verb {
    case "v", "d": return integer(isNegative, magnitude, radix: 10, prefix: "")
    case "b": return integer(isNegative, magnitude, radix: 2, prefix: isAlternative ? "0b" : "")
    case "o": return integer(isNegative, magnitude, radix: 8, prefix: isAlternative ? "0" : "")
    case "O": return integer(isNegative, magnitude, radix: 8, prefix: "0o")
    case "x", "X": return integer(isNegative, magnitude, radix: 16, prefix: isAlternative ? "0\(verb)" : "", isUpper: verb == "X")
    case "c", "q", "U":
      let scalar = isNegative ? "\u{fffd}" : UInt32(exactly: magnitude).flatMap(Unicode.Scalar.init) ?? "\u{fffd}"
      if verb == "c" { return padded(String(scalar)) }
      if verb == "q" { return padded("'\(scalar == "'" ? "\\'" : String(GoText.quoted(String(scalar)).dropFirst().dropLast()))'") }
      return padded(isAlternative ? GoText.named(scalar) : String(GoText.named(scalar).prefix { $0 != " " }))
    default: return refused(value, verb)
    }
  }

  private func integer(_ isNegative: Bool, _ magnitude: UInt64, radix: Int, prefix: String, isUpper: Bool = false) -> String {
    var digits = String(magnitude, radix: radix, uppercase: isUpper)
    if let precision { digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits }
    if precision == 0, magnitude == 0 { return padded("") }
    return padded(sign: sign(isNegative) + prefix, digits, withZeros: padsWithZeros && precision == nil)
  }

  private func sign(_ isNegative: Bool) -> String {
    if isNegative { return "-" }
    return showsPlus ? "+" : leavesSignSpace ? " " : ""
  }

  private func float(_ number: Double, _ value: GoValue, _ verb: Unicode.Scalar) -> String {
    guard let written = digits(number, verb) else { return refused(value, verb) }
    // A number that is not finite is always written with its sign where it is negative, or where one is asked for.
    let body = written.drop { $0 == "-" || $0 == "+" }
    let isNegative = written.hasPrefix("-")
    let shown = number.isInfinite && !isNegative && verb != "v" && !showsPlus ? "+" : sign(isNegative)
    let plus = number.isNaN ? (showsPlus ? "+" : leavesSignSpace ? " " : "") : number.isInfinite && !isNegative ? "+" : shown
    return padded(sign: plus, String(body), withZeros: padsWithZeros && number.isFinite)
  }

  /// With its sign where it is negative; nil for a verb that is none of floats.
  private func digits(_ number: Double, _ verb: Unicode.Scalar) -> String? {
    switch verb {
    case "f", "F": GoNumber.fixed(number, decimals: precision ?? 6)
    case "e": GoNumber.scientific(number, decimals: precision ?? 6)
    case "E": GoNumber.scientific(number, decimals: precision ?? 6).uppercasedUnlessWord
    case "v", "g": precision.map { GoNumber.general(number, digits: $0) } ?? formatPrometheusValue(number)
    case "G": (precision.map { GoNumber.general(number, digits: $0) } ?? formatPrometheusValue(number)).uppercasedUnlessWord
    case "x", "X":
      verb == "x" ? GoNumber.hexadecimal(number, digits: precision) : GoNumber.hexadecimal(number, digits: precision).uppercasedUnlessWord
    default: nil
    }
  }

  // MARK: - Padding

  private func padded(_ text: String) -> String { padded(sign: "", text, withZeros: padsWithZeros) }

  private func padded(sign: String, _ body: String, withZeros: Bool) -> String {
    let missing = max(0, width - sign.unicodeScalars.count - body.unicodeScalars.count)
    if alignsLeft { return sign + body + String(repeating: " ", count: missing) }
    if withZeros { return sign + String(repeating: "0", count: missing) + body }
    return String(repeating: " ", count: missing) + sign + body
  }
}

extension String {
  /// `1E+06`, but `NaN` and `+Inf` as they are.
  fileprivate var uppercasedUnlessWord: String { hasSuffix("NaN") || hasSuffix("Inf") ? self : uppercased() }
}
