import Hospital
import Ledger

/// Instants as people read them, in the hospital's own time zone.
package struct Hours: Sendable {
  let zone: String
  package let clock: LocalTime

  package init(_ zone: String) {
    self.zone = zone
    clock = LocalTime(zone: zone) ?? .utc
  }

  /// The hospital's own; France's while no structure says which.
  package init(of structure: Structure?) { self.init(structure?.timeZone ?? Structure.usualTimeZone) }

  /// `02:14`.
  package func time(_ instant: Instant) -> String {
    let minutes = wallSeconds(instant) / 60 % 1440
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// `21/08/2022` in both languages: a date that begins with the month would be read wrongly in this hospital.
  package func date(_ instant: Instant) -> String {
    let day = day(instant)
    return "\(two(day.day))/\(two(day.month))/\(day.year)"
  }

  package func day(_ instant: Instant) -> CivilDate { CivilDate(daysSince1970: wallSeconds(instant) / 86_400) }

  /// The instant at which that day begins on the wall's clock; nil beyond the calendar.
  package func midnight(daysSince1970 days: Int) -> Instant? {
    guard Instant(milliseconds: Int64(days) * 86_400_000).hasText else { return nil }
    return clock.instant(ofLocal: days * 86_400)
  }

  /// When that day begins, and when the next one does; nil beyond the calendar.
  func bounds(daysSince1970 day: Int) -> (from: Instant, to: Instant)? {
    guard let from = midnight(daysSince1970: day), let to = midnight(daysSince1970: day + 1) else { return nil }
    return (from, to)
  }

  /// `02:14` today, `20/08 23:50` this year, else with the year.
  package func dayAndTime(_ instant: Instant, now: Instant, _ language: Language) -> String {
    let day = day(instant)
    let today = self.day(now)
    if day == today { return time(instant) }
    let date = day.year == today.year ? "\(two(day.day))/\(two(day.month))" : date(instant)
    return "\(date) \(time(instant))"
  }

  /// `2022-08-21T02:14:00+02:00`, which says the offset.
  package func iso(_ instant: Instant) -> String {
    let offset = offset(instant)
    let minutes = abs(offset) / 60
    return "\(clock.wall(instant).text.prefix(19))\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// Seconds since 1970 on the wall's clock, never below zero for years that people write.
  private func wallSeconds(_ instant: Instant) -> Int { max(Int(clock.wall(instant).milliseconds), 0) / 1000 }

  /// Seconds east of Greenwich.
  func offset(_ instant: Instant) -> Int { clock.offsetSeconds(instant) }

  /// An hour that comes twice is its first; one that the clocks jump over counts as the one an hour later.
  func instant(_ date: CivilDate, hour: Int, minute: Int, second: Int = 0) -> Instant {
    clock.instant(ofLocal: date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second)
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

extension WebApp {
  var hours: Hours { Hours(situation.last.timeZone) }
}
