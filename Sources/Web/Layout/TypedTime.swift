import Hospital
import Ledger

/// An hour as people type it: `02:10`, `2h10`, `hier 23:10`, `19/08 23:10`, `il y a 3 h`, `maintenant`, nothing at all;
/// and as programs do: `2022-08-21T01:00:00.000Z`, `2022-08-21T03:00+02:00`, `2022-08-21T03:00`.
package struct TypedTime: Sendable {
  let hours: Hours
  let now: Instant
  /// The form's field, for refusals.
  let field: String

  package init(_ hours: Hours, now: Instant, field: String = "at") {
    self.hours = hours
    self.now = now
    self.field = field
  }

  /// nil where nothing was typed, or "now".
  /// - Throws: `time-unreadable`, `time-no-hour`, `time-no-such-hour`, `time-no-such-day`.
  package func read(_ typed: String?) throws(Refusal) -> Instant? {
    guard let typed, typed.utf8.count <= 64 else {
      if typed == nil { return nil }
      throw Refusal("time-unreadable", field: field)
    }
    let text = typed.lowercased().trimmed
    if text.isEmpty || ["maintenant", "now", "à l'instant", "à l’instant"].contains(text) { return nil }
    if let instant = machine(typed.trimmed) { return instant }
    if let seconds = ago(text) { return now.adding(seconds: -seconds) }
    return try dayAndHour(text)
  }

  /// The same of what is still to come: an hour alone is the next such hour, and `dans 3 h` counts from now.
  package func readFuture(_ typed: String?) throws(Refusal) -> Instant? {
    guard let typed, typed.utf8.count <= 64 else {
      if typed == nil { return nil }
      throw Refusal("time-unreadable", field: field)
    }
    let text = typed.lowercased().trimmed
    if text.isEmpty { return nil }
    if let instant = machine(typed.trimmed) { return instant }
    // What is past is refused as such by whoever is asked.
    if let seconds = ago(text) { return now.adding(seconds: -seconds) }
    for start in ["dans ", "in ", "+"] where text.hasPrefix(start) {
      guard let seconds = ago("-" + text.dropFirst(start.count)) else { break }
      return now.adding(seconds: seconds)
    }
    return try dayAndHour(text, isFuture: true)
  }

  // MARK: As programs write it

  private func machine(_ text: String) -> Instant? {
    let text = text.uppercased()
    guard text.utf8.count >= 16, text.utf8.count <= 32, let tee = text.firstIndex(of: "T") else { return nil }
    let day = text[..<tee].split(separator: "-", omittingEmptySubsequences: false).map { digits($0) }
    guard day.count == 3, let year = day[0], let month = day[1], let date = day[2],
      let civil = CivilDate(year: year, month: month, day: date)
    else { return nil }
    var clock = text[text.index(after: tee)...]
    var offset: Int?
    if clock.hasSuffix("Z") {
      offset = 0
      clock = clock.dropLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let parts = clock[clock.index(after: sign)...].split(separator: ":").map { digits($0) }
      guard parts.count == 2, let hours = parts[0], let minutes = parts[1], hours < 24, minutes < 60 else { return nil }
      offset = (hours * 60 + minutes) * (clock[sign] == "-" ? -60 : 60)
      clock = clock[..<sign]
    }
    let parts = clock.split(separator: ".", omittingEmptySubsequences: false)
    let fields = parts[0].split(separator: ":", omittingEmptySubsequences: false).map { digits($0) }
    guard parts.count <= 2, fields.count == 2 || fields.count == 3, let hour = fields[0], let minute = fields[1],
      let second = fields.count == 3 ? fields[2] : 0, hour < 24, minute < 60, second < 60
    else { return nil }
    let milliseconds =
      parts.count == 2 ? digits(parts[1].prefix(3)).map { $0 * [100, 10, 1][min(parts[1].count, 3) - 1] } : 0
    guard let milliseconds else { return nil }
    let instant: Instant
    if let offset {
      let seconds = civil.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
      instant = Instant(milliseconds: Int64(seconds) * 1000)
    } else {
      instant = hours.instant(civil, hour: hour, minute: minute, second: second)
    }
    return Instant(milliseconds: instant.milliseconds + Int64(milliseconds))
  }

  // MARK: As people say it

  /// Seconds of `il y a 3 h`, `il y a 1 h 30`, `20 min ago`, `-2h`; nil where it is no such thing.
  private func ago(_ text: String) -> Int? {
    var rest = Substring(text)
    if rest.hasPrefix("il y a") {
      rest = rest.dropFirst(6)
    } else if rest.hasSuffix("ago") {
      rest = rest.dropLast(3)
    } else if rest.hasPrefix("-") {
      rest = rest.dropFirst()
    } else {
      return nil
    }
    var seconds = 0
    var unit = 0
    var found = false
    for (number, word) in pairs(rest) {
      // `1 h 30`: what follows hours are minutes.
      guard let length = word.isEmpty ? (unit == 3600 ? 60 : nil) : Self.units[word], number <= 10_000 else {
        return nil
      }
      seconds += number * length
      unit = length
      found = true
    }
    return found ? seconds : nil
  }

  private static let units = [
    "h": 3600, "heure": 3600, "heures": 3600, "hour": 3600, "hours": 3600, "m": 60, "min": 60, "mn": 60, "minute": 60,
    "minutes": 60, "j": 86_400, "jour": 86_400, "jours": 86_400, "d": 86_400, "day": 86_400, "days": 86_400,
  ]

  /// `1 h 30` as (1, h), (30, ""); a stray word gives an unreadable pair.
  private func pairs(_ text: Substring) -> [(Int, String)] {
    var out: [(Int, String)] = []
    var rest = text.filter { $0 != " " && $0 != "\u{A0}" && $0 != "\u{202F}" }[...]
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(number.count)
      let word = rest.prefix { !($0.isASCII && $0.isNumber) }
      rest = rest.dropFirst(word.count)
      guard let value = digits(number) else { return [(0, "?")] }
      out.append((value, String(word)))
    }
    return out
  }

  private func dayAndHour(_ text: String, isFuture: Bool = false) throws(Refusal) -> Instant {
    let unreadable = Refusal("time-unreadable", field: field)
    var words = text.replacing("à", with: " ").split { $0 == " " || $0 == "," }
    let today = hours.day(now)
    var date: CivilDate?
    if let first = words.first, let back = Self.daysBack[String(first)] {
      date = CivilDate(daysSince1970: today.daysSince1970 - back)
      words.removeFirst()
    } else if let first = words.first, first.contains("/") || (first.count == 8 && digits(first) != nil) {
      date = try day(first, today: today)
      words.removeFirst()
    }
    // A day alone has no hour, and midnight would be a guess.
    guard !words.isEmpty else { throw date == nil ? unreadable : Refusal("time-no-hour", field: field) }
    guard let (hour, minute) = clock(words.joined()) else { throw unreadable }
    guard hour < 24, minute < 60 else {
      throw Refusal("time-no-such-hour", field: field, ["hour": words.joined()])
    }
    if let date { return hours.instant(date, hour: hour, minute: minute) }
    let said = hours.instant(today, hour: hour, minute: minute)
    if isFuture {
      guard said <= now else { return said }
      return hours.instant(CivilDate(daysSince1970: today.daysSince1970 + 1), hour: hour, minute: minute)
    }
    // 23:50 typed at ten past midnight was yesterday; 03:20 typed at 03:15 is a watch that runs ahead.
    guard said > now.adding(seconds: 900) else { return said }
    return hours.instant(CivilDate(daysSince1970: today.daysSince1970 - 1), hour: hour, minute: minute)
  }

  private static let daysBack = [
    "hier": 1, "yesterday": 1, "avant-hier": 2, "aujourd'hui": 0, "aujourd’hui": 0, "today": 0,
    "demain": -1, "tomorrow": -1, "après-demain": -2,
  ]

  /// `19/08`, `19/08/22`, `19/08/2022`, `19082022`.
  private func day(_ text: Substring, today: CivilDate) throws(Refusal) -> CivilDate {
    let parts: [Int?]
    if text.contains("/") {
      parts = text.split(separator: "/", omittingEmptySubsequences: false).map { digits($0) }
    } else {
      parts = [digits(text.prefix(2)), digits(text.dropFirst(2).prefix(2)), digits(text.dropFirst(4))]
    }
    guard parts.count == 2 || parts.count == 3, let day = parts[0], let month = parts[1],
      var year = parts.count == 3 ? parts[2] : today.year
    else { throw Refusal("time-unreadable", field: field) }
    if year < 100 { year += 2000 }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      throw Refusal("time-no-such-day", field: field, ["day": String(text)])
    }
    return date
  }

  /// `02:10`, `2h10`, `2h`, `0210`, `210`.
  private func clock(_ text: String) -> (Int, Int)? {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "h" || $0 == "." }
    if parts.count == 2 {
      guard let hour = digits(parts[0]), let minute = parts[1].isEmpty ? 0 : digits(parts[1]) else { return nil }
      return (hour, minute)
    }
    guard text.count == 3 || text.count == 4, let number = digits(text[...]) else { return nil }
    return (number / 100, number % 100)
  }

  private func digits(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}

extension Hours {
  /// `19/08/2022 02:14`: what a form shows and reads back.
  func full(_ instant: Instant) -> String { "\(date(instant)) \(time(instant))" }
}
