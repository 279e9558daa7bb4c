/// One name with its value; equal when their UTF-8 bytes are.
public struct Label: Hashable, Sendable {
  public let name: String
  public let value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  public static func == (left: Label, right: Label) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
  }

  public func hash(into hasher: inout Hasher) {
    name.hashBytes(into: &hasher)
    value.hashBytes(into: &hasher)
  }
}

/// What identifies a series: pairs sorted by the UTF-8 bytes of the name, each name once, none with an empty value.
public struct Labels: Hashable, Sendable {
  /// The label that holds the metric's name.
  public static let metricName = "__name__"

  /// The labels that describe what a value is and are dropped where an operation changes that (model/labels, schema.IsMetadataLabel).
  static let metadataNames = [metricName, "__type__", "__unit__"]

  public private(set) var pairs: [Label]

  /// Keeps the last of several pairs with the same name.
  public init(_ pairs: some Sequence<(name: String, value: String)>) {
    self.init(unsorted: pairs.map { Label(name: $0.name, value: $0.value) })
  }

  public init() {
    pairs = []
  }

  init(unsorted: [Label]) {
    pairs = []
    pairs.reserveCapacity(unsorted.count)
    for label in unsorted { insert(label) }
    pairs.removeAll { $0.value.isEmpty }
  }

  init(sorted: [Label]) {
    pairs = sorted
  }

  public subscript(_ name: String) -> String? {
    guard let place = place(of: name), place.found else { return nil }
    return pairs[place.index].value
  }

  public var isEmpty: Bool { pairs.isEmpty }

  /// An empty value removes the label.
  public func setting(_ name: String, to value: String) -> Labels {
    guard !value.isEmpty else { return removing(name) }
    var copy = self
    copy.insert(Label(name: name, value: value))
    return copy
  }

  public func removing(_ name: String) -> Labels {
    filter { !$0.hasSameBytes(as: name) }
  }

  /// The labels without those that no longer hold once the value means something else.
  var withoutMetadata: Labels {
    removing(Labels.metadataNames)
  }

  func keeping(_ names: [String]) -> Labels {
    filter { name in names.contains { $0.hasSameBytes(as: name) } }
  }

  func removing(_ names: [String]) -> Labels {
    filter { name in !names.contains { $0.hasSameBytes(as: name) } }
  }

  private func filter(_ isKept: (String) -> Bool) -> Labels {
    Labels(sorted: pairs.filter { isKept($0.name) })
  }

  private mutating func insert(_ label: Label) {
    guard let place = place(of: label.name) else { return pairs.append(label) }
    if place.found {
      pairs[place.index] = label
    } else {
      pairs.insert(label, at: place.index)
    }
  }

  /// Nil where the name comes after all others, which is the usual case while building from sorted pairs.
  private func place(of name: String) -> (index: Int, found: Bool)? {
    guard let last = pairs.last, !last.name.precedesInBytes(name) else { return nil }
    var low = 0
    var high = pairs.count - 1
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle].name.precedesInBytes(name) { low = middle + 1 } else { high = middle }
    }
    return (low, pairs[low].name.hasSameBytes(as: name))
  }
}

extension Labels: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(unsorted: elements.map { Label(name: $0.0, value: $0.1) })
  }
}

extension Labels: CustomStringConvertible {
  /// Prometheus' form: `up{instance="a:1", job="odoo"}`, `{}` for none.
  public var description: String {
    let name = self[Labels.metricName] ?? ""
    let isNamed = isPlainMetricName(name)
    let rest = pairs.filter { !(isNamed && $0.name.hasSameBytes(as: Labels.metricName)) }
    if isNamed && rest.isEmpty { return name }
    let inside = rest.map { "\(quotedUnlessPlainLabelName($0.name))=\(quoted($0.value))" }.joined(separator: ", ")
    return "\(isNamed ? name : ""){\(inside)}"
  }
}
