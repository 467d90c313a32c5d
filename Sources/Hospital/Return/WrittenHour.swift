import Ledger

/// A day, and maybe an hour of it, as a list writes them: `21/08/2022 10:30`, `21/08/2022 à 10h30`,
/// `2022-08-21T10:30:00`, `202208211030`, with `Z` or an offset behind it or on the hospital's clock; `21/08/2022` for a day alone.
struct WrittenHour {
  private var day: CivilDate
  /// Of that day; nil where only the day is said.
  private var minute: Int?
  /// Minutes east of UTC; nil on the hospital's clock.
  private var offset: Int?

  init?(_ text: String) {
    guard text.utf8.count <= 40 else { return nil }
    var rest = text.uppercased()
    let isUTC = rest.hasSuffix("Z")
    if let sign = Self.offsetSign(rest) {
      let digits = rest[rest.index(after: sign)...].utf8.filter { (48...57).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)), digits.count == 4, value % 100 < 60, value <= 1400
      else { return nil }
      offset = (value / 100 * 60 + value % 100) * (rest[sign] == "-" ? -1 : 1)
      rest = String(rest[..<sign])
    } else if isUTC {
      offset = 0
    }
    var groups = rest.split { !$0.isASCII || !$0.isNumber }.map(String.init)
    if let solid = groups.first, solid.count >= 8 {
      guard [8, 12, 14].contains(solid.count) else { return nil }
      let isYearFirst = solid.count > 8 || solid.hasPrefix("19") || solid.hasPrefix("20")
      let lengths = (isYearFirst ? [4, 2, 2] : [2, 2, 4]) + [2, 2, 2]
      var left = Substring(solid)
      groups.removeFirst()
      var parts: [String] = []
      for length in lengths where !left.isEmpty {
        parts.append(String(left.prefix(length)))
        left = left.dropFirst(length)
      }
      groups = parts + groups
    }
    let numbers = groups.compactMap { $0.count <= 4 ? Int($0) : nil }
    guard numbers.count == groups.count, numbers.count == 3 || (5...7).contains(numbers.count) else { return nil }
    let isYearFirst = groups[0].count == 4
    guard groups[isYearFirst ? 0 : 2].count == 4,
      let day = CivilDate(year: numbers[isYearFirst ? 0 : 2], month: numbers[1], day: numbers[isYearFirst ? 2 : 0]),
      day.year >= 1850
    else { return nil }
    self.day = day
    if numbers.count == 3 { return }
    guard numbers[3] < 24, numbers[4] < 60 else { return nil }
    minute = numbers[3] * 60 + numbers[4]
  }

  /// After an hour, so that it is no part of a date.
  private static func offsetSign(_ text: String) -> String.Index? {
    if let plus = text.lastIndex(of: "+") { return plus }
    guard let minus = text.lastIndex(of: "-"), text[..<minus].contains(":") else { return nil }
    return minus
  }

  /// As `ReturnField` has hours: an instant, or a day's first one and the next day's, with `/` between.
  func text(on clock: LocalTime) -> String {
    func text(_ minute: Int, _ clock: LocalTime) -> String {
      clock.instant(ofLocal: (day.daysSince1970 * 1440 + minute) * 60).text
    }
    guard let minute else { return "\(text(0, clock))/\(text(1440, clock))" }
    return text(minute, offset.map { LocalTime(offsetSeconds: $0 * 60) } ?? clock)
  }
}
