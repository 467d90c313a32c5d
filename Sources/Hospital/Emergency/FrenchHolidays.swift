import Ledger

/// Public holidays of France (Code du travail, L3133-1), and the two more of Alsace and Moselle (L3134-13).
public enum FrenchHolidays {
  private static let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
  /// Days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
  private static let movable = [1, 39, 50]
  private static let boxingDay = (12, 26)
  private static let goodFriday = -2

  /// - Parameter alsaceMoselle: Good Friday and 26 December are holidays too.
  public static func contains(_ day: CivilDate, alsaceMoselle: Bool) -> Bool {
    let dates = fixed + (alsaceMoselle ? [boxingDay] : [])
    if dates.contains(where: { $0 == (day.month, day.day) }) { return true }
    let shift = day.daysSince1970 - easter(day.year)
    return movable.contains(shift) || alsaceMoselle && shift == goodFriday
  }

  /// Easter Sunday of the Gregorian calendar in days since 1970 (Meeus, Astronomical Algorithms, chapter 8).
  private static func easter(_ year: Int) -> Int {
    let (century, inCentury) = year.quotientAndRemainder(dividingBy: 100)
    let lunar = (century - (century + 8) / 25 + 1) / 3
    let epact = (19 * (year % 19) + century - century / 4 - lunar + 15) % 30
    let weekday = (32 + 2 * (century % 4) + 2 * (inCentury / 4) - epact - inCentury % 4) % 7
    let correction = (year % 19 + 11 * epact + 22 * weekday) / 451
    let (month, day) = (epact + weekday - 7 * correction + 114).quotientAndRemainder(dividingBy: 31)
    return CivilDate(year: year, month: month, day: day + 1)?.daysSince1970 ?? 0
  }
}
