import Foundation
import Ledger
import Synchronization

/// The hospital's own clock: a time zone as a table of its changes, made once. What it shows, and the instant of an hour
/// that it shows, are then a search in an array, and the same wherever they are asked.
public struct LocalTime: Sendable {
  private struct Span: Sendable {
    /// First second of UTC since 1970 at which this offset holds.
    var start: Int
    var offsetSeconds: Int
  }

  private let spans: [Span]

  /// By IANA name.
  private static let made = Mutex<[String: [Span]]>([:])

  /// Of an IANA name, `Europe/Paris`; nil for a name that this machine does not know.
  public init?(zone name: String) {
    let spans = Self.made.withLock { made in
      if let spans = made[name] { return spans as [Span]? }
      let spans = Self.spans(name)
      made[name] = spans
      return spans
    }
    guard let spans else { return nil }
    self.spans = spans
  }

  /// The hospital's; France's while no structure says which. UTC where this machine does not know its name.
  public init(of structure: Structure?) {
    self = LocalTime(zone: structure?.timeZone ?? Structure.usualTimeZone) ?? .utc
  }

  /// Without changes: `offsetSeconds` east of UTC.
  public init(offsetSeconds: Int) {
    spans = [Span(start: .min, offsetSeconds: offsetSeconds)]
  }

  public static let utc = LocalTime(offsetSeconds: 0)

  /// 1900 to 2200.
  private static let firstSecond = -2_208_988_800.0
  private static let lastSecond = 7_258_118_400.0

  private static func spans(_ name: String) -> [Span]? {
    guard let zone = TimeZone(identifier: name) else { return nil }
    let first = Date(timeIntervalSince1970: firstSecond)
    var spans = [Span(start: .min, offsetSeconds: zone.secondsFromGMT(for: first))]
    var date = first
    while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date,
      next.timeIntervalSince1970 < lastSecond
    {
      spans.append(
        Span(
          start: Int(next.timeIntervalSince1970), offsetSeconds: zone.secondsFromGMT(for: next.addingTimeInterval(1))))
      date = next
    }
    return spans
  }

  // MARK: What it shows

  /// East of UTC.
  public func offsetSeconds(_ instant: Instant) -> Int {
    let second = instant.wholes(of: 1000)
    return spans[lastSpan { spans[$0].start <= second }].offsetSeconds
  }

  /// What it shows at `instant`, as if that were UTC.
  public func wall(_ instant: Instant) -> Instant { instant.adding(seconds: offsetSeconds(instant)) }

  public func day(_ instant: Instant) -> CivilDate { CivilDate(daysSince1970: wall(instant).wholes(of: 86_400_000)) }

  /// Whole minutes since that day's midnight.
  public func minute(_ instant: Instant) -> Int {
    let wall = wall(instant)
    return wall.wholes(of: 60_000) - wall.wholes(of: 86_400_000) * 1440
  }

  // MARK: When it shows an hour

  /// An hour that comes twice is its first; one that is skipped is counted on from the hour before it.
  /// - Parameter seconds: counted from 1970 as if local time were UTC.
  public func instant(ofLocal seconds: Int) -> Instant {
    let index = spanIndex(ofLocal: seconds)
    // By the clock before the change, it is already after: in the skipped hour that is one hour on.
    let isSkipped = index > 0 && seconds - spans[index].offsetSeconds < spans[index].start
    return Instant(milliseconds: Int64(seconds - spans[isSkipped ? index - 1 : index].offsetSeconds) * 1000)
  }

  /// Where this local hour comes twice, the instant at which its first coming began.
  /// - Parameter seconds: counted from 1970 as if local time were UTC.
  public func twiceBegan(ofLocal seconds: Int) -> Instant? {
    let index = spanIndex(ofLocal: seconds)
    guard index + 1 < spans.count else { return nil }
    let next = spans[index + 1]
    let gained = spans[index].offsetSeconds - next.offsetSeconds
    guard gained > 0, seconds - spans[index].offsetSeconds >= next.start - gained else { return nil }
    return Instant(milliseconds: Int64(next.start - gained) * 1000)
  }

  /// The last span that began, by the offset before it, no later than this local hour.
  private func spanIndex(ofLocal seconds: Int) -> Int {
    lastSpan { spans[$0].start + spans[$0 - 1].offsetSeconds <= seconds }
  }

  /// The last span that has begun; the first always has.
  private func lastSpan(_ hasBegun: (Int) -> Bool) -> Int {
    var (low, high) = (0, spans.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if hasBegun(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

extension Instant {
  /// How many whole stretches of that many milliseconds have passed since 1970.
  fileprivate func wholes(of length: Int64) -> Int {
    Int(milliseconds >= 0 ? milliseconds / length : (milliseconds - length + 1) / length)
  }
}
