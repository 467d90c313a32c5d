import Hospital
import Ledger

/// HL7's TS: `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]`. What is not said of the hour is its beginning.
struct Timestamp: Sendable, Equatable {
  private let localSeconds: Int
  /// Where what the text names ends, if that is an hour, a day, a month or a year; nil where it says the minute.
  private let localEndSeconds: Int?
  private let milliseconds: Int
  private let offsetSeconds: Int?

  /// nil for what is no day or hour of the calendar.
  init?(_ field: HL7Field) {
    guard let text = field.string else { return nil }
    self.init(text)
  }

  init?(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let digits = bytes.prefix { (0x30...0x39).contains($0) }
    guard digits.count >= 4, digits.count <= 14, digits.count.isMultiple(of: 2) else { return nil }
    bytes = bytes.dropFirst(digits.count)
    func number(_ range: Range<Int>, else absent: Int) -> Int {
      guard range.upperBound <= digits.count else { return absent }
      return digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard let date = CivilDate(year: number(0..<4, else: 0), month: number(4..<6, else: 1), day: number(6..<8, else: 1))
    else { return nil }
    let (hour, minute, second) = (number(8..<10, else: 0), number(10..<12, else: 0), number(12..<14, else: 0))
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let start = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
    localSeconds = start
    localEndSeconds = Timestamp.seconds(saidIn: digits.count, date).map { start + $0 }
    guard let milliseconds = Timestamp.fraction(&bytes), let offset = Timestamp.offset(bytes) else { return nil }
    self.milliseconds = milliseconds
    offsetSeconds = offset.seconds
  }

  /// How long what so many digits name lasts.
  private static func seconds(saidIn digits: Int, _ date: CivilDate) -> Int? {
    switch digits {
    case 4: (CivilDate.length(ofMonth: 2, year: date.year) + 337) * 86_400
    case 6: CivilDate.length(ofMonth: date.month, year: date.year) * 86_400
    case 8: 86_400
    case 10: 3600
    default: nil
    }
  }

  private static func fraction(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    guard bytes.first == UInt8(ascii: ".") else { return 0 }
    bytes = bytes.dropFirst()
    let digits = bytes.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return nil }
    bytes = bytes.dropFirst(digits.count)
    return [100, 10, 1].enumerated().reduce(0) { sum, place in
      place.offset < digits.count ? sum + Int(digits[digits.startIndex + place.offset] - 0x30) * place.element : sum
    }
  }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> (seconds: Int?, Void)? {
    guard let sign = bytes.first else { return (nil, ()) }
    let digits = Array(bytes.dropFirst())
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 4,
      digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let values = digits.map { Int($0 - 0x30) }
    let (hours, minutes) = (values[0] * 10 + values[1], values[2] * 10 + values[3])
    guard hours <= 14, minutes < 60 else { return nil }
    let seconds = (hours * 60 + minutes) * 60
    return (sign == UInt8(ascii: "-") ? -seconds : seconds, ())
  }

  /// When it happened. In the hour that comes twice at the end of summer time, its first coming.
  func instant(_ localTime: LocalTime) -> Instant {
    instant(ofLocal: localSeconds, localTime)
  }

  /// The first moment after the hour, the day, the month or the year that alone is said; nil where the minute is.
  func end(_ localTime: LocalTime) -> Instant? { localEndSeconds.map { instant(ofLocal: $0, localTime) } }

  private func instant(ofLocal local: Int, _ localTime: LocalTime) -> Instant {
    let clock = offsetSeconds.map { LocalTime(offsetSeconds: $0) } ?? localTime
    return Instant(milliseconds: clock.instant(ofLocal: local).milliseconds + Int64(milliseconds))
  }

  /// When a message was sent. In the hour that comes twice, every message has the instant at which that hour first
  /// began, so that its control id orders it.
  func sendingInstant(_ localTime: LocalTime) -> Instant {
    if offsetSeconds == nil, let began = localTime.twiceBegan(ofLocal: localSeconds) { return began }
    return instant(localTime)
  }
}

extension LocalTime {
  /// What it shows at `instant`, with its offset, as HL7 writes it: `20251103155106+0100`.
  public func hl7Text(_ instant: Instant) -> String {
    let local = wall(instant).text.utf8.filter { (0x30...0x39).contains($0) }
    let offset = offsetSeconds(instant)
    let minutes = abs(offset) / 60
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return String(decoding: local.prefix(14), as: UTF8.self) + (offset < 0 ? "-" : "+") + two(minutes / 60)
      + two(minutes % 60)
  }
}
