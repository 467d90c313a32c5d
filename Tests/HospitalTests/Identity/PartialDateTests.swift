import Hospital
import Ledger
import Testing

struct PartialDateTests {
  /// Sunday 21 August 2022.
  static let today = CivilDate(daysSince1970: 19_225)

  @Test func todayIsThatSunday() {
    #expect((Self.today.year, Self.today.month, Self.today.day) == (2022, 8, 21))
  }

  @Test(arguments: [
    ("12031961", "1961-03-12"), ("120361", "1961-03-12"), ("12/3/61", "1961-03-12"), ("12/03/1961", "1961-03-12"),
    ("12 03 1961", "1961-03-12"), ("12.3.1961", "1961-03-12"), ("12-03-1961", "1961-03-12"),
    ("1961-03-12", "1961-03-12"), ("19610312", "1961-03-12"), (" 12/03/1961 ", "1961-03-12"),
    // The digit row without Shift, with a separator typed the same way, and without.
    ("&éà\"&ç-&", "1961-03-12"), ("&é:à\":&ç-&", "1961-03-12"),
    ("03/1961", "1961-03"), ("3/1961", "1961-03"), ("031961", "1961-03"), ("1961-03", "1961-03"), ("121961", "1961-12"),
    ("1961", "1961"), ("&ç-&", "1961"),
    // Unknown day, unknown day and month.
    ("00/03/1961", "1961-03"), ("00/00/1961", "1961"), ("00001961", "1961"), ("19610000", "1961"),
    // The latest that is not to come.
    ("21/08/22", "2022-08-21"), ("22/08/22", "1922-08-22"), ("220822", "1922-08-22"), ("010123", "1923-01-01"),
    ("29/02/2020", "2020-02-29"), ("29/2/00", "2000-02-29"), ("01/01/1850", "1850-01-01"),
  ])
  func asPeopleTypeThem(text: String, expected: String) throws {
    #expect(try PartialDate.typed(text, today: Self.today).text == expected)
  }

  @Test(arguments: [
    ("", "date-unreadable"), ("   ", "date-unreadable"), ("MARTIN", "date-unreadable"), ("12/03", "date-unreadable"),
    ("12", "date-unreadable"), ("123", "date-unreadable"), ("12345", "date-unreadable"), ("1203196", "date-unreadable"),
    ("120319611", "date-unreadable"), ("1/2/3/4", "date-unreadable"), ("12/03/961", "date-unreadable"),
    ("12/003/1961", "date-unreadable"), ("１２０３１９６１", "date-unreadable"), ("-12/03/1961x", "date-unreadable"),
    ("31/02/1961", "date-impossible"), ("29/02/1961", "date-impossible"), ("29/02/1900", "date-impossible"),
    ("32/01/1961", "date-impossible"), ("12/13/1961", "date-impossible"), ("31042000", "date-impossible"),
    ("13/1961", "date-impossible"), ("12/00/1961", "date-impossible"), ("01/01/1849", "date-impossible"),
    ("99999999", "date-impossible"), ("0312", "date-impossible"),
    ("22/08/2022", "date-future"), ("09/2022", "date-future"), ("2023", "date-future"), ("01012100", "date-future"),
  ])
  func refused(text: String, code: String) {
    #expect(throws: Refusal(code, field: "birthDate")) { try PartialDate.typed(text, today: Self.today) }
  }

  @Test(arguments: [
    ("1961-03-12", "12/03/1961"), ("1961-03", "03/1961"), ("1961", "1961"), ("0961-01-02", "02/01/0961"),
  ])
  func storedForm(text: String, shown: String) throws {
    let date = try #require(PartialDate(text))
    #expect(date.text == text)
    #expect(date.shown == shown)
  }

  @Test(arguments: [
    "", "61", "1961-3-12", "1961-02-30", "1961-00", "1961-13", "1961/03/12", "1961-03-1", "19610312", "1961-03-12 ",
    "1961-03x12", "１９６１",
  ])
  func noStoredForm(text: String) {
    #expect(PartialDate(text) == nil)
  }

  @Test(arguments: [
    // Completed years, on the day itself and the day before.
    ("1961-03-12", "2022-08-21", Age(61, .years)), ("1961-08-21", "2022-08-21", Age(61, .years)),
    ("1961-08-22", "2022-08-21", Age(60, .years)),
    ("2020-08-21", "2022-08-21", Age(2, .years)), ("2020-08-22", "2022-08-21", Age(23, .months)),
    ("2022-07-21", "2022-08-21", Age(1, .months)), ("2022-07-22", "2022-08-21", Age(30, .days)),
    ("2022-08-20", "2022-08-21", Age(1, .days)), ("2022-08-21", "2022-08-21", Age(0, .days)),
    // Born on a leap day.
    ("2020-02-29", "2021-02-28", Age(11, .months)), ("2000-02-29", "2022-02-28", Age(21, .years)),
    ("2022-01-31", "2022-02-28", Age(28, .days)), ("2022-01-31", "2022-03-01", Age(1, .months)),
    ("1961-03", "2022-08-21", Age(61, .years, isApproximate: true)),
    ("1961", "2022-08-21", Age(61, .years, isApproximate: true)),
    ("2022", "2022-08-21", Age(0, .years, isApproximate: true)),
    ("2022-08", "2022-08-21", Age(0, .months, isApproximate: true)),
  ])
  func ages(birth: String, day: String, expected: Age) throws {
    let date = try #require(PartialDate(birth))
    let on = try #require(PartialDate(day)?.civil)
    #expect(date.age(on: on) == expected)
  }

  /// On the clock of Paris.
  @Test(arguments: [
    ("2022-08-20T21:00:00.000Z", "2022-08-20T22:00:00.000Z", nil),
    ("2022-08-19T22:00:00.000Z", "2022-08-20T22:00:00.000Z", "2022-08-20"),
    ("2022-03-26T23:00:00.000Z", "2022-03-27T22:00:00.000Z", "2022-03-27"),
    ("2022-10-29T22:00:00.000Z", "2022-10-30T23:00:00.000Z", "2022-10-30"),
    ("2022-01-31T23:00:00.000Z", "2022-02-28T23:00:00.000Z", "2022-02"),
    ("2022-09-30T22:00:00.000Z", "2022-10-31T23:00:00.000Z", "2022-10"),
    ("2021-12-31T23:00:00.000Z", "2022-12-31T23:00:00.000Z", "2022"),
  ])
  func ofAStretch(start: String, end: String, date: String?) throws {
    let (start, end) = (try #require(Instant(start)), try #require(Instant(end)))
    #expect(PartialDate(from: start, before: end, LocalTime(of: nil))?.text == date)
  }

  @Test func nobodyIsBornTomorrow() throws {
    #expect(try #require(PartialDate("2022-08-22")).age(on: Self.today) == nil)
  }
}
