import Hospital
import Ledger
import Testing

/// Somebody lies in 4EST, room 1, bed A since one o'clock; what follows happens two hours later.
struct MoveTests {
  struct Step: Sendable {
    var say: @Sendable (String) -> any Command
    var author = "account/admission"

    init(_ say: @escaping @Sendable (String) -> any Command, by author: String = "account/admission") {
      (self.say, self.author) = (say, author)
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var before: [Step]
    var step: Step
    var outcome: String

    init(
      _ rule: String, after before: [Step] = [], by author: String = "account/admission",
      _ say: @escaping @Sendable (String) -> any Command, _ outcome: String
    ) {
      (testDescription, self.before, step, self.outcome) = (rule, before, Step(say, by: author), outcome)
    }
  }

  static func admitted() throws -> (MemoryWorld, String) {
    let world = Scene.world()
    let decision = try world.run(
      Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA, entryMode: "8"))
    return (world, try #require(decision.subject("stay")))
  }

  static let neighbour = Step { _ in
    Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedB)
  }
  static let left = Step { Leave(stay: $0, until: .hours(20)) }
  static let gone = Step { Discharge(stay: $0, exitMode: "8") }

  static let rows: [Row] = [
    Row("to another bed", { Transfer(stay: $0, bed: Scene.bedB) }, "stay.transferred bed.to-clean"),
    Row("to another unit, without a bed", { Transfer(stay: $0, unit: "CHIR") }, "stay.transferred bed.to-clean"),
    Row("another unit answers", { Transfer(stay: $0, bed: Scene.bedA, medicalUnit: "CHIR") }, "stay.transferred"),
    Row("nothing changes", { Transfer(stay: $0, bed: Scene.bedA) }, "no-move [bed]"),
    Row("into an occupied bed", after: [neighbour], { Transfer(stay: $0, bed: Scene.bedB) }, "bed-occupied [bed]"),
    Row("an unknown stay", { _ in Transfer(stay: "stay/x", unit: "CHIR") }, "stay-unknown [stay]"),
    Row("an unknown unit answers", { Transfer(stay: $0, bed: Scene.bedA, medicalUnit: "X") }, "unit-unknown [unit]"),
    Row("after the end", after: [gone], { Transfer(stay: $0, unit: "CHIR") }, "stay-ended [stay]"),
    Row("before the admission", { Transfer(stay: $0, unit: "CHIR", at: .hours(-1)) }, "before-admission [at]"),
    Row("earlier", { Transfer(stay: $0, unit: "CHIR", at: .hours(1)) }, "stay.transferred bed.to-clean"),
    Row("to come", { Transfer(stay: $0, unit: "CHIR", at: .hours(4)) }, "at-future [at]"),
    Row("by a switchboard", by: "account/switchboard", { Transfer(stay: $0, unit: "CHIR") }, "not-permitted"),
    Row("assigned", { AssignBed(stay: $0, bed: Scene.bedB) }, "stay.transferred bed.to-clean"),
    Row("assigned nothing", { AssignBed(stay: $0, bed: "bed/x") }, "bed-unknown [bed]"),

    Row(
      "becomes a day case: the class is corrected", { ChangeClass(stay: $0, stayClass: .daycase) },
      "stay.movement-corrected"),
    Row("becomes an outpatient", { ChangeClass(stay: $0, stayClass: .outpatient) }, "stay.class-changed"),
    Row(
      "becomes an emergency elsewhere", { ChangeClass(stay: $0, stayClass: .emergency, unit: "URG", bed: Scene.box1) },
      "stay.class-changed bed.to-clean"),
    Row("is what it was", { ChangeClass(stay: $0, stayClass: .inpatient) }, "class-unchanged [stayClass]"),
    Row(
      "corrects the class and moves", { ChangeClass(stay: $0, stayClass: .daycase, unit: "CHIR") },
      "class-without-move [unit]"),

    Row("on leave", { Leave(stay: $0, until: .hours(50)) }, "stay.left"),
    Row("on leave for too long", { Leave(stay: $0, until: .hours(51)) }, "leave-too-long [until]"),
    Row("back before leaving", { Leave(stay: $0, until: .hours(1)) }, "return-before-leave [until]"),
    Row("a scan elsewhere", { Leave(stay: $0, kind: "round-trip", to: "Évry") }, "stay.left"),
    Row("a walk", { Leave(stay: $0, kind: "walk") }, "leave-kind-unknown [kind]"),
    Row("on leave twice", after: [left], { Leave(stay: $0) }, "already-away [stay]"),
    Row("back", after: [left], { Return(stay: $0) }, "stay.returned"),
    Row("back from nowhere", { Return(stay: $0) }, "not-away [stay]"),

    Row("home", { Discharge(stay: $0, exitMode: "8") }, "stay.discharged bed.to-clean"),
    Row("home, with HAD", { Discharge(stay: $0, exitMode: "8", destination: "6") }, "stay.discharged bed.to-clean"),
    Row(
      "home, to MCO", { Discharge(stay: $0, exitMode: "8", destination: "1") }, "destination-against-mode [destination]"
    ),
    Row(
      "transferred, nobody says where", { Discharge(stay: $0, exitMode: "7") },
      "stay.discharged bed.to-clean ~destination-missing"),
    Row(
      "for less than two days, to SMR", { Discharge(stay: $0, exitMode: "0", destination: "2") },
      "stay.discharged bed.to-clean"),
    Row("dead, and nobody has said so", { Discharge(stay: $0, exitMode: "9") }, "death-not-recorded [exitMode]"),
    Row(
      "dead, with a destination", { Discharge(stay: $0, exitMode: "9", destination: "1") },
      "destination-against-mode [destination]"),
    Row("by no mode", { Discharge(stay: $0, exitMode: "N") }, "exit-mode-unknown [exitMode]"),
    Row("twice", after: [gone], { Discharge(stay: $0, exitMode: "8") }, "stay-ended [stay]"),
    Row(
      "from leave", after: [left], { Discharge(stay: $0, exitMode: "8") },
      "stay.discharged bed.to-clean ~discharge-away"),
    Row(
      "before another movement", after: [left], { Discharge(stay: $0, exitMode: "8", at: .hours(1)) },
      "movements-after [at]"),

    Row("not a series", { AttendSession(stay: $0) }, "not-a-series [stay]"),
  ]

