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

  @Test(arguments: ["scale: NONE", "scale: [", "triageMinutes: soon", "alarms: [{sign: mood, level: '1'}]"])
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
            wednesday: ["broken", "22:00-21:00"]
        """)
    let minute = Int(clock.prefix(2))! * 60 + Int(clock.suffix(2))!
    let date = CivilDate(daysSince1970: 19_225 + day - 21)
    #expect(date.day == day && date.month == 8)
    #expect(settings.onCall?.closing(on: date, minute: minute) == closing)
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
