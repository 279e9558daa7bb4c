/// Go's fmt.Sprintf and fmt.Sprint for the values of templates.
struct GoFormat {
  private var rest: Substring.UnicodeScalarView
  private let arguments: [GoValue]
  private var next = 0
  private var isReordered = false
  private var output = ""

  /// Wider fields than this are a mistake (fmt's tooLarge is higher; an annotation needs no more).
  private static let widthLimit = 1000

  static func format(_ format: String, _ arguments: [GoValue]) -> String {
    var formatter = GoFormat(rest: Substring(format).unicodeScalars, arguments: arguments)
    formatter.run()
    return formatter.output
  }

  /// Operands side by side, with a blank between two of which neither is a text.
  static func printed(_ values: [GoValue]) -> String {
    var text = ""
    for (index, value) in values.enumerated() {
      if index > 0, !value.isText, !values[index - 1].isText { text += " " }
      text += value.inside
    }
    return text
  }

  private init(rest: Substring.UnicodeScalarView, arguments: [GoValue]) {
    self.rest = rest
    self.arguments = arguments
  }

  private mutating func run() {
    while !rest.isEmpty {
      let literal = rest.prefix { $0 != "%" }
      output += String(literal)
      rest = rest.dropFirst(literal.count)
      if rest.popFirst() != nil { directive() }
    }
    guard !isReordered, next < arguments.count else { return }
    let extra = arguments[next...].map { value in
      if case .none = value { return "<nil>" }
      return "\(value.typeName)=\(value.inside)"
    }
    output += "%!(EXTRA \(extra.joined(separator: ", ")))"
  }

  private mutating func directive() {
    var directive = GoDirective()
    takeFlags(&directive)
    takeArgumentNumber(&directive)
    if let (width, isGood) = takeNumber() {
      if let width { directive.width = width } else if !isGood { output += "%!(BADWIDTH)" }
      if let width, width < 0 {
        directive.width = -width
        directive.alignsLeft = true
        directive.padsWithZeros = false
      }
    }
    if rest.first == "." {
      rest.removeFirst()
      takeArgumentNumber(&directive)
      directive.precision = 0
      if let (precision, isGood) = takeNumber() {
        directive.precision = precision.flatMap { $0 < 0 ? nil : $0 }
        if !isGood { output += "%!(BADPREC)" }
      }
    }
    takeArgumentNumber(&directive)
    guard let verb = rest.popFirst() else {
      output += "%!(NOVERB)"
      return
    }
    if verb == "%" {
      output += "%"
    } else if directive.hasBadIndex {
      output += "%!\(verb)(BADINDEX)"
    } else if next >= arguments.count {
      output += "%!\(verb)(MISSING)"
    } else {
      output += directive.text(of: arguments[next], verb)
      next += 1
    }
  }

  private mutating func takeFlags(_ directive: inout GoDirective) {
    while let flag = rest.first {
      switch flag {
      case "-":
        directive.alignsLeft = true
        directive.padsWithZeros = false
      case "0": directive.padsWithZeros = !directive.alignsLeft
      case "+": directive.showsPlus = true
      case " ": directive.leavesSignSpace = true
      case "#": directive.isAlternative = true
      default: return
      }
      rest.removeFirst()
    }
  }

  /// `[2]`: which argument comes next.
  private mutating func takeArgumentNumber(_ directive: inout GoDirective) {
    guard rest.first == "[" else { return }
    isReordered = true
    let digits = rest.dropFirst().prefix { $0 != "]" }
    let after = rest.dropFirst(digits.count + 1)
    guard after.first == "]" else {
      directive.hasBadIndex = true
      rest.removeFirst()
      return
    }
    rest = after.dropFirst()
    guard let number = Int(String(digits)), number >= 1, number <= arguments.count else {
      directive.hasBadIndex = true
      return
    }
    next = number - 1
  }

  /// A width or precision; nil where there is none, no number where `*` has no integer.
  private mutating func takeNumber() -> (value: Int?, isGood: Bool)? {
    if rest.first == "*" {
      rest.removeFirst()
      defer { next += 1 }
      guard next < arguments.count, case .int(let value) = arguments[next], abs(value) <= Int64(Self.widthLimit) else {
        return (nil, false)
      }
      return (Int(value), true)
    }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    return (Int(String(digits)).map { min($0, Self.widthLimit) } ?? Self.widthLimit, true)
  }
}

extension GoValue {
  fileprivate var isText: Bool {
    if case .text = self { return true }
    return false
  }
}
