import Hospital
import Ledger

/// A date of a search, `ge2022-08-21`: what lies against it.
public struct FHIRDateBound: Sendable {
  public enum Comparison: String, Sendable {
    case equal = "eq"
    case notEqual = "ne"
    case after = "gt"
    case before = "lt"
    case atOrAfter = "ge"
    case atOrBefore = "le"
    case startsAfter = "sa"
    case endsBefore = "eb"
  }

  public let comparison: Comparison
  /// What the text spans: from its first moment, to the first after it.
  public let from: Instant
  public let until: Instant

  /// nil for what is no date. Without an offset, it is in the hospital's own time.
  public init?(_ text: String, _ zone: LocalTime) {
    var rest = text[...]
    if let known = Comparison(rawValue: String(text.prefix(2))) {
      comparison = known
      rest = text.dropFirst(2)
    } else {
      comparison = .equal
    }
    guard let span = FHIRDateBound.span(rest, zone) else { return nil }
    (from, until) = span
  }

  /// Whether something that lasts from `start` to `end` answers; one that has not ended has no end.
  public func holds(_ start: Instant, _ end: Instant?) -> Bool {
    let last = end ?? .latest
    switch comparison {
    case .equal: return start >= from && last < until || start == last && start >= from && start < until
    case .notEqual: return !(start >= from && last < until)
    case .after: return last >= until
    case .before: return start < from
    case .atOrAfter: return last >= from
    case .atOrBefore: return start < until
    case .startsAfter: return start >= until
    case .endsBefore: return end.map { $0 < from } ?? false
    }
  }

  /// `2022`, `2022-08`, `2022-08-21`, and times down to the millisecond.
  private static func span(_ text: Substring, _ zone: LocalTime) -> (Instant, Instant)? {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let date = PartialDate(String(parts[0])), (1...9998).contains(date.year),
      let first = CivilDate(year: date.year, month: date.month ?? 1, day: date.day ?? 1)
    else { return nil }
    if parts.count == 1 {
      let next: Int
      if date.day != nil {
        next = first.daysSince1970 + 1
      } else if let month = date.month {
        next = first.daysSince1970 + CivilDate.length(ofMonth: month, year: date.year)
      } else {
        next = CivilDate(year: date.year + 1, month: 1, day: 1)?.daysSince1970 ?? first.daysSince1970
      }
      return (zone.instant(ofLocal: first.daysSince1970 * 86_400), zone.instant(ofLocal: next * 86_400))
    }
    guard date.day != nil, let (seconds, length, offset) = clock(parts[1]) else { return nil }
    let local = first.daysSince1970 * 86_400 * 1000 + seconds
    let start: Instant
    if let offset {
      start = Instant(milliseconds: Int64(local - offset * 1000))
    } else {
      start = Instant(milliseconds: zone.instant(ofLocal: local / 1000).milliseconds + Int64(local % 1000))
    }
    return (start, Instant(milliseconds: start.milliseconds + Int64(length)))
  }

  /// Milliseconds of the day, how many the text spans, and the offset in seconds where one is said.
  private static func clock(_ text: Substring) -> (Int, Int, Int?)? {
    var time = text
    var offset: Int?
    if time.hasSuffix("Z") {
      offset = 0
      time = time.dropLast()
    } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == " " }) {
      // A plus sign that nobody percent-encoded has become a blank.
      let parts = time[time.index(after: sign)...].split(separator: ":").map { Int($0) }
      guard parts.count == 2, let hours = parts[0], let minutes = parts[1], (0...14).contains(hours),
        (0...59).contains(minutes)
      else { return nil }
      offset = (hours * 60 + minutes) * 60 * (time[sign] == "-" ? -1 : 1)
      time = time[..<sign]
    }
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    var milliseconds = (hour * 60 + minute) * 60_000
    guard parts.count == 3 else { return (milliseconds, 60_000, offset) }
    let seconds = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = Int(seconds[0]), (0...59).contains(whole) else { return nil }
    milliseconds += whole * 1000
    guard seconds.count == 2 else { return (milliseconds, 1000, offset) }
    let digits = seconds[1].prefix(3)
    guard let fraction = Int(digits), fraction >= 0, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    let scale = [100, 10, 1][digits.count - 1]
    return (milliseconds + fraction * scale, scale, offset)
  }
}
