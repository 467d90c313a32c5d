extension Instant: CustomStringConvertible {
  /// `2022-08-21T01:00:00.000Z` and nothing else: one spelling per instant, years 0000 to 9999.
  public init?(_ text: String) {
    var text = text
    guard let instant = text.withUTF8({ Instant(utf8: $0) }) else { return nil }
    self = instant
  }

  init?(utf8: UnsafeBufferPointer<UInt8>) {
    guard utf8.count == 24 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for index in range {
        let digit = utf8[index] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
      }
      return value
    }
    guard utf8[4] == UInt8(ascii: "-"), utf8[7] == UInt8(ascii: "-"), utf8[10] == UInt8(ascii: "T"),
      utf8[13] == UInt8(ascii: ":"), utf8[16] == UInt8(ascii: ":"), utf8[19] == UInt8(ascii: "."),
      utf8[23] == UInt8(ascii: "Z"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let millisecond = number(20..<23),
      hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
    self.init(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
  }

  /// The first and last instants that have a text.
  public static let earliest = Instant(milliseconds: -62_167_219_200_000)
  public static let latest = Instant(milliseconds: 253_402_300_799_999)

  /// Whether it lies in years 0000 to 9999, which four digits can say.
  public var hasText: Bool { self >= .earliest && self <= .latest }

  /// `2022-08-21T01:00:00.000Z`; beyond years 0000 to 9999, the nearest instant that has a text.
  public var text: String {
    let clamped = min(max(self, .earliest), .latest).milliseconds
    let dayLength: Int64 = 86_400_000
    let day = clamped >= 0 ? clamped / dayLength : (clamped - dayLength + 1) / dayLength
    let rest = Int(clamped - day * dayLength)
    let date = CivilDate(daysSince1970: Int(day))
    return String(unsafeUninitializedCapacity: 24) { buffer in
      func put(_ value: Int, at start: Int, digits: Int) {
        var value = value
        for index in stride(from: start + digits - 1, through: start, by: -1) {
          buffer[index] = UInt8(ascii: "0") + UInt8(value % 10)
          value /= 10
        }
      }
      put(date.year, at: 0, digits: 4)
      put(date.month, at: 5, digits: 2)
      put(date.day, at: 8, digits: 2)
      put(rest / 3_600_000, at: 11, digits: 2)
      put(rest / 60_000 % 60, at: 14, digits: 2)
      put(rest / 1000 % 60, at: 17, digits: 2)
      put(rest % 1000, at: 20, digits: 3)
      (buffer[4], buffer[7], buffer[10]) = (UInt8(ascii: "-"), UInt8(ascii: "-"), UInt8(ascii: "T"))
      (buffer[13], buffer[16], buffer[19]) = (UInt8(ascii: ":"), UInt8(ascii: ":"), UInt8(ascii: "."))
      buffer[23] = UInt8(ascii: "Z")
      return 24
    }
  }

  public var description: String { text }
}
