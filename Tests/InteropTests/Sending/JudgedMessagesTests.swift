import Foundation
import Hospital
import Interop
import Ledger
import Testing

/// An independent judge of every trigger that goes out, those too that no gesture of a page comes to: PyPI's hl7apy.
struct JudgedMessagesTests {
  private typealias Night = SaidMeanwhile
  private static let patient = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let other = "patient/0196f1d2-0000-7000-8000-000000000003"
  private static let third = "patient/0196f1d2-0000-7000-8000-000000000004"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000002"

  /// What happens to a stay, the trigger that says so, and the one that takes it back.
  private static let movements = [
    ("stay.preadmitted", "A05", "A38"), ("stay.admitted", "A01", "A11"), ("stay.admitted", "A04", "A11"),
    ("stay.transferred", "A02", "A12"), ("stay.discharged", "A03", "A13"), ("stay.class-changed", "A06", "A07"),
    ("stay.class-changed", "A07", "A06"), ("stay.left", "A21", "A52"), ("stay.returned", "A22", "A53"),
    ("stay.attending-changed", "A54", "A55"), ("stay.planned", "A14", "A27"), ("stay.planned", "A15", "A26"),
    ("stay.planned", "A16", "A25"),
  ]

  @Test func everyTriggerIsValid() throws {
    var text: [String] = []
    var expected: [String] = []
    func tell(_ night: SaidMeanwhile, _ triggers: [String]) {
      expected += triggers
      text += night.messages.suffix(triggers.count).map { $0.segments.joined(separator: "\n") }
    }
    for (kind, trigger, back) in Self.movements {
      var night = Night()
      night.say([
        ("patient.registered", Self.patient, Night.identity("81")),
        (
          "stay.admitted", Self.stay,
          Night.movement("m1", "A01", unit: "4EST", bed: "1", stayClass: "inpatient", Night.opening(Self.patient, "91"))
        ),
      ])
      let attending: [(String, JSON)] = [("attending", ["name": "LEROY", "givenName": "PAUL"])]
      night.say([(kind, Self.stay, Night.movement("m2", trigger, unit: "CHIR", bed: "2", attending))])
      tell(night, ["A28", "A01", trigger])
      night.say([("stay.movement-corrected", Self.stay, Night.movement("m2", trigger, unit: "CHIR", bed: "3"))])
      tell(night, ["Z99"])
      night.say([("stay.movement-cancelled", Self.stay, Night.movement("m2", trigger))])
      tell(night, [back])
    }
    var night = Night()
    night.say([
      ("patient.registered", Self.patient, Night.identity("81")),
      ("patient.registered", Self.other, Night.identity("82")),
      (
        "stay.admitted", Self.stay,
        Night.movement("m1", "A01", unit: "4EST", bed: "1", stayClass: "inpatient", Night.opening(Self.patient, "91"))
      ),
    ])
    let doctor: JSON = ["role": "general-practitioner", "name": "MOREL EVE", "phone": "0380000000"]
    night.say([("patient.corrected", Self.patient, ["usedName": "DURAND", "contacts": [doctor]])])
    tell(night, ["A31"])
    #expect(text.last?.contains("\nROL|") == true)
    for since in ["2022-08-20T00:00:00.000Z", "2022-08-20T01:00:00.000Z"] {
      night.say([
        (
          "patient.situation-set", Self.patient,
          ["kind": "psychiatric", "code": "SDT", "since": .string(since), "note": "tiers"]
        )
      ])
      tell(night, ["A31"])
    }
    night.say([("stay.reassigned", Self.stay, ["patient": .string(Self.other)])])
    tell(night, ["A44"])
    night.say([
      ("patient.identifier-withdrawn", Self.other, ["value": "82", "authority": "1.2.250.1.99.1", "type": "PI"])
    ])
    tell(night, ["A47"])
    night.say([("patient.merged", Self.other, ["into": .string(Self.patient)])])
    tell(night, ["A40"])
    night.say([("patient.unmerged", Self.other, [:])])
    tell(night, ["A37"])
    try expectValid(text, expected)
  }

