/// Where the labels of a series lie in the arena: pairs of symbols.
struct LabelSet {
  var start: Int32
  /// Of pairs.
  var count: Int32

  static let empty = LabelSet(start: 0, count: 0)
}

/// The labels of an evaluation as numbers. A text has one number, whichever selector it came from, so that equal labels are equal numbers.
struct LabelArena {
  /// Texts that no source has, behind this.
  private static let ownSymbols: Symbol = 1 << 31

  private var base: SymbolTexts?
  private var ownTexts: [String] = []
  private var ownByText: [ByteText: Symbol] = [:]
  /// Names and values, alternating.
  private(set) var symbols: [Symbol] = []

  func text(_ symbol: Symbol) -> String {
    symbol < LabelArena.ownSymbols ? base?.texts[Int(symbol)] ?? "" : ownTexts[Int(symbol - LabelArena.ownSymbols)]
  }

  /// Nil where no series read so far has it.
  func find(_ text: String) -> Symbol? {
    if let own = ownByText[ByteText(text)] { return own }
    guard let base, let known = base.table.find(text), known < base.texts.count else { return nil }
    return known
  }

  mutating func symbol(for text: String) -> Symbol {
    if let known = find(text) { return known }
    let symbol = LabelArena.ownSymbols + Symbol(ownTexts.count)
    ownTexts.append(text)
    ownByText[ByteText(text)] = symbol
    return symbol
  }

  /// Takes over the labels of all found series, in their order.
  mutating func append(_ selection: some SeriesSelection) -> [LabelSet] {
    let texts = selection.symbols
    if base == nil && ownTexts.isEmpty { base = texts }
    var sets: [LabelSet] = []
    sets.reserveCapacity(selection.count)
    let start = symbols.count
    // Most series have no more labels than that; twice, for those that some operation changes.
    reserve(selection.count * 32)
    for index in 0..<selection.count {
      let before = symbols.count
      selection.appendLabels(of: index, to: &symbols)
      sets.append(LabelSet(start: Int32(before), count: Int32((symbols.count - before) / 2)))
    }
    translate(from: start, texts)
    return sets
  }

  private mutating func reserve(_ more: Int) {
    if symbols.capacity < symbols.count + more { symbols.reserveCapacity(max(symbols.count + more, symbols.capacity * 2)) }
  }

  /// Symbols of another table, or younger than what is known of this one, become those of the same text here.
  private mutating func translate(from start: Int, _ texts: SymbolTexts) {
    let known = base.map { $0.table === texts.table ? Symbol($0.texts.count) : 0 } ?? 0
    guard symbols[start...].contains(where: { $0 >= known }) else { return }
    var translated: [Symbol: Symbol] = [:]
    for index in start..<symbols.count where symbols[index] >= known {
      let foreign = symbols[index]
      if let symbol = translated[foreign] {
        symbols[index] = symbol
      } else {
        symbols[index] = symbol(for: texts.texts[Int(foreign)])
        translated[foreign] = symbols[index]
      }
    }
  }
}

extension LabelArena {
  /// Indices into the symbols, two for each pair.
  @inline(__always)
  func range(_ set: LabelSet) -> Range<Int> { Int(set.start)..<(Int(set.start) + Int(set.count) * 2) }

  func value(of name: Symbol, in set: LabelSet) -> Symbol? {
    for index in stride(from: Int(set.start), to: Int(set.start) + Int(set.count) * 2, by: 2) where symbols[index] == name {
      return symbols[index + 1]
    }
    return nil
  }

  func text(of name: Symbol?, in set: LabelSet) -> String {
    name.flatMap { value(of: $0, in: set) }.map(text) ?? ""
  }

  /// The pairs whose name is (or is not) among these; at the end of the arena.
  mutating func filtered(_ set: LabelSet, names: [Symbol], keeps: Bool) -> LabelSet {
    let start = symbols.count
    for index in stride(from: Int(set.start), to: Int(set.start) + Int(set.count) * 2, by: 2) {
      let name = symbols[index]
      var isNamed = false
      for wanted in names where wanted == name { isNamed = true }
      if isNamed == keeps {
        let value = symbols[index + 1]
        symbols.append(name)
        symbols.append(value)
      }
    }
    return LabelSet(start: Int32(start), count: Int32((symbols.count - start) / 2))
  }

  /// The labels without these names, and what the one of them had as its value.
  mutating func without(_ names: [Symbol], in set: LabelSet, _ wanted: Symbol) -> (LabelSet, value: Symbol?) {
    var named: Symbol?
    for index in stride(from: Int(set.start), to: Int(set.start) + Int(set.count) * 2, by: 2) where symbols[index] == wanted {
      named = symbols[index + 1]
      break
    }
    return (filtered(set, names: names, keeps: false), named)
  }

  /// The labels with one set, or without it where the value is empty.
  mutating func setting(_ name: Symbol, to value: Symbol, in set: LabelSet) -> LabelSet {
    let start = symbols.count
    let nameText = text(name)
    var isPlaced = text(value).isEmpty
    for index in stride(from: Int(set.start), to: Int(set.start) + Int(set.count) * 2, by: 2) {
      let (other, otherValue) = (symbols[index], symbols[index + 1])
      if other == name { continue }
      if !isPlaced && nameText.precedesInBytes(text(other)) {
        symbols.append(name)
        symbols.append(value)
        isPlaced = true
      }
      symbols.append(other)
      symbols.append(otherValue)
    }
    if !isPlaced {
      symbols.append(name)
      symbols.append(value)
    }
    return LabelSet(start: Int32(start), count: Int32((symbols.count - start) / 2))
  }

  /// Gives up what was appended last.
  mutating func discard(_ set: LabelSet) {
    if Int(set.start) + Int(set.count) * 2 == symbols.count { symbols.removeLast(Int(set.count) * 2) }
  }

  func labels(_ set: LabelSet) -> Labels {
    let range = range(set)
    return Labels(
      sorted: stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
        Label(name: text(symbols[$0]), value: text(symbols[$0 + 1]))
      })
  }

  /// In the order of Prometheus' results: pair by pair, names and values by their bytes.
  func precedes(_ left: LabelSet, _ right: LabelSet) -> Bool {
    for index in 0..<Int(min(left.count, right.count)) * 2 {
      let one = symbols[Int(left.start) + index]
      let other = symbols[Int(right.start) + index]
      if one != other { return text(one).precedesInBytes(text(other)) }
    }
    return left.count < right.count
  }
}
