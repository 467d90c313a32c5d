import Hospital
import Ledger
import Testing

/// What coding would stumble over, a row for each.
struct CodingFlawTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var stayClass = "inpatient"
    var status: String? = "VALI"
    var unit = "4EST"
    var medicalUnit: String?
    var entryMode: String? = "8"
    /// Hours from the night at which the stay began and ended.
    var from = 0
    var until: Int? = 24
    var exitMode: String? = "8"
    /// What emergency said: nothing, or this.
    var diagnosis: String?
    /// The main system's feed alone spoke of it.
    var isFeed = false
    /// Another stay of the same person.
    var other: (stayClass: String, from: Int, until: Int?)?
    var flaws: [CodingFlaw] = []
  }

  static let rows: [Row] = [
    Row(testDescription: "complete"),
    Row(testDescription: "nobody's", status: nil, flaws: [.noPatient]),
    Row(testDescription: "provisional", status: "PROV", flaws: [.provisional]),
    Row(testDescription: "no entry mode", entryMode: nil, flaws: [.noEntryMode]),
    Row(testDescription: "no entry mode of a visit", stayClass: "outpatient", entryMode: nil),
    Row(testDescription: "no exit mode", exitMode: nil, flaws: [.noExitMode]),
    Row(
      testDescription: "no exit mode of emergency", stayClass: "emergency", exitMode: nil, diagnosis: "R074",
      flaws: [.noExitMode]),
    Row(testDescription: "emergency with its diagnosis", stayClass: "emergency", diagnosis: "R074"),
    Row(testDescription: "emergency without one", stayClass: "emergency", flaws: [.noDiagnosis]),
    Row(testDescription: "whose diagnosis was erased", stayClass: "emergency", diagnosis: "", flaws: [.noDiagnosis]),
    Row(testDescription: "a feed's emergency without one", stayClass: "emergency", isFeed: true),
    Row(
      testDescription: "of which somebody spoke here", stayClass: "emergency", diagnosis: "", isFeed: true,
      flaws: [.noDiagnosis]),
    Row(testDescription: "no exit mode of a visit", stayClass: "outpatient", exitMode: nil),
    Row(testDescription: "an inpatient stays long", until: nil),
    Row(testDescription: "a day case does not", stayClass: "daycase", until: nil, flaws: [.noDischarge]),
    Row(testDescription: "emergency of two days", stayClass: "emergency", until: nil, flaws: [.noDischarge]),
    Row(testDescription: "emergency of today", stayClass: "emergency", from: 60, until: nil),
    Row(testDescription: "a series goes on", stayClass: "recurring", until: nil),
    Row(testDescription: "unknown unit", unit: "X", flaws: [.unknownUnit]),
    Row(testDescription: "unknown medical unit", medicalUnit: "X", flaws: [.unknownUnit]),
    Row(testDescription: "overlapping", other: ("inpatient", 12, 36), flaws: [.overlap]),
    Row(testDescription: "one after the other", other: ("inpatient", 24, 36)),
    Row(testDescription: "a visit beside it", other: ("outpatient", 12, 36)),
    Row(testDescription: "two that are open", until: nil, other: ("emergency", 40, nil), flaws: [.overlap]),
  ]

  @Test(arguments: rows)
  func flaws(row: Row) {
    let world = MemoryWorld()
    func stay(_ id: String, _ stayClass: String, _ from: Int, _ until: Int?, _ row: Row) {
      var movement: JSONObject = ["trigger": "A01", "unit": .string(row.unit), "class": .string(stayClass)]
      movement["medicalUnit"] = row.medicalUnit.map { .string($0) }
      func fact(_ kind: String, _ hour: Int, _ more: JSONObject, _ mode: (String, String?)) -> Fact {
        var said = movement
        for (key, value) in more.members { said[key] = value }
        var data: JSONObject = ["patient": "patient/a", "movement": .object(said)]
        data[mode.0] = mode.1.map { .string($0) }
        return Fact(kind: kind, subject: id, at: .night.adding(seconds: hour * 3600), data: .object(data))
      }
      let key = row.isFeed ? "GAM|\(id)" : id
      world.hear(fact("stay.admitted", from, ["key": .string("\(key)in")], ("entryMode", row.entryMode)))
      guard let until else { return }
      world.hear(
        fact("stay.discharged", until, ["key": .string("\(key)out"), "trigger": "A03"], ("exitMode", row.exitMode)))
    }
    stay("stay/a", row.stayClass, row.from, row.until, row)
    if let other = row.other { stay("stay/b", other.stayClass, other.from, other.until, Row(testDescription: "")) }
    if let diagnosis = row.diagnosis {
      world.hear(
        Fact(
          kind: "emergency.assessed", subject: EmergencyVisit.id(ofStay: "stay/a"), at: .night,
          data: ["stay": "stay/a", "diagnosis": diagnosis.isEmpty ? .null : .string(diagnosis)]))
    }
    var patient: Patient?
    if let status = row.status {
      patient = Patient(id: "patient/a")
      patient?.statusSaid = IdentityStatus(rawValue: status)
    }
    let found = world.stay("stay/a")?.codingFlaws(
      patient, others: ["stay/b"].compactMap { world.stay($0) },
      visit: world.emergencyVisit(EmergencyVisit.id(ofStay: "stay/a")), world.structure,
      now: .night.adding(seconds: 72 * 3600))
    #expect(found == row.flaws)
  }

  @Test func whoNeverCameIsNotCoded() {
    let world = MemoryWorld()
    world.hear(
      Fact(
        kind: "stay.preadmitted", subject: "stay/a", at: .night,
        data: ["movement": ["key": "1", "trigger": "A05", "unit": "X", "class": "inpatient"]]))
    #expect(world.stay("stay/a")?.codingFlaws(nil, others: [], visit: nil, world.structure, now: .night) == [])
  }
}