  /// What was asked, comings of a series, relatives, and what the main system itself had said of a stay.
  @Test func whatGoesBesideIsValid() throws {
    var night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    let relative: JSON = ["role": "next-of-kin", "name": "MARTIN LEA", "relationship": "mère", "phone": "0380000000"]
    let beside: [(String, JSON)] = [
      ("ZFA-1", "INITIAL"), ("ZFP-1", "1"), ("ZFV-1", "210987665^20220820"), ("PV1-38", "DIAB^Diabétique"),
      ("allergies", [["AL1-2": "DA", "AL1-3": "C08^Pénicilline", "AL1-4": "SV", "AL1-5": "Oedeme~Choc"]]),
    ]
    night.say(
      [
        ("patient.described", Self.patient, Night.identity("81", [("contacts", [relative])])),
        (
          "stay.admitted", Self.stay,
          Night.movement(
            "GAM|1", "A04", unit: "4EST", stayClass: "recurring", Night.opening(Self.patient, "91") + beside)
        ),
      ], source: source)
    night.say([
      ("patient.asked", Self.patient, ["allergies": "latex; iode"]),
      ("stay.asked", Self.stay, ["diet": "mixé", "isolation": ""]),
    ])
    night.say([("stay.asked", Self.stay, ["diet": "", "isolation": nil])])
    night.say([("stay.asked", Self.stay, ["isolation": "droplet"])])
    let coming: JSON = ["movement": ["key": "k1", "unit": "CHIR", "attending": "LEROY PAUL"]]
    for kind in ["stay.attended", "stay.attended", "stay.movement-cancelled"] { night.say([(kind, Self.stay, coming)]) }
    night.say([("stay.transferred", Self.stay, Night.movement("m2", "A02", unit: "CHIR", bed: "2"))])
    night.say([
      ("patient.registered", Self.other, Night.identity("82", [("contacts", [relative])])),
      ("patient.asked", Self.other, ["allergies": ""]),
    ])
    night.say([("patient.asked", Self.other, ["allergies": nil])])
    night.say([
      ("patient.registered", Self.third, Night.identity("83")), ("patient.asked", Self.third, ["allergies": ""]),
    ])
    let text = night.messages.map { $0.segments.joined(separator: "\n") }
    for (trigger, names) in [
      "A28": ["NK1", "AL1"], "A31": ["NK1", "AL1"], "A02": ["ZFA", "ZFP", "ZFV"],
      "Z99": ["NK1", "ZFA", "ZFP", "ZFV", "OBX"],
    ] {
      let told = text.filter { $0.contains("|ADT^\(trigger)^") }
      for name in names { #expect(told.contains { $0.contains("\n\(name)|") }, "\(name) of \(trigger)") }
    }
    #expect(night.lastTriggers == ["A28"] && night.messages.last?.segments.last?.hasPrefix("AL1|") == true)
    try expectValid(text, ["A31", "Z99", "Z99", "Z99", "Z99", "Z99", "Z99", "A02", "A28", "A31", "A28"])
  }

  /// A plan, what was said late, what never began through emergency, and somebody whom the main system has.
  @Test func whatWasKnownLaterIsValid() throws {
    var night = Night.admitted(Self.patient, Self.stay, bed: "1")
    let began = Night.start.adding(seconds: 7)
    for (kind, hour, movement) in [
      ("stay.planned", 86_400, Night.movement("m2", "A16")),
      ("stay.movement-cancelled", 86_400, Night.movement("m2", "A16")),
      ("stay.left", 20, Night.movement("m3", "A21")),
      ("stay.class-changed", 10, Night.movement("m4", "A06", unit: "CHIR", bed: "2", stayClass: "daycase")),
      ("stay.movement-corrected", 10, Night.movement("m4", "A06", bed: "3")),
    ] {
      night.say([(kind, Self.stay, movement)], at: began.adding(seconds: hour))
    }
    var text = night.messages.map { $0.segments.joined(separator: "\n") }
    night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    night.say([("patient.described", Self.other, Night.identity("71"))], source: source)
    night.say([
      ("patient.registered", Self.patient, Night.identity("81")),
      (
        "stay.admitted", Self.stay,
        Night.movement(
          "m1", "A01", unit: "4EST", stayClass: "inpatient",
          Night.opening(Self.patient, "91") + [("entryMode", "8"), ("provenance", "5")])
      ),
    ])
    night.say([("patient.merged", Self.patient, ["into": .string(Self.other)])])
    night.say([("stay.movement-cancelled", Self.stay, Night.movement("m1", "A01"))])
    var story = HandbackStory(night.settings, patientNow: { night.patients[$0] }, stayNow: { night.stays[$0] })
    for part in night.said.joined() { story.foresee(part.heard) }
    text += night.said.flatMap { story.hear($0, tells: true) }.map { $0.segments.joined(separator: "\n") }
    try expectValid(
      text, ["A28", "A01", "A16", "A25", "A21", "A06", "Z99", "Z99", "Z99", "A31", "A01", "A31", "A11"])
  }

  private func expectValid(_ text: [String], _ triggers: [String]) throws {
    let judged = try judge(text.joined(separator: "\n\n"))
    #expect(judged.map(\.trigger) == triggers)
    for (trigger, problem) in judged { #expect(problem == nil, "\(trigger)") }
  }

  private func judge(_ text: String) throws -> [(trigger: String, problem: String?)] {
    let file = FileManager.default.temporaryDirectory.appending(path: "judged-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", tests.appending(path: "Peers/judge_messages.py").path, file.path]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
    return try (JSON(parsing: Array(bytes)).array ?? []).map { pair in
      (try #require(pair.array?.first?.string), pair.array?.last?.string)
    }
  }
}
