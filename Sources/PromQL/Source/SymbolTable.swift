internal import Synchronization

/// The number of a text in a symbol table.
public typealias Symbol = UInt32

/// Numbers for the texts that labels are made of, so that a query tells labels apart without looking at text. It only grows: a source that
/// forgets many series makes a new one from time to time.
public final class SymbolTable: Sendable {
  fileprivate struct State {
    var texts: [String] = []
    var symbols: [ByteText: Symbol] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  public var count: Int { state.withLock { $0.texts.count } }

  public func symbol(for text: String) -> Symbol {
    state.withLock { $0.symbol(for: text) }
  }

  /// Names and values, alternating, in the order of the labels.
  public func symbols(of labels: Labels) -> [Symbol] {
    state.withLock { state in
      var symbols: [Symbol] = []
      symbols.reserveCapacity(labels.pairs.count * 2)
      for label in labels.pairs {
        symbols.append(state.symbol(for: label.name))
        symbols.append(state.symbol(for: label.value))
      }
      return symbols
    }
  }

  /// All texts so far.
  public var texts: SymbolTexts { SymbolTexts(table: self, texts: state.withLock(\.texts)) }

  func find(_ text: String) -> Symbol? {
    state.withLock { $0.symbols[ByteText(text)] }
  }
}

extension SymbolTable.State {
  fileprivate mutating func symbol(for text: String) -> Symbol {
    let key = ByteText(text)
    if let known = symbols[key] { return known }
    let symbol = Symbol(texts.count)
    texts.append(text)
    symbols[key] = symbol
    return symbol
  }
}

/// The texts of a table at one moment.
public struct SymbolTexts: Sendable {
  let table: SymbolTable
  let texts: [String]
}

/// A text that is equal to another when its bytes are.
struct ByteText: Hashable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ByteText, right: ByteText) -> Bool { left.text.hasSameBytes(as: right.text) }

  func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
