import Ledger

/// An age as French hospitals say it: completed years; months under 2 years; days under 1 month.
public struct Age: Sendable, Equatable {
  public enum Unit: String, Sendable {
    case years, months, days
  }

  public var value: Int
  public var unit: Unit
  /// The day, or the month and day, of birth is not known.
  public var isApproximate: Bool

  public init(_ value: Int, _ unit: Unit, isApproximate: Bool = false) {
    self.value = value
    self.unit = unit
    self.isApproximate = isApproximate
  }
}

extension PartialDate {
  /// nil for a birth still to come. An unknown day or month is taken as the first.
  public func age(on day: CivilDate) -> Age? {
    guard let birth = earliest, birth.daysSince1970 <= day.daysSince1970 else { return nil }
    let isApproximate = self.day == nil
    let months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day ? 1 : 0)
    if months >= 24 || month == nil { return Age(max(0, months / 12), .years, isApproximate: isApproximate) }
    if months >= 1 || self.day == nil { return Age(max(0, months), .months, isApproximate: isApproximate) }
    return Age(day.daysSince1970 - birth.daysSince1970, .days)
  }

  /// Completed years; nil for a birth still to come.
  public func years(on day: CivilDate) -> Int? {
    guard let birth = earliest, birth.daysSince1970 <= day.daysSince1970 else { return nil }
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day) ? 1 : 0)
  }
}

extension Patient {
  /// Completed years, by the birth date or as somebody guessed.
  func years(on day: CivilDate) -> Int? { birthDate?.years(on: day) ?? unknown?.estimatedAge }

  /// By a situation or by age.
  public func isMinor(on day: CivilDate) -> Bool { situation(.minor) != nil || years(on: day).map { $0 < 18 } ?? false }
}
