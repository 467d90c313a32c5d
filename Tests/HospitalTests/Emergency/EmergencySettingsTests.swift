import Hospital
import Ledger
import Testing

struct EmergencySettingsTests {
  @Test func whatIsBuiltIn() {
    let usual = EmergencySettings.usual
    #expect(usual.scale == "FRENCH")
    #expect(usual.levels.map(\.level) == ["1", "2", "3A", "3B", "4", "5"])
    #expect(usual.levels.map(\.minutes) == [0, 20, 60, 90, 120, 240])
    #expect(usual.complaints.count > 60 && usual.onCall == nil)
    #expect(Set(usual.complaints.map(\.code)).count == usual.complaints.count, "a code twice")
    for complaint in usual.complaints { #expect(!complaint.fr.isEmpty && !complaint.en.isEmpty) }
    for alarm in usual.alarms {
      #expect(usual.urgency(of: alarm.level) != nil)
      #expect((alarm.below == nil) != (alarm.above == nil), "\(alarm.sign): one of below and above")
    }
  }

  @Test func aSiteSaysWhatDiffers() throws {
    let site = try EmergencySettings(yaml: "scale: CIMU\ntriageMinutes: 10")
    #expect(site.levels.map(\.level) == ["1", "2", "3", "4", "5"])
    #expect(site.triageMinutes == 10 && site.complaints == EmergencySettings.usual.complaints)
    let own = try EmergencySettings(yaml: "complaints: [{code: X1, fr: Un, en: One}]")
    #expect(own.complaints.map(\.code) == ["X1"] && own.levels == EmergencySettings.usual.levels)
  }

  @Test(arguments: [
    "scale: NONE", "scale: [", "triageMinutes: soon", "alarms: [{sign: mood, level: '1'}]",
    "onCall: { name: MMG, hours: { sunday: ['20:00-08:00'] } }", "onCall: { name: MMG, hours: { sunday: [broken] } }",
  ])
  func whatCannotBeRead(yaml: String) {
    #expect(throws: (any Error).self) { try EmergencySettings(yaml: yaml) }
  }

  /// 21 August 2022 was a Sunday.
  @Test(
    arguments: [
      (21, "08:00", nil), (21, "20:00", 1440), (21, "23:59", 1440), (22, "19:59", nil), (22, "20:00", 1410),
      (22, "23:30", nil), (20, "13:00", 1080), (20, "18:00", nil), (24, "21:00", nil),
    ] as [(Int, String, Int?)])
  func whenThePhysiciansOnCallAreThere(day: Int, clock: String, closing: Int?) throws {
    let settings = try EmergencySettings(
      yaml: """
        onCall:
          name: MMG
          hours:
            sunday: ["20:00-24:00"]
            monday: ["20:00-23:30"]
            saturday: ["12:00-18:00", "20:00-24:00"]
        """)
    let minute = Int(clock.prefix(2))! * 60 + Int(clock.suffix(2))!
    let date = CivilDate(daysSince1970: 19_225 + day - 21)
    #expect(date.day == day && date.month == 8)
    #expect(settings.onCall?.closing(on: date, minute: minute) == closing)
  }

  /// As published calendars have them.
  @Test(arguments: [
    (
      2022, ["01-01", "04-18", "05-01", "05-08", "05-26", "06-06", "07-14", "08-15", "11-01", "11-11", "12-25"], "04-15"
    ),
    (
      2024, ["01-01", "04-01", "05-01", "05-08", "05-09", "05-20", "07-14", "08-15", "11-01", "11-11", "12-25"], "03-29"
    ),
    (
      2026, ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"], "04-03"
    ),
    (
      2038, ["01-01", "04-26", "05-01", "05-08", "06-03", "06-14", "07-14", "08-15", "11-01", "11-11", "12-25"], "04-23"
    ),
  ])
  func publicHolidays(year: Int, holidays: [String], goodFriday: String) throws {
    func days(alsaceMoselle: Bool) throws -> [String] {
      let first = try #require(CivilDate(year: year, month: 1, day: 1)).daysSince1970
      return (first..<first + 365).map { CivilDate(daysSince1970: $0) }.filter {
        $0.year == year && FrenchHolidays.contains($0, alsaceMoselle: alsaceMoselle)
      }.map { day in [day.month, day.day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-") }
    }
    #expect(try days(alsaceMoselle: false) == holidays)
    #expect(try days(alsaceMoselle: true) == (holidays + [goodFriday, "12-26"]).sorted())
  }

  /// 15 August 2022 was a Monday, 15 April Good Friday.
  @Test(
    arguments: [
      ((8, 15), 600, "", 1440), ((8, 15), 1230, "", 1440), ((8, 22), 600, "", nil), ((8, 22), 1230, "", 1410),
      ((4, 15), 600, "", nil), ((4, 15), 600, "alsaceMoselle: true", 1440),
    ] as [((Int, Int), Int, String, Int?)])
  func onAHoliday(date: (Int, Int), minute: Int, more: String, closing: Int?) throws {
    let settings = try EmergencySettings(
      yaml: """
        onCall:
          name: MMG
          \(more)
          hours:
            monday: ["20:00-23:30"]
            holidays: ["08:00-24:00"]
        """)
    let day = try #require(CivilDate(year: 2022, month: date.0, day: date.1))
    #expect(settings.onCall?.closing(on: day, minute: minute) == closing)
  }

  @Test(
    arguments: [
      ([(.saturation, 85)], "1"), ([(.saturation, 86)], "2"), ([(.saturation, 90)], "2"), ([(.saturation, 91)], nil),
      ([(.heartRate, 131), (.systolic, 69)], "1"), ([(.heartRate, 131)], "2"), ([(.pain, 10)], nil), ([], nil),
    ] as [([(VitalSign, Int)], String?)])
  func whatVitalSignsAskFor(measured: [(VitalSign, Int)], level: String?) {
    var vitals = VitalSigns()
    for (sign, value) in measured { vitals[sign] = value }
    #expect(EmergencySettings.usual.alarm(vitals)?.level == level)
  }
}
