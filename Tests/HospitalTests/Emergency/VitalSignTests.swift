import Hospital
import Ledger
import Seeded
import Testing

/// What people type at triage, and what it is taken for.
struct VitalSignTests {
  @Test(
    arguments: [
      (.heartRate, "88", 88), (.heartRate, "0", 0), (.heartRate, "301", nil), (.heartRate, "8,8", nil),
      (.temperature, "37,8", 378), (.temperature, "37.8", 378), (.temperature, "378", 378), (.temperature, "38", 380),
      (.temperature, "46", nil), (.temperature, "19,9", nil), (.temperature, "37,85", nil), (.temperature, "37,", 370),
      (.saturation, "97", 97), (.saturation, "101", nil), (.glasgow, "15", 15), (.glasgow, "2", nil),
      (.pain, "10", 10), (.pain, "11", nil), (.pain, "-1", nil), (.pain, "é", 2), (.heartRate, "__", 88),
      (.glucose, "1,2", 120), (.glucose, "1,05", 105), (.glucose, "120", 120), (.glucose, "2", 200),
      (.glucose, "0", nil), (.respiratoryRate, "abc", nil), (.respiratoryRate, "", nil),
      (.heartRate, "99999999999999999999", nil),
    ] as [(VitalSign, String, Int?)])
  func typed(sign: VitalSign, text: String, value: Int?) {
    #expect((try? sign.read(text)) == value, "\(sign) \(text)")
  }

  @Test(
    arguments: [
      ("128/74", 128, 74), ("128 74", 128, 74), ("12/7", 120, 70), ("128", 128, nil), ("128:74", 128, 74),
      ("&éç è'", 129, 74), ("12874", 128, 74), ("9060", 90, 60), ("180110", 180, 110), ("&éçè'", 129, 74),
    ] as [(String, Int, Int?)])
  func pressures(text: String, systolic: Int, diastolic: Int?) throws {
    var vitals = VitalSigns()
    try vitals.readPressure(text)
    #expect(vitals[.systolic] == systolic && vitals[.diastolic] == diastolic, "\(text)")
  }

  @Test(arguments: ["", "abc", "1/2/3", "400/80", "120/250", "40080", "1287412"])
  func noPressure(text: String) {
    var vitals = VitalSigns()
    #expect(throws: Refusal("pressure-impossible", field: "pressure")) { try vitals.readPressure(text) }
  }

  /// What a page shows is read back as what it was.
  @Test(arguments: 0..<200)
  func shownIsReadBack(seed: Int) throws {
    var dice = Seeded(seed: UInt64(seed))
    let sign = try #require(VitalSign.allCases.randomElement(using: &dice))
    let value = Int.random(in: sign.possible, using: &dice)
    #expect(try sign.read(sign.text(value)) == value, "\(sign) \(value)")
  }
}
