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
    /// Beside what everybody knows.
    var said: [Fact] = []
    /// By the main system's feed, before that.
    var fed: [Fact] = []
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
    Row(testDescription: "back from leave", isHeld: true) { Return(stay: theirs) },
    Row(testDescription: "expect them to leave", isHeld: true) {
      ExpectDischarge(stay: theirs, at: .night.adding(seconds: 86_400))
    },
    Row(testDescription: "a death that was none", isHeld: true) { WithdrawDeath(patient: owner) },
    Row(testDescription: "part two files", isHeld: true) { UnmergePatients(patient: owner) },
    Row(testDescription: "their presence, which the feed protects", isHeld: true, fed: [marked(true)]) {
      ProtectPresence(patient: owner, protected: false)
    },
    Row(testDescription: "their presence, protected here", isHeld: false, said: [protected]) {
      ProtectPresence(patient: owner, protected: false)
    },
    Row(testDescription: "a birth under secrecy, though the feed protects them", isHeld: false, fed: [marked(true)]) {
      SetSecret(patient: owner, secret: true)
    },
    Row(testDescription: "that secrecy, which no feed says", isHeld: false, said: [secret], fed: [marked(true)]) {
      SetSecret(patient: owner, secret: false)
    },
    Row(testDescription: "care that the feed names", isHeld: true, fed: [care(id: "Z1")]) {
      EndSituation(patient: owner, kind: "psychiatric")
    },
    Row(testDescription: "the same, with custody said here", isHeld: true, said: [custody], fed: [care(id: "Z1")]) {
      EndSituation(patient: owner, kind: "psychiatric")
    },
    Row(testDescription: "care that the feed does not name", isHeld: true, fed: [care(id: nil)]) {
      EndSituation(patient: owner, kind: "psychiatric")
    },
    Row(testDescription: "care that was said here", isHeld: false, said: [care(id: nil)]) {
      EndSituation(patient: owner, kind: "psychiatric")
    },
    Row(testDescription: "custody, which no feed says", isHeld: false, said: [custody], fed: [care(id: "Z1")]) {
      EndSituation(patient: owner, kind: "custody")
    },
    Row(
      testDescription: "care of a file of theirs that one of here absorbed", isHeld: true,
      said: [
        Fact(kind: "patient.registered", subject: here, at: .night, data: ["birthName": "MARTIN"]),
        Fact(kind: "patient.merged", subject: owner, at: .night, data: ["into": .string(here)]),
      ],
      fed: [care(id: "Z1")]
    ) { EndSituation(patient: here, kind: "psychiatric") },
    Row(testDescription: "admit them", isHeld: false) {
      Admit(patient: other, stayClass: .emergency, unit: "CHIR")
    },
    Row(testDescription: "who was admitted here is moved", isHeld: false) { Transfer(stay: own, unit: "CHIR") },
  ]

  /// What is made right on a file of the main system's is refused, whatever the conflict.
  static let decisions: [Row] = [
    Row(testDescription: "take a number from their file", isHeld: true, author: "account/duty", said: bothBear) {
      decide(.identifier, key: "77", here, owner)
    },
    Row(testDescription: "take a number from a file of here", isHeld: false, author: "account/duty", said: bothBear) {
      decide(.identifier, key: "77", owner, here)
    },
    Row(testDescription: "take the INS from their file", isHeld: true, author: "account/duty", said: [insKnown]) {
      decide(.ins, key: "296032116623634", here, owner)
    },
    Row(
      testDescription: "give their stay another number", isHeld: true, author: "account/duty",
      said: [Fact(kind: "stay.described", subject: theirs, at: .night, data: ["number": "N1"])]
    ) { decide(.number, key: "N1", own, theirs) },
    Row(testDescription: "give their stay to somebody", isHeld: true, author: "account/duty") {
      DecideConflict(
        Conflict(
          .claimed, subjects: [owner, other, theirs], sides: [owner, other].map { .init(subject: $0, said: []) }),
        side: 0)
    },
    Row(testDescription: "cancel it in their visit", isHeld: true, author: "account/duty") {
      decide(.movement, key: "CH|1", own, theirs)
    },
    Row(testDescription: "follow one account of their stay", isHeld: true, author: "account/duty", said: [moved]) {
      DecideConflict(
        Conflict(
          .stay, subjects: [theirs],
          sides: [[], [said(moved)]].map { .init(subject: theirs, said: $0) }), side: 0)
    },
    Row(testDescription: "take one side's traits", isHeld: true, author: "account/duty") {
      let named = Fact(kind: "patient.corrected", subject: owner, at: .night, data: ["birthName": "DURAND"])
      return DecideConflict(
        Conflict(.traits, subjects: [owner], sides: [.init(subject: owner, said: [said(named)])]), side: 0)
    },
    Row(testDescription: "which level of triage holds", isHeld: false, author: "account/duty") {
      let visit = EmergencyVisit.id(ofStay: theirs)
      let level = Fact(kind: "emergency.triaged", subject: visit, at: .night, data: ["level": "2"])
      return DecideConflict(
        Conflict(.triage, subjects: [visit], sides: [.init(subject: visit, said: [said(level)])]), side: 0)
    },
    Row(testDescription: "leave all as it is", isHeld: false, author: "account/duty") {
      DecideConflict(
        DecideConflictTests.conflict(.movement, key: "CH|1", own, theirs), side: nil, note: "vu avec le bureau")
    },
  ]

  private static func marked(_ isProtected: Bool) -> Fact {
    Fact(kind: "patient.described", subject: owner, at: .night, data: ["protected": .bool(isProtected)])
  }
  private static let protected = Fact(
    kind: "patient.protected", subject: owner, at: .night, data: ["protected": true])
  private static let secret = Fact(kind: "patient.corrected", subject: owner, at: .night, data: ["secret": true])
  private static let custody = Fact(
    kind: "patient.situation-set", subject: owner, at: .night, data: ["kind": "custody"])
  private static func care(id: String?) -> Fact {
    Fact(
      kind: "patient.situation-set", subject: owner, at: .night,
      data: LegalSituation(kind: "psychiatric", code: "SDT", since: .night, id: id).json)
  }

  private static let here = "patient/018f0000-0000-7000-8000-000000000002"
  private static let moved = Fact(
    kind: "stay.transferred", subject: theirs, at: .hours(1), data: ["movement": ["key": "m", "unit": "CHIR"]])
  private static let bothBear = [here, owner].map { patient in
    Fact(
      kind: "patient.described", subject: patient, at: .night,
      data: ["identifiers": [["value": "77", "authority": "other", "type": "PI"]]])
  }
  private static let insKnown = Fact(
    kind: "patient.status-changed", subject: owner, at: .night,
    data: ["status": "RECUP", "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]])

  private static func said(_ fact: Fact) -> Said { ContradictionTests.said(fact, "urg-1-00000001", 1) }

  /// The first of the two holds.
  private static func decide(_ kind: Conflict.Kind, key: String, _ one: String, _ two: String) -> DecideConflict {
    DecideConflict(DecideConflictTests.conflict(kind, key: key, one, two), side: 0)
  }

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
  @Test(arguments: rows + decisions, [nil, Mode.standby, .degraded, .handback])
  func whatTheMainSystemOwns(row: Row, mode: Mode?) throws {
    let world = Self.world()
    for fact in row.fed {
      world.hear(
        Heard(
          fact: fact, time: HybridTime(instant: .night, counter: 0), station: "urg-1-00000001", author: "system",
          command: "", source: Source(sender: "GAM|CH", control: "1", text: "", instant: .night)))
    }
    for fact in row.said { world.hear(fact) }
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
