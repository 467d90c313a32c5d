import Hospital
import Ledger
import Testing

/// Whose file it is: in standby, the main system's where its feed speaks of it.
struct OwnershipTests {
  private static let owner = "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4711"))"
  private static let other = "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4712"))"
  private static let theirs = "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9001"))"
  private static let neighbour = "stay/\(Name.subject("stay", "1.2.250.1.99.2", "9002"))"
  private static let own = "stay/018f0000-0000-7000-8000-000000000001"

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var isHeld: Bool
    var author = "account/administrator"
    var command: @Sendable () -> any Command
  }

  static let rows: [Row] = [
    Row(testDescription: "correct the identity", isHeld: true) {
      CorrectPatient(patient: owner, traits: changed, shown: Traits())
    },
    Row(testDescription: "its status", isHeld: true) { ChangeIdentityStatus(patient: owner, status: .validated) },
    Row(testDescription: "an attribute", isHeld: true) { MarkIdentity(patient: owner, attribute: "HOMA", isSet: true) },
    Row(testDescription: "merge", isHeld: true) {
      MergePatients(
        absorbed: other, into: owner, checkedBy: "account/records", checkedTraits: ["birthName", "birthDate"])
    },
    Row(testDescription: "a death", isHeld: true) {
      RecordDeath(patient: owner, wristband: "4711", physician: "LEROY")
    },
    Row(testDescription: "move", isHeld: true) { Transfer(stay: theirs, unit: "CHIR") },
    Row(testDescription: "give a bed", isHeld: true) { AssignBed(stay: theirs, bed: Scene.bed("4EST", "2", "B")) },
    Row(testDescription: "swap", isHeld: true) { SwapBeds(one: theirs, other: neighbour) },
    Row(testDescription: "leave", isHeld: true) { Leave(stay: theirs) },
    Row(testDescription: "discharge", isHeld: true) { Discharge(stay: theirs, exitMode: "8") },
    Row(testDescription: "another class", isHeld: true) { ChangeClass(stay: theirs, stayClass: .daycase) },
    Row(testDescription: "cancel a movement", isHeld: true) { CancelMovement(stay: theirs, key: "CH|1") },
    Row(testDescription: "correct a movement", isHeld: true) {
      CorrectMovement(stay: theirs, key: "CH|1", attending: "MOREL")
    },
    Row(testDescription: "their presence is told to nobody", isHeld: false) {
      ProtectPresence(patient: owner, protected: true)
    },
    Row(testDescription: "a legal situation", isHeld: false) {
      SetSituation(patient: owner, situation: LegalSituation(kind: "custody"))
    },
    Row(testDescription: "admit them", isHeld: false) {
      Admit(patient: other, stayClass: .emergency, unit: "CHIR")
    },
    Row(testDescription: "who was admitted here is moved", isHeld: false) { Transfer(stay: own, unit: "CHIR") },
  ]

  private static var changed: Traits {
    var traits = Traits()
    traits.usedName = "DURAND"
    return traits
  }

  private static func world() -> MemoryWorld {
    let world = MemoryWorld()
    for (patient, name) in [(owner, "MARTIN"), (other, "PETIT")] {
      world.hear(
        Fact(
          kind: "patient.described", subject: patient, at: .night,
          data: [
            "birthName": .string(name), "birthGivenName": "LOUISE", "birthDate": "1961-03-12", "sex": "F",
            "birthPlace": "75101", "status": "PROV",
            "identifiers": [
              ["value": name == "MARTIN" ? "4711" : "4712", "authority": "1.2.250.1.99.1", "type": "PI"]
            ],
          ]))
    }
    for (stay, patient, key, bed) in [
      (theirs, owner, "CH|1", "A"), (neighbour, "patient/x", "CH|2", "B"), (own, "patient/y", "3", "C"),
    ] {
      world.hear(
        Fact(
          kind: "stay.admitted", subject: stay, at: .night,
          data: [
            "patient": .string(patient),
            "movement": [
              "key": .string(key), "id": .string(key), "trigger": "A01", "unit": "4EST",
              "room": .string(bed == "C" ? "2" : "1"), "bed": .string(bed == "C" ? "A" : bed), "class": "inpatient",
            ],
          ]))
    }
    return world
  }

  /// In standby it is refused with the way out, or is not; whatever else is said against it, that is not said later.
  @Test(arguments: rows, [nil, Mode.standby, .degraded, .handback])
  func whatTheMainSystemOwns(row: Row, mode: Mode?) throws {
    let world = Self.world()
    if let mode {
      world.hear(
        Fact(
          kind: "mode.declared", subject: "mode/hospital", at: .night,
          data: ["mode": .string(mode.rawValue), "reason": "essai"]))
    }
    var code: String?
    do throws(Refusal) {
      _ = try row.command().decide(world, world.moment(.night.adding(seconds: 3600), row.author))
    } catch { code = error.code }
    let isStandby = mode ?? .standby == .standby
    #expect((code == "main-system-owns") == (row.isHeld && isStandby), "\(code ?? "taken")")
    if !row.isHeld { #expect(code == nil) }
  }

  /// Two presses, and it goes on.
  @Test func localDegradedModeIsTheWayOut() throws {
    let world = Self.world()
    let move = Transfer(stay: Self.theirs, unit: "CHIR")
    #expect(throws: Refusal("main-system-owns")) { try world.run(move) }
    try world.run(DeclareMode(mode: .degraded, isLocal: true, reason: "ne répond pas"))
    try world.run(move)
    try world.run(EndLocalMode())
    #expect(throws: Refusal("main-system-owns")) { try world.run(Transfer(stay: Self.theirs, unit: "4EST")) }
  }

  @Test(arguments: [
    ("stay/\(Name.subject("stay", "a", "1"))", true), ("stay/018f0000-0000-7000-8000-000000000001", false),
    ("stay/5a0f6c2e-1c1e-4d3b-9b58-0f2f8a1d7e01", false), ("stay/a", false), ("", false),
    ("55555555555555555555", false),
  ])
  func whoNamedIt(subject: String, isOutside: Bool) { #expect(Name.isGivenOutside(subject) == isOutside) }
}