  @Test(arguments: rows)
  func movement(row: Row) throws {
    let (world, stay) = try Self.admitted()
    for step in row.before { try world.run(step.say(stay), by: step.author, at: .hours(2)) }
    #expect(Scene.outcome(row.step.say(stay), in: world, by: row.step.author, at: .hours(2)) == row.outcome)
  }

  /// Whoever lies in bed A was born in 2005 where the date says so; it is August 2022.
  @Test(arguments: [
    ("1961-03-12", "", "8", ""), ("2005-08-21", "", "8", " ~discharge-minor"), ("2005-08-21", "", "9", ""),
    ("2005-08-21", "", "6", " ~destination-missing"), ("2005-08-21", "", "7", " ~destination-missing ~discharge-minor"),
    ("2004-08-20", "", "8", ""), ("2004", "minor", "8", " ~discharge-minor"),
    ("1961-03-12", "prisoner", "8", " ~discharge-prisoner"), ("1961-03-12", "prisoner", "7", " ~destination-missing"),
    ("1961-03-12", "custody", "8", " ~discharge-custody"),
    ("1961-03-12", "psychiatric SDRE", "8", " ~discharge-psychiatric"),
    ("1961-03-12", "psychiatric SL", "8", ""), ("2010-01-01", "custody", "8", " ~discharge-minor ~discharge-custody"),
  ])
  func whoMustNotSimplyLeave(born: String, situation: String, exitMode: String, warnings: String) throws {
    let (world, id) = try Self.admitted()
    world.patients[Scene.louise]?.birthDate = PartialDate(born)
    let said = situation.split(separator: " ").map(String.init)
    if let kind = said.first {
      let situation = LegalSituation(kind: kind, code: said.count > 1 ? said[1] : nil)
      try world.run(SetSituation(patient: Scene.louise, situation: situation), at: .hours(1))
    }
    world.patients[Scene.louise]?.deceased = exitMode == "9"
    let outcome = Scene.outcome(Discharge(stay: id, exitMode: exitMode), in: world, at: .hours(2))
    let bed = exitMode == "9" ? "bed.body-present" : "bed.to-clean"
    #expect(outcome == "stay.discharged \(bed)\(warnings)")
  }

