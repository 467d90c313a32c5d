import Ledger
import Seeded
import Testing

struct TimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00.000Z", 0),
    ("2022-08-21T01:00:00.000Z", 1_661_043_600_000),
    ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
    ("1961-03-12T00:00:00.001Z", -277_948_799_999),
    ("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ])
  func instant(text: String, milliseconds: Int64) {
    #expect(Instant(text)?.milliseconds == milliseconds)
    #expect(Instant(milliseconds: milliseconds).text == text)
  }

  @Test(arguments: [
    "", "2022-08-21", "2022-08-21T01:00:00Z", "2022-08-21T01:00:00.000+00:00", "2022-08-21t01:00:00.000Z",
    "2022-08-21T24:00:00.000Z", "2022-08-21T01:60:00.000Z", "2022-08-21T01:00:60.000Z", "2023-02-29T00:00:00.000Z",
    "1900-02-29T00:00:00.000Z", "2022-13-01T00:00:00.000Z", "2022-00-01T00:00:00.000Z", "2022-01-00T00:00:00.000Z",
    "2022-04-31T00:00:00.000Z", "+022-08-21T01:00:00.000Z", "2022-08-21T01:00:00.000Z ", "2022-08-21T01:00:00.0٠Z",
  ])
  func notAnInstant(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test func everyDayOfTenThousandYearsIsWrittenAndRead() {
    for day in stride(from: -719_528, through: 2_932_896, by: 97) {
      let date = CivilDate(daysSince1970: day)
      #expect(date.daysSince1970 == day)
      let instant = Instant(milliseconds: Int64(day) * 86_400_000 + 1)
      #expect(Instant(instant.text) == instant)
    }
  }

  @Test(arguments: [
    (1970, 1, 1, 3), (1969, 12, 28, 6), (1969, 12, 29, 0), (2024, 2, 29, 3), (2022, 8, 21, 6), (1900, 1, 1, 0),
    (0, 1, 1, 5),
  ])
  func aWeekBeginsOnMonday(year: Int, month: Int, day: Int, weekday: Int) {
    #expect(CivilDate(year: year, month: month, day: day)?.weekday == weekday)
  }

  @Test func hybridTime() {
    let time = HybridTime("2022-08-21T01:00:00.000Z/0007")
    #expect(time?.counter == 7)
    #expect(time?.text == "2022-08-21T01:00:00.000Z/0007")
    for bad in ["2022-08-21T01:00:00.000Z/000A", "2022-08-21T01:00:00.000Z/7", "2022-08-21T01:00:00.000Z"] {
      #expect(HybridTime(bad) == nil)
    }
  }

  @Test func aFullCounterAdvancesTheMillisecond() {
    let full = HybridTime(instant: Instant(milliseconds: 5), counter: .max)
    #expect(full.successor == HybridTime(instant: Instant(milliseconds: 6), counter: 0))
  }

  /// Time grows strictly along a chain whatever the wall clock does, and nobody is dragged to 2099.
  @Test(arguments: 0..<40)
  func theClockOnlyGoesForward(seed: UInt64) {
    var random = Seeded(seed: seed)
    var clock = HybridClock()
    var wall = Instant(milliseconds: 1_661_043_600_000)
    for _ in 0..<500 {
      let before = clock.last
      wall.milliseconds += Int64.random(in: -3000...5000, using: &random)
      if Bool.random(using: &random) {
        let ahead = Int64.random(in: -1_000_000...1_000_000, using: &random)
        let other = HybridTime(instant: Instant(milliseconds: wall.milliseconds + ahead), counter: 3)
        clock.observe(other, wall: wall)
        if ahead <= 300_000 { #expect(clock.last! >= other) } else { #expect(clock.last == before) }
      } else {
        let next = clock.next(wall: wall)
        #expect(next.instant >= wall)
        if let before { #expect(next > before) }
      }
    }
  }
}
