import Ledger
import Testing
import Web

@Suite struct HoursTests {
  let hours = Hours("Europe/Paris")

  /// Summer, winter, and both sides of the nights on which the clocks change.
  @Test(arguments: [
    ("2022-08-21T01:00:00.000Z", "03:00", "2022-08-21T03:00:00+02:00"),
    ("2022-01-10T23:30:00.000Z", "00:30", "2022-01-11T00:30:00+01:00"),
    ("2022-03-27T00:59:59.000Z", "01:59", "2022-03-27T01:59:59+01:00"),
    ("2022-03-27T01:00:00.000Z", "03:00", "2022-03-27T03:00:00+02:00"),
    ("2022-10-30T00:30:00.000Z", "02:30", "2022-10-30T02:30:00+02:00"),
    ("2022-10-30T01:30:00.000Z", "02:30", "2022-10-30T02:30:00+01:00"),
  ])
  func theWallsClock(utc: String, time: String, iso: String) throws {
    let instant = try #require(Instant(utc))
    #expect(hours.time(instant) == time)
    #expect(hours.iso(instant) == iso)
  }

  @Test(arguments: [
    ("2022-08-21T00:10:00.000Z", "02:10"), ("2022-08-20T21:50:00.000Z", "20/08 23:50"),
    ("2021-12-31T22:59:00.000Z", "31/12/2021 23:59"),
  ])
  func aDayIsSaidWhereItIsNotToday(utc: String, said: String) throws {
    let now = try #require(Instant("2022-08-21T01:00:00.000Z"))
    #expect(hours.dayAndTime(try #require(Instant(utc)), now: now, .fr) == said)
  }

  @Test(arguments: [
    ("2022-08-21", "2022-08-20T22:00:00.000Z"), ("2022-03-27", "2022-03-26T23:00:00.000Z"),
    ("2022-03-28", "2022-03-27T22:00:00.000Z"), ("2022-10-30", "2022-10-29T22:00:00.000Z"),
    ("2022-10-31", "2022-10-30T23:00:00.000Z"),
  ])
  func midnights(day: String, utc: String) throws {
    let noon = try #require(Instant("\(day)T10:00:00.000Z"))
    #expect(hours.midnight(daysSince1970: hours.day(noon).daysSince1970) == Instant(utc))
  }
}
