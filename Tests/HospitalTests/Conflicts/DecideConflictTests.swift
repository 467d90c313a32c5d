import Hospital
import Ledger
import Testing

/// What a decision comes to: the facts that put the other side right, and the decision itself.
struct DecideConflictTests {
  static func conflict(_ kind: Conflict.Kind, key: String? = nil, _ subjects: String...) -> Conflict {
    Conflict(kind, key: key, subjects: subjects, sides: subjects.map { .init(subject: $0, said: []) })
  }

  static func lying(_ world: MemoryWorld) {
    for (patient, number) in [(Scene.louise, "N1"), (Scene.loise, "N1")] {
      world.hear(
        Fact(
          kind: "stay.admitted", subject: "stay/\(patient.dropFirst(8))", at: .night,
          data: [
            "patient": .string(patient), "number": .string(number),
            "movement": [
              "key": "GAM|1", "trigger": "A01", "unit": "4EST", "room": "1", "bed": "A", "class": "inpatient",
            ],
          ]))
    }
  }

  static let bed = conflict(.bed, key: Scene.bedA, "stay/lois", "stay/louise")

  @Test func whoDoesNotLieThereWaitsWithoutABed() throws {
    let world = Scene.world()
    Self.lying(world)
    let decision = try world.run(DecideConflict(Self.bed, side: 1), by: "account/duty")
    #expect(decision.facts.map(\.kind) == ["stay.transferred", "conflict.decided"])
    #expect(world.occupants(ofBed: Scene.bedA, at: .night) == ["stay/louise"])
    #expect(world.stay("stay/lois")?.place == Place(unit: "4EST"))
    // Then the other way round.
    let again = try world.run(DecideConflict(Self.bed, side: 0), by: "account/duty", at: .hours(1))
    #expect(again.facts.filter { $0.kind == "stay.transferred" }.map(\.subject) == ["stay/louise", "stay/lois"])
    #expect(world.occupants(ofBed: Scene.bedA, at: .hours(1)) == ["stay/lois"])
  }

