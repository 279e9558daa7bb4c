/// A lead or an opportunity of the CRM. Days count back from today, so that every period holds some, whenever it is asked for.
struct Lead: Sendable {
  static let stages = ["New", "Qualified", "Proposition", "Won"]
  static let teams = ["Sales", "Pre-Sales"]
  static let users = ["Ada Brandt", "Bela Conti", "Carla Duarte", "Dov Eriksen", "Edda Fischer", "Fadi Grant"]
  static let sources = ["Search engine", "Newsletter", "Trade fair", "Referral", "Website", "Cold call"]
  static let partners = [
    "Harbour Tools", "Mill & Sons", "Northlight", "Orchard Foods", "Pine Logistics", "Quarry Stone", "Riverbank", "Summit Cycles",
  ]
  static let countries = ["Belgium", "Canada", "Denmark", "France", "Germany", "Portugal"]
  static let lostReasons = ["Too expensive", "No answer", "Chose another"]

  var id: Int
  var age: Int
  var isOpportunity: Bool
  var stage: Int
  /// Index of the reason; set when the lead is lost, which archives it.
  var lostReason: Int?
  var revenue: Double
  var probability: Double
  var team: Int
  var user: Int
  var source: Int
  var partner: Int?
  var country: Int
  /// Days from today to the deadline; negative is overdue.
  var deadline: Int
  /// Days from creation to the win.
  var cycle: Int
  /// Minutes until the first answer.
  var response: Double
  var score: Double?

  var isWon: Bool { isOpportunity && stage == 3 && lostReason == nil }
  var isOpen: Bool { isOpportunity && stage < 3 && lostReason == nil }
  var name: String { "Opportunity \(id)" }
  var partnerName: String { partner.map { Self.partners[$0] } ?? "Unknown" }
  func created(_ today: Day) -> Day { today + -age }

  /// Three a day for a year back from today, always the same.
  static func made(count: Int) -> [Lead] {
    var dice = Dice(state: 17)
    return (1...count).map { id in
      let stage = dice.roll(4)
      return Lead(
        id: id, age: (count - id) / 3, isOpportunity: dice.roll(10) < 6, stage: stage, lostReason: dice.roll(9) == 0 ? dice.roll(3) : nil,
        revenue: Double(dice.roll(9_900_000) + 100_000) / 100, probability: stage == 3 ? 100 : Double(dice.roll(9000) + 500) / 100,
        team: dice.roll(2), user: dice.roll(6), source: dice.roll(6), partner: dice.roll(4) == 0 ? nil : dice.roll(8),
        country: dice.roll(6), deadline: dice.roll(120) - 40, cycle: dice.roll(30) + 1, response: Double(dice.roll(2000) + 20) / 10,
        score: dice.roll(3) == 0 ? Double(dice.roll(10_000)) / 100 : nil)
    }
  }
}

/// SplitMix64, seeded: the figures are the same on every start.
private struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
  }
}

/// What a dashboard is asked for: a period, by default the current month up to today, and teams, by default all.
struct Period: Sendable {
  struct Malformed: Error { var message: String }

  var from: Day
  var to: Day
  var teams: [Int]?

  init(from: String?, to: String?, teams: [Int]?, today: Day) throws(Malformed) {
    self.from = try Self.day(from) ?? today.firstOfMonth
    self.to = try Self.day(to) ?? today
    self.teams = teams.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func day(_ text: String?) throws(Malformed) -> Day? {
    guard let text, !text.isEmpty else { return nil }
    guard let day = Day(text) else { throw Malformed(message: "time data '\(text.oneLine)' does not match format '%Y-%m-%d'") }
    return day
  }

  init(_ params: JSON, today: Day) throws(Malformed) {
    let teams = params["team_ids"]?.array?.compactMap(\.int)
    try self.init(from: params["date_from"]?.string, to: params["date_to"]?.string, teams: teams, today: today)
  }

  func holds(_ lead: Lead, today: Day) -> Bool {
    let created = lead.created(today)
    return from <= created && created <= to && (teams.map { $0.contains(lead.team + 1) } ?? true)
  }
}

extension Sequence<Lead> {
  var revenue: Double { reduce(0) { $0 + $1.revenue }.cents }

  /// Leads by one of their traits, the largest group first.
  func grouped<Key: Hashable & Comparable>(by key: (Lead) -> Key) -> [(key: Key, leads: [Lead])] {
    Dictionary(grouping: self, by: key).map { (key: $0.key, leads: $0.value) }
      .sorted { ($1.leads.count, $0.key) < ($0.leads.count, $1.key) }
  }
}

/// `part` of `whole` in percent; 0 of nothing.
func percent(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : (Double(part) / Double(whole) * 100).cents }

/// The mean; 0 of nothing.
func mean(_ values: some Collection<Double>) -> Double { values.isEmpty ? 0 : (values.reduce(0, +) / Double(values.count)).cents }
