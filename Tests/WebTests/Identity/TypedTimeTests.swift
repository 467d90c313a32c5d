import Hospital
import Ledger
import Testing
import Web

/// Sunday 21 August 2022, 03:41 in Paris, which is two hours ahead of UTC.
private let now = Instant(milliseconds: 1_661_046_060_000)
private let typed = TypedTime(Hours("Europe/Paris"), now: now)

@Suite struct TypedTimeTests {
  @Test(arguments: [
    ("02:10", "2022-08-21T00:10:00.000Z"),
    ("2h10", "2022-08-21T00:10:00.000Z"),
    ("2 h 10", "2022-08-21T00:10:00.000Z"),
    ("0210", "2022-08-21T00:10:00.000Z"),
    ("2h", "2022-08-21T00:00:00.000Z"),
    // A watch that runs ahead is not yesterday; an evening hour typed at night is.
    ("03:50", "2022-08-21T01:50:00.000Z"),
    ("23:50", "2022-08-20T21:50:00.000Z"),
    ("hier 23:10", "2022-08-20T21:10:00.000Z"),
    ("avant-hier 23h10", "2022-08-19T21:10:00.000Z"),
    ("19/08 23:10", "2022-08-19T21:10:00.000Z"),
    ("19/08/22 à 23:10", "2022-08-19T21:10:00.000Z"),
    ("19082022 2310", "2022-08-19T21:10:00.000Z"),
    // In winter Paris is one hour ahead.
    ("15/01/2022 12:00", "2022-01-15T11:00:00.000Z"),
    ("il y a 3 h", "2022-08-20T22:41:00.000Z"),
    ("il y a 1 h 30", "2022-08-21T00:11:00.000Z"),
    ("Il y a 20 min", "2022-08-21T01:21:00.000Z"),
    ("20 min ago", "2022-08-21T01:21:00.000Z"),
    ("-2h", "2022-08-20T23:41:00.000Z"),
    ("2022-08-21T00:10:00.000Z", "2022-08-21T00:10:00.000Z"),
    ("2022-08-21T02:10", "2022-08-21T00:10:00.000Z"),
    ("2022-08-21T02:10:30.5+02:00", "2022-08-21T00:10:30.500Z"),
  ])
  func asPeopleAndProgramsWriteIt(text: String, instant: String) throws {
    #expect(try typed.read(text)?.text == instant)
  }

  @Test(arguments: [nil, "", "  ", "maintenant", "now"])
  func nothingIsNow(text: String?) throws {
    #expect(try typed.read(text) == nil)
  }

  @Test(arguments: [
    ("31/02/2022 02:10", "time-no-such-day"),
    ("25:00", "time-no-such-hour"),
    ("12:75", "time-no-such-hour"),
    ("19/08", "time-no-hour"),
    ("hier", "time-no-hour"),
    ("bientôt", "time-unreadable"),
    ("il y a longtemps", "time-unreadable"),
    ("99999999999999999999", "time-unreadable"),
    ("--::", "time-unreadable"),
    (String(repeating: "9", count: 500), "time-unreadable"),
  ])
  func whatIsNoHourSaysWhy(text: String, code: String) {
    let refusal = #expect(throws: Refusal.self) { try typed.read(text) }
    #expect(refusal?.code == code)
    #expect(refusal?.field == "at")
  }

  /// On 30 October 2022 the hour from 02:00 to 03:00 comes twice, on 27 March it does not come.
  @Test func theNightsWhenClocksChange() throws {
    let later = TypedTime(Hours("Europe/Paris"), now: Instant("2022-11-01T12:00:00.000Z") ?? now)
    #expect(try later.read("30/10/2022 02:30")?.text == "2022-10-30T00:30:00.000Z")
    #expect(try later.read("30/10/2022 03:30")?.text == "2022-10-30T02:30:00.000Z")
    #expect(try later.read("27/03/2022 02:30")?.text == "2022-03-27T01:30:00.000Z")
  }

  @Test(arguments: [
    ("10:00", "2022-08-21T08:00:00.000Z"), ("02:00", "2022-08-22T00:00:00.000Z"),
    ("demain 08:00", "2022-08-22T06:00:00.000Z"), ("dans 3 h", "2022-08-21T04:41:00.000Z"),
    ("25/08 08:00", "2022-08-25T06:00:00.000Z"),
  ])
  func whatIsToCome(text: String, instant: String) throws {
    #expect(try typed.readFuture(text)?.text == instant)
  }
}