  @Test func bothLieThereOnPurpose() throws {
    let world = Scene.world()
    Self.lying(world)
    #expect(throws: Refusal("reason-missing", field: "note")) {
      try world.run(DecideConflict(Self.bed, side: nil), by: "account/duty")
    }
    let decision = try world.run(DecideConflict(Self.bed, side: nil, note: "afflux"), by: "account/duty")
    #expect(decision.facts.map(\.kind) == ["bed.doubled", "conflict.decided"])
    #expect(world.bed(Scene.bedA)?.doubled == true)
  }

  @Test(arguments: ["account/nurse", "account/admission", "system"])
  func notEverybodyDecides(author: String) {
    let world = Scene.world()
    Self.lying(world)
    #expect(throws: Refusal(author == "system" ? "decide-by-person" : "not-permitted")) {
      try world.run(DecideConflict(Self.bed, side: 0), by: author)
    }
  }

  @Test func oneNumberOfTwoFilesStaysWithOne() throws {
    let world = Scene.world()
    let own = try #require(world.structure?.ippAuthority)
    for patient in [Scene.louise, Scene.loise] {
      let numbers: JSON = [
        ["value": "77", "authority": .string(own), "type": "PI"], ["value": "77", "authority": "other", "type": "PI"],
      ]
      world.hear(
        Fact(kind: "patient.described", subject: patient, at: .night, data: ["identifiers": numbers]))
    }
    let conflict = Self.conflict(.identifier, key: "77", Scene.loise, Scene.louise)
    try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    func numbers(_ patient: String) -> [String] {
      world.patient(patient)?.identifiers.filter { !$0.withdrawn }.map(\.value) ?? []
    }
    #expect(numbers(Scene.loise) == ["77", "77"])
    #expect(numbers(Scene.louise) == ["P10001"])
    try world.run(DecideConflict(conflict, side: 1), by: "account/records")
    #expect(numbers(Scene.louise).sorted() == ["77", "77", "P10001"])
    #expect(numbers(Scene.loise) == ["P10002"])
  }

  /// Nobody can name either; `number` where both bear it as well.
  private static func unknown(_ world: MemoryWorld, number: String? = nil) {
    for patient in ["patient/x", "patient/y"] {
      let numbers = number.map { JSON.array([["value": .string($0), "authority": .string(own), "type": "PI"]]) }
      world.hear(
        Fact(
          kind: "patient.registered", subject: patient, at: .night,
          data: [
            "unknown": ["label": "LITS-2-001", "estimatedAge": 40, "marks": "tatouage"],
            "identifiers": numbers ?? [],
          ]))
    }
  }

  private static let own = Structure.small.ippAuthority

  @Test func oneLabelStaysWithOne() throws {
    let world = Scene.world()
    Self.unknown(world)
    world.numbers[.unknown] = ["URG-1-001", "URG-1-002"]
    let conflict = Self.conflict(.label, key: "LITS-2-001", "patient/x", "patient/y")
    let decision = try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    #expect(decision.warnings.map(\.code) == ["print-again"])
    func label(_ patient: String) -> UnknownPatient? { world.patient(patient)?.unknown }
    func labelled(_ label: String) -> UnknownPatient {
      UnknownPatient(label: label, estimatedAge: 40, marks: "tatouage")
    }
    #expect(label("patient/x") == labelled("LITS-2-001"))
    #expect(label("patient/y") == labelled("URG-1-001"))
    // Then the other way round.
    try world.run(DecideConflict(conflict, side: 1), by: "account/records")
    #expect(label("patient/x") == labelled("URG-1-002"))
    #expect(label("patient/y") == labelled("LITS-2-001"))
    #expect(throws: Refusal("numbers-used-up")) {
      try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    }
  }

  /// Two branches of a chain gave the same number and the same label: one decision parts them.
  @Test func whoeverIsGivenANumberIsGivenALabelToo() throws {
    let world = Scene.world()
    Self.unknown(world, number: "77")
    world.numbers[.unknown] = ["URG-1-001"]
    let conflict = Self.conflict(.identifier, key: "77", "patient/x", "patient/y")
    try world.run(DecideConflict(conflict, side: 1), by: "account/records")
    #expect(["patient/x", "patient/y"].map { world.patient($0)?.unknown?.label } == ["URG-1-001", "LITS-2-001"])
  }

  @Test func oneINSStaysWithOne() throws {
    let world = Scene.world()
    let ins = INS(matricule: "296032116623634", oid: "1.2.250.1.213.1.4.8")
    for (patient, status) in [(Scene.louise, "QUAL"), (Scene.loise, "RECUP")] {
      world.hear(
        Fact(
          kind: "patient.status-changed", subject: patient, at: .night,
          data: ["status": .string(status), "ins": ins.json, "document": ["kind": "CN"]]))
    }
    let conflict = Self.conflict(.ins, key: ins.matricule, Scene.loise, Scene.louise)
    try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    #expect(world.patient(Scene.louise)?.ins == nil)
    #expect(world.patient(Scene.louise)?.identityStatus == .validated)
    #expect(world.patient(Scene.loise)?.identityStatus == .retrieved)
    #expect(world.patient(Scene.loise)?.ins == ins)
  }

  @Test func oneNumberOfTwoStaysStaysWithOne() throws {
    let world = Scene.world()
    Self.lying(world)
    let conflict = Self.conflict(.number, key: "N1", "stay/lois", "stay/louise")
    let decision = try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    #expect(decision.warnings.map(\.code) == ["print-again"])
    #expect(world.stay("stay/lois")?.number == "N1")
    #expect(world.stay("stay/louise")?.number == "N10001")
  }

  @Test func aRingEndsAtTheFileThatLivesOn() throws {
    let world = Scene.world()
    for (one, other) in [(Scene.louise, Scene.loise), (Scene.loise, Scene.louise)] {
      world.hear(Fact(kind: "patient.merged", subject: one, at: .night, data: ["into": .string(other)]))
    }
    let conflict = Self.conflict(.ring, Scene.loise, Scene.louise)
    try world.run(DecideConflict(conflict, side: 1), by: "account/records")
    #expect(world.survivor(of: Scene.loise) == Scene.louise)
    #expect(world.survivor(of: Scene.louise) == Scene.louise)
  }

  @Test func aClaimedStayIsGivenToOne() throws {
    let world = Scene.world()
    Self.lying(world)
    world.hear(
      Fact(kind: "stay.described", subject: "stay/lois", at: .night, data: ["patient": .string(Scene.louise)]))
    let conflict = Conflict(
      .claimed, subjects: [Scene.loise, Scene.louise, "stay/lois"],
      sides: [Scene.loise, Scene.louise].map { .init(subject: $0, said: []) })
    try world.run(DecideConflict(conflict, side: 1), by: "account/records")
    #expect(world.stay("stay/lois")?.patient == Scene.louise)
    #expect(world.stay("stay/lois")?.otherPatients == [])
  }

  @Test func aMovementOfTwoVisitsHappenedInOne() throws {
    let world = Scene.world()
    Self.lying(world)
    let conflict = Self.conflict(.movement, key: "GAM|1", "stay/lois", "stay/louise")
    try world.run(DecideConflict(conflict, side: 0), by: "account/records")
    #expect(world.stay("stay/lois")?.status == .admitted)
    #expect(world.stay("stay/louise")?.status == .cancelled)
  }

  /// Discharged here, moved there.
  @Test(arguments: [0, 1])
  func oneAccountOfAStayHolds(side: Int) throws {
    let row = ContradictionTests.rows[0]
    let world = Scene.world()
    let history = ContradictionTests.history(row)
    for said in history { world.hear(said.heard) }
    let conflict = Conflict(
      .stay, subjects: [ContradictionTests.stay],
      sides: history.dropFirst().map { .init(subject: ContradictionTests.stay, said: [$0]) })
    let decision = try world.run(DecideConflict(conflict, side: side), by: "account/duty", at: .hours(3))
    #expect(decision.facts.map(\.kind) == ["stay.movement-cancelled", "conflict.decided"])
    let stay = try #require(world.stay(ContradictionTests.stay))
    #expect(stay.status == (side == 0 ? .discharged : .admitted))
    #expect(stay.place.bed == (side == 0 ? nil : "A"))
    #expect(stay.exitMode == (side == 0 ? "8" : nil))
    // Whoever decides otherwise takes that back, and says the other again.
    let other = try world.run(DecideConflict(conflict, side: 1 - side), by: "account/duty", at: .hours(4))
    #expect(other.facts.count == 3)
    let after = try #require(world.stay(ContradictionTests.stay))
    #expect(after.status == (side == 1 ? .discharged : .admitted))
    #expect(after.exitMode == (side == 1 ? "8" : nil))
  }

  /// A move known by our number, which its feed says again beside its own: that one is cancelled, or holds.
  @Test func oneAccountNamesAMovementByAnotherNumber() throws {
    let row = ContradictionTests.Row("", ContradictionTests.gone, against: ContradictionTests.renamed)
    let world = Scene.world()
    let history = ContradictionTests.history(row)
    world.hear(history[0].heard)
    world.hear(ContradictionTests.named)
    for said in history.dropFirst() { world.hear(said.heard) }
    let conflict = Conflict(
      .stay, subjects: [ContradictionTests.stay],
      sides: history.dropFirst().map { .init(subject: ContradictionTests.stay, said: [$0]) })
    func stay() throws -> Stay { try #require(world.stay(ContradictionTests.stay)) }
    let gone = try world.run(DecideConflict(conflict, side: 0), by: "account/duty", at: .hours(3))
    #expect(gone.facts.map(\.kind) == ["stay.movement-cancelled", "conflict.decided"])
    #expect(try stay().movements.filter(\.cancelled).map(\.key) == [ContradictionTests.ours])
    let moved = try world.run(DecideConflict(conflict, side: 1), by: "account/duty", at: .hours(4))
    #expect(moved.facts.map(\.kind) == ["stay.movement-cancelled", "stay.transferred", "conflict.decided"])
    #expect(try stay().status == .admitted && stay().place.bed == "A")
  }

  /// The admission cancelled here, the patient moved there: what was cancelled is said again.
  @Test func whatWasCancelledWronglyIsSaidAgain() throws {
    let row = try #require(ContradictionTests.rows.first { $0.testDescription == "cancelled here and continued there" })
    let world = Scene.world()
    let history = ContradictionTests.history(row)
    for said in history { world.hear(said.heard) }
    #expect(world.stay(ContradictionTests.stay)?.movements.first { $0.key == "first" }?.cancelled == true)
    let conflict = Conflict(
      .stay, subjects: [ContradictionTests.stay],
      sides: history.dropFirst().map { .init(subject: ContradictionTests.stay, said: [$0]) })
    let decision = try world.run(DecideConflict(conflict, side: 1), by: "account/duty", at: .hours(3))
    #expect(decision.facts.map(\.kind) == ["stay.admitted", "conflict.decided"])
    let presences = try #require(world.stay(ContradictionTests.stay)).outline.presences
    #expect(presences.map(\.place.bed) == ["B", "A"])
  }

  @Test func theTraitsOfOneSideHold() throws {
    let world = Scene.world()
    let history = ["MARTIN", "DURAND"].enumerated().map { index, name in
      ContradictionTests.said(
        Fact(kind: "patient.corrected", subject: Scene.louise, at: .night, data: ["birthName": .string(name)]),
        "urg-\(index)-00000000", index + 1)
    }
    for said in history { world.hear(said.heard) }
    world.hear(
      Fact(
        kind: "patient.status-changed", subject: Scene.louise, at: .night,
        data: ["status": "VALI", "document": ["kind": "CN"]]))
    let conflict = Conflict(
      .traits, subjects: [Scene.louise], sides: history.map { .init(subject: Scene.louise, said: [$0]) })
    // What is so already is only decided, and stays proved.
    let kept = try world.run(DecideConflict(conflict, side: 1), by: "account/duty")
    #expect(kept.facts.map(\.kind) == ["conflict.decided"])
    #expect(world.patient(Scene.louise)?.identityStatus == .validated)
    try world.run(DecideConflict(conflict, side: 0), by: "account/duty")
    #expect(world.patient(Scene.louise)?.birthName == "MARTIN")
    #expect(world.patient(Scene.louise)?.identityStatus == .provisional)
  }

  @Test(arguments: [-1, 2])
  func aSideThatIsNotThereIsRefused(side: Int) {
    #expect(throws: Refusal("conflict-side-unknown", field: "side")) {
      try Scene.world().run(DecideConflict(Self.bed, side: side), by: "account/duty")
    }
  }

  /// Linking them is said on its own page, by two.
  @Test func twoFilesAreOfTwoPeople() throws {
    let conflict = Self.conflict(.person, Scene.loise, Scene.louise)
    for (side, refusal) in [
      (0, Refusal("conflict-side-unknown", field: "side")), (nil, Refusal("reason-missing", field: "note")),
    ] {
      #expect(throws: refusal) { try Scene.world().run(DecideConflict(conflict, side: side), by: "account/duty") }
    }
    let decision = try Scene.world().run(
      DecideConflict(conflict, side: nil, note: "vus tous deux"), by: "account/duty")
    #expect(decision.facts.map(\.kind) == ["conflict.decided"])
  }

  @Test func aForkIsOnlySeen() throws {
    let conflict = Self.conflict(.fork, key: "urg-1-00000001", "station/urg-1-00000001")
    #expect(throws: Refusal("conflict-side-unknown", field: "side")) {
      try Scene.world().run(DecideConflict(conflict, side: 0), by: "account/duty")
    }
    let decision = try Scene.world().run(DecideConflict(conflict, side: nil), by: "account/duty")
    #expect(decision.facts.map(\.kind) == ["conflict.decided"])
  }
}
