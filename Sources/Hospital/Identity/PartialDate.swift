import Ledger

/// A date whose day, or month and day, may be unknown. Written `1961-03-12`, `1961-03` or `1961`.
public struct PartialDate: Sendable, Hashable {
  public var year: Int
  public var month: Int?
  public var day: Int?

  public init(year: Int, month: Int? = nil, day: Int? = nil) {
    self.year = year
    self.month = month
    self.day = day
  }

  public init(_ date: CivilDate) {
    self.init(year: date.year, month: date.month, day: date.day)
  }

  /// The day, the month or the year of a clock's calendar that lasts from one instant to another; nil for an hour or
  /// less.
  public init?(from start: Instant, before end: Instant, _ clock: LocalTime) {
    let date = clock.day(start)
    switch (end.milliseconds - start.milliseconds) / 3_600_000 {
    case ..<2: return nil
    // Where the clock is put back, one hour comes twice.
    case ...25: self.init(date)
    case ...(31 * 24 + 1): self.init(year: date.year, month: date.month)
    default: self.init(year: date.year)
    }
  }

  /// nil where the calendar has no such day, or a day comes without its month.
  public init?(checkedYear year: Int, month: Int? = nil, day: Int? = nil) {
    guard day == nil || month != nil, CivilDate(year: year, month: month ?? 1, day: day ?? 1) != nil else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// `1961-03-12`, `1961-03` or `1961` and nothing else; nil for a date that no calendar has.
  public init?(_ text: String) {
    var text = text
    guard let date = text.withUTF8({ PartialDate(utf8: $0) }) else { return nil }
    self = date
  }

  private init?(utf8: UnsafeBufferPointer<UInt8>) {
    func number(_ start: Int, _ count: Int) -> Int? {
      var value = 0
      for index in start..<start + count {
        let digit = utf8[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }
    guard [4, 7, 10].contains(utf8.count), let year = number(0, 4) else { return nil }
    var month: Int?
    var day: Int?
    if utf8.count >= 7 {
      guard utf8[4] == UInt8(ascii: "-"), let read = number(5, 2) else { return nil }
      month = read
    }
    if utf8.count == 10 {
      guard utf8[7] == UInt8(ascii: "-"), let read = number(8, 2) else { return nil }
      day = read
    }
    self.init(checkedYear: year, month: month, day: day)
  }

  /// As facts and JSON say it.
  public var text: String {
    var text = PartialDate.padded(year, 4)
    if let month {
      text += "-" + PartialDate.padded(month, 2)
      if let day { text += "-" + PartialDate.padded(day, 2) }
    }
    return text
  }

  /// As screens and labels write it: `12/03/1961`, `03/1961` or `1961`.
  public var shown: String {
    var text = PartialDate.padded(year, 4)
    if let month {
      text = PartialDate.padded(month, 2) + "/" + text
      if let day { text = PartialDate.padded(day, 2) + "/" + text }
    }
    return text
  }

  /// The day, where it is wholly known.
  public var civil: CivilDate? {
    guard let month, let day else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// The earliest day it may be.
  public var earliest: CivilDate? { CivilDate(year: year, month: month ?? 1, day: day ?? 1) }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