  @Test(
    arguments: [
      (nil, "CHIR", nil, "HMS", Place(unit: "CHIR")),
      (nil, "CHIR", "4EST", "HS", Place(unit: "CHIR", medicalUnit: "4EST")),
      (Scene.bedB, nil, nil, "L", Place(unit: "4EST", room: "1", bed: "B")),
      (Scene.bedA, nil, "CHIR", "M", Place(unit: "4EST", room: "1", bed: "A", medicalUnit: "CHIR")),
    ] as [(String?, String?, String?, String, Place)])
  func natures(bed: String?, unit: String?, medical: String?, nature: String, place: Place) throws {
    let (world, id) = try Self.admitted()
    try world.run(Transfer(stay: id, unit: unit, bed: bed, medicalUnit: medical), at: .hours(2))
    #expect(world.stays[id]?.movements.last?.nature == nature)
    #expect(world.stays[id]?.place == place)
  }

  /// Came in the night, while we had nothing: in its place, marked, and the present stays where it is.
  @Test func aLateTransferGoesToItsPlace() throws {
    let (world, id) = try Self.admitted()
    try world.run(Transfer(stay: id, unit: "CHIR"), at: .hours(4))
    #expect(
      Scene.outcome(Transfer(stay: id, unit: "MATER", at: .hours(2)), in: world, at: .hours(5)) == "stay.transferred")
    let stay = try #require(world.stays[id])
    #expect(stay.movements.map(\.place.unit) == ["4EST", "MATER", "CHIR"])
    #expect(stay.movements.map(\.historic) == [false, true, false])
    #expect(stay.movements[1].writtenAt == .hours(5))
    #expect(stay.place.unit == "CHIR")
    #expect(stay.presence(at: .hours(3))?.place.unit == "MATER")
  }

  /// The bed is somebody else's by the time the discharge is typed: it is not to be cleaned under them.
  @Test func aLateDischargeLeavesTheNextPatientsBedAlone() throws {
    let (world, id) = try Self.admitted()
    try world.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/bed-manager")
    try world.run(Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), at: .hours(2))
    #expect(
      Scene.outcome(Discharge(stay: id, exitMode: "8", at: .hours(1)), in: world, at: .hours(3)) == "stay.discharged")
  }

  @Test func swappedInOneCommit() throws {
    let (world, id) = try Self.admitted()
    let other = try #require(
      try world.run(Admit(patient: Scene.loise, stayClass: .inpatient, unit: "URG", bed: Scene.box1)).subject("stay"))
    #expect(
      Scene.outcome(SwapBeds(one: id, other: other), in: world, at: .hours(1)) == "stay.transferred stay.transferred")
    #expect(world.stays[id]?.place == Place(unit: "URG", room: "BOX", bed: "1", medicalUnit: "4EST", careUnit: "4EST"))
    #expect(world.stays[other]?.place == Place(unit: "4EST", room: "1", bed: "A", medicalUnit: "URG", careUnit: "URG"))
    #expect(Scene.outcome(SwapBeds(one: id, other: id), in: world, at: .hours(1)) == "no-swap [bed]")
  }
}
