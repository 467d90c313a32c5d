import Foundation
import Ledger

/// A time zone as a table of its changes, made once: turning a local hour into UTC is then a search in an array, and
/// gives the same wherever it is done.
public struct LocalTime: Sendable {
  private struct Span: Sendable {
    /// First second of UTC since 1970 at which this offset holds.
    var start: Int
    var offsetSeconds: Int
  }

  private let spans: [Span]

  /// Of an IANA name, `Europe/Paris`; nil for a name that is not known.
  public init?(zone name: String) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    let first = Date(timeIntervalSince1970: LocalTime.firstSecond)
    var spans = [Span(start: .min, offsetSeconds: zone.secondsFromGMT(for: first))]
    var date = first
    while let next = zone.nextDaylightSavingTimeTransition(after: date), next > date,
      next.timeIntervalSince1970 < LocalTime.lastSecond
    {
      spans.append(
        Span(
          start: Int(next.timeIntervalSince1970), offsetSeconds: zone.secondsFromGMT(for: next.addingTimeInterval(1))))
      date = next
    }
    self.spans = spans
  }

  /// Without changes: `offsetSeconds` east of UTC.
  public init(offsetSeconds: Int) {
    spans = [Span(start: .min, offsetSeconds: offsetSeconds)]
  }

  /// 1900 to 2200.
  private static let firstSecond = -2_208_988_800.0
  private static let lastSecond = 7_258_118_400.0

  /// An hour that comes twice is its first; one that is skipped is counted on from the hour before it.
  ///
  /// `seconds` are counted from 1970 as if local time were UTC.
  func instantSeconds(ofLocal seconds: Int) -> Int {
    let index = spanIndex(ofLocal: seconds)
    // By the clock before the change, it is already after: in the skipped hour that is one hour on.
    if index > 0, seconds - spans[index].offsetSeconds < spans[index].start {
      return seconds - spans[index - 1].offsetSeconds
    }
    return seconds - spans[index].offsetSeconds
  }

  /// Where this local hour comes twice, the second of UTC at which its first coming began.
  func twiceBeganSeconds(ofLocal seconds: Int) -> Int? {
    let index = spanIndex(ofLocal: seconds)
    guard index + 1 < spans.count else { return nil }
    let next = spans[index + 1]
    let gained = spans[index].offsetSeconds - next.offsetSeconds
    guard gained > 0, seconds - spans[index].offsetSeconds >= next.start - gained else { return nil }
    return next.start - gained
  }

  /// The last span that began, by the offset before it, no later than this local hour.
  private func spanIndex(ofLocal seconds: Int) -> Int {
    var (low, high) = (0, spans.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if spans[middle].start + spans[middle - 1].offsetSeconds <= seconds { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Local time at `instant`, with its offset, as HL7 writes it: `20251103155106+0100`.
  public func hl7Text(_ instant: Instant) -> String {
    let second = Int(instant.milliseconds / 1000)
    let offset = spans.last { $0.start <= second }?.offsetSeconds ?? 0
    let local = Instant(milliseconds: Int64(second + offset) * 1000).text.utf8.filter { (0x30...0x39).contains($0) }
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return String(decoding: local.prefix(14), as: UTF8.self) + sign + two(minutes / 60) + two(minutes % 60)
  }
}
