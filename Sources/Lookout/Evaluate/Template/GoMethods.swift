/// The methods that values in templates have.
extension GoValue {
  func method(_ name: String) -> TemplateFunction? {
    switch self {
    case .time(let time): Self.ofTime(time)[name]
    case .duration(let duration): Self.ofDuration(duration)[name]
    default: nil
    }
  }

  private static func giving(_ value: GoValue) -> TemplateFunction { TemplateFunction { (_, _) throws(GoError) in value } }

  private static func ofTime(_ time: GoTime) -> [String: TemplateFunction] {
    let civil = time.civil
    return [
      "Format": TemplateFunction(.text) { (values, _) throws(GoError) in .text(time.formatted(values[0].inside)) },
      "Add": TemplateFunction(.duration) { (values, _) throws(GoError) in
        guard case .duration(let span) = values[0] else { return .time(time) }
        return .time(time + span)
      },
      "Sub": comparing { .duration(time - $0) }, "After": comparing { .bool($0 < time) }, "Before": comparing { .bool(time < $0) },
      "Equal": comparing { .bool(time == $0) },
      "String": giving(.text(time.description)), "UTC": giving(.time(time)),
      "Unix": giving(.int(time.seconds)), "UnixMilli": giving(.int(time.inUnits(perSecond: 1000))),
      "UnixMicro": giving(.int(time.inUnits(perSecond: 1_000_000))), "UnixNano": giving(.int(time.inUnits(perSecond: 1_000_000_000))),
      "Year": giving(.int(Int64(civil.year))), "Month": giving(.text(GoTime.months[civil.month - 1])),
      "Day": giving(.int(Int64(civil.day))), "YearDay": giving(.int(Int64(civil.dayOfYear))),
      "Weekday": giving(.text(GoTime.weekdays[civil.weekday])), "Hour": giving(.int(Int64(civil.hour))),
      "Minute": giving(.int(Int64(civil.minute))), "Second": giving(.int(Int64(civil.secondOfDay % 60))),
      "Nanosecond": giving(.int(time.nanoseconds)),
    ]
  }

  private static func comparing(_ compare: @escaping @Sendable (GoTime) -> GoValue) -> TemplateFunction {
    TemplateFunction(.time) { (values, _) throws(GoError) in
      guard case .time(let other) = values[0] else { return .none }
      return compare(other)
    }
  }

  private static func ofDuration(_ duration: GoDuration) -> [String: TemplateFunction] {
    let nanoseconds = duration.nanoseconds
    return [
      "String": giving(.text(duration.description)), "Seconds": giving(.float(duration.seconds)),
      "Minutes": giving(.float(duration.seconds / 60)), "Hours": giving(.float(duration.seconds / 3600)),
      "Milliseconds": giving(.int(nanoseconds / 1_000_000)), "Microseconds": giving(.int(nanoseconds / 1000)),
      "Nanoseconds": giving(.int(nanoseconds)),
      "Abs": giving(.duration(GoDuration(nanoseconds: nanoseconds == .min ? .max : abs(nanoseconds)))),
    ]
  }
}
