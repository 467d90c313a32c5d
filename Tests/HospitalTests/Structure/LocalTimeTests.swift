import Hospital
import Ledger
import Testing

/// The hospital's clock, also on the nights on which it changes.
struct LocalTimeTests {
  /// What it shows, and when that is in UTC.
  static let hours: [(zone: String, wall: String, utc: String)] = [
    ("Europe/Paris", "2022-08-21T03:00:00", "2022-08-21T01:00:00"),
    ("Europe/Paris", "2022-08-21T00:00:00", "2022-08-20T22:00:00"),
    ("Europe/Paris", "2022-01-21T03:00:00", "2022-01-21T02:00:00"),
    ("Europe/Paris", "2099-12-31T23:59:59", "2099-12-31T22:59:59"),
    ("Europe/Paris", "1940-01-01T12:00:00", "1940-01-01T12:00:00"),
    // From 2 a.m. to 3 a.m. there is no hour.
    ("Europe/Paris", "2022-03-27T01:59:59", "2022-03-27T00:59:59"),
    ("Europe/Paris", "2022-03-27T03:00:00", "2022-03-27T01:00:00"),
    ("Europe/Paris", "2022-03-28T00:00:00", "2022-03-27T22:00:00"),
    // The hour from 2 a.m. to 3 a.m. comes twice: it is its first coming.
    ("Europe/Paris", "2022-10-30T01:59:59", "2022-10-29T23:59:59"),
    ("Europe/Paris", "2022-10-30T02:00:00", "2022-10-30T00:00:00"),
    ("Europe/Paris", "2022-10-30T02:30:00", "2022-10-30T00:30:00"),
    ("Europe/Paris", "2022-10-30T02:59:59", "2022-10-30T00:59:59"),
    ("Europe/Paris", "2022-10-30T03:00:00", "2022-10-30T02:00:00"),
    ("Europe/Paris", "2022-10-31T00:00:00", "2022-10-30T23:00:00"),
    // So it is west of Greenwich.
    ("America/Miquelon", "2022-11-06T00:59:59", "2022-11-06T02:59:59"),
    ("America/Miquelon", "2022-11-06T01:30:00", "2022-11-06T03:30:00"),
    ("America/Miquelon", "2022-11-06T02:00:00", "2022-11-06T05:00:00"),
    ("America/Cayenne", "2022-08-20T21:00:00", "2022-08-21T00:00:00"),
    ("Pacific/Noumea", "2022-08-21T00:00:00", "2022-08-20T13:00:00"),
  ]

  @Test(arguments: hours.indices)
  func anHourAndItsInstant(row: Int) throws {
    let (zone, wall, utc) = Self.hours[row]
    let clock = try #require(LocalTime(zone: zone))
    let instant = try #require(Instant("\(utc).000Z"))
    #expect(clock.instant(ofLocal: try Self.local(wall)) == instant, "\(zone) \(wall)")
    #expect(clock.wall(instant).text == "\(wall).000Z", "\(zone) \(utc)")
  }

  /// It is counted on from the hour before it.
  @Test(arguments: [
    ("Europe/Paris", "2022-03-27T02:00:00", "2022-03-27T01:00:00"),
    ("Europe/Paris", "2022-03-27T02:30:00", "2022-03-27T01:30:00"),
    ("Europe/Paris", "2022-03-27T02:59:59", "2022-03-27T01:59:59"),
    ("America/Miquelon", "2022-03-13T02:30:00", "2022-03-13T05:30:00"),
  ])
  func anHourThatDoesNotExist(zone: String, wall: String, utc: String) throws {
    let clock = try #require(LocalTime(zone: zone))
    #expect(clock.instant(ofLocal: try Self.local(wall)).text == "\(utc).000Z")
  }

  @Test(
    arguments: [
      ("2022-10-30T01:59:59", nil), ("2022-10-30T02:00:00", "2022-10-30T00:00:00.000Z"),
      ("2022-10-30T02:59:59", "2022-10-30T00:00:00.000Z"), ("2022-10-30T03:00:00", nil),
      ("2022-03-27T02:30:00", nil), ("2022-08-21T02:30:00", nil),
    ] as [(String, String?)])
  func anHourThatComesTwiceBeganOnce(wall: String, began: String?) throws {
    #expect(LocalTime(of: nil).twiceBegan(ofLocal: try Self.local(wall))?.text == began)
  }

  /// The day, the minute of it, and seconds east of UTC.
  @Test(arguments: [
    ("Europe/Paris", "2022-08-20T21:59:59.999Z", "2022-08-20", 1439, 7200),
    ("Europe/Paris", "2022-08-20T22:00:00.000Z", "2022-08-21", 0, 7200),
    ("Europe/Paris", "2022-03-27T00:59:59.999Z", "2022-03-27", 119, 3600),
    ("Europe/Paris", "2022-03-27T01:00:00.000Z", "2022-03-27", 180, 7200),
    ("Europe/Paris", "2022-10-30T00:59:59.999Z", "2022-10-30", 179, 7200),
    ("Europe/Paris", "2022-10-30T01:00:00.000Z", "2022-10-30", 120, 3600),
    ("Europe/Paris", "1939-12-31T23:59:59.999Z", "1939-12-31", 1439, 0),
    ("America/Cayenne", "2022-08-21T02:59:00.000Z", "2022-08-20", 1439, -10_800),
    ("Pacific/Noumea", "2022-08-20T13:00:00.000Z", "2022-08-21", 0, 39_600),
  ])
  func whatItShows(zone: String, utc: String, day: String, minute: Int, offset: Int) throws {
    let clock = try #require(LocalTime(zone: zone))
    let instant = try #require(Instant(utc))
    #expect(PartialDate(clock.day(instant)).text == day)
    #expect(clock.minute(instant) == minute)
    #expect(clock.offsetSeconds(instant) == offset)
  }

  @Test func aNameThatNobodyKnows() throws {
    #expect((LocalTime(zone: "Europe/Nowhere") == nil))
    var structure = Structure.small
    structure.timeZone = "Europe/Nowhere"
    let night = try #require(Instant("2022-08-20T23:30:00.000Z"))
    #expect(LocalTime(of: structure).minute(night) == 1410)
    #expect(LocalTime(of: nil).minute(night) == 90)
  }

  /// As if its face were UTC.
  private static func local(_ wall: String) throws -> Int {
    Int(try #require(Instant("\(wall).000Z")).milliseconds / 1000)
  }
}
