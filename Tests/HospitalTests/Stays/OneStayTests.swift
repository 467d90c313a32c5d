import Hospital
import Ledger
import Testing

/// Under which number somebody is admitted: their own where they had one.
struct OneStayTests {
  static let inWard = Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA)

  static func only(_ world: MemoryWorld) throws -> Stay {
    try #require(world.stays.count == 1 ? world.stays.values.first : nil)
  }

  @Test func fromEmergencyKeepsTheNumber() throws {
    let world = Scene.world()
    try world.run(Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", bed: Scene.box1, entryMode: "8"))
    #expect(Scene.outcome(Self.inWard, in: world, at: .hours(2)) == "stay.class-changed bed.to-clean")
    let stay = try Self.only(world)
    #expect(stay.movements.map(\.trigger) == ["A04", "A06"])
    #expect(stay.stayClass == .inpatient)
    #expect(stay.place == Place(unit: "4EST", room: "1", bed: "A"))
    #expect(stay.admittedAt == .night)
    #expect(world.beds[Scene.box1]?.condition == .toClean)
  }

  @Test func orTakesANewOne() throws {
    let world = Scene.world()
    world.structure?.emergencyKeepsNumber = false
    try world.run(Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", bed: Scene.box1))
    var command = Self.inWard
    command.entryMode = "8"
    #expect(Scene.outcome(command, in: world, at: .hours(2)) == "stay.discharged bed.to-clean stay.admitted")
    let (visit, stay) = try (
      #require(world.stays.values.first { $0.number == "N10001" }),
      #require(world.stays.values.first { $0.number == "N10002" })
    )
    #expect(visit.status == .discharged)
    #expect(visit.exitMode == "6")
    #expect(stay.stayClass == .inpatient)
    #expect(stay.provenance == "5")
  }

  @Test(arguments: [
    (StayClass.inpatient, -3, "stay.admitted ~preadmission-used", "N10001"),
    (.inpatient, 23, "stay.admitted ~preadmission-used", "N10001"),
    (.inpatient, 26, "stay.admitted", "N10002"), (.daycase, 0, "stay.admitted", "N10002"),
  ])
  func anExpectedPatientIsUnderThatNumber(stayClass: StayClass, hours: Int, outcome: String, number: String) throws {
    let world = Scene.world()
    let expected = Preadmit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", expectedAt: .hours(hours))
    #expect(Scene.outcome(expected, in: world) == "stay.preadmitted")
    var command = Self.inWard
    command.stayClass = stayClass
    #expect(Scene.outcome(command, in: world) == outcome)
    #expect(world.stays.values.first { $0.status == .admitted }?.number == number)
  }

  @Test func aNamedPreadmission() throws {
    let world = Scene.world()
    try world.run(Preadmit(patient: Scene.louise, stayClass: .daycase, unit: "4EST", expectedAt: .hours(200)))
    let expected = try Self.only(world).id
    var command = Self.inWard
    command.preadmission = expected
    command.patient = Scene.loise
    #expect(Scene.outcome(command, in: world) == "preadmission-of-another [preadmission]")
    command.patient = Scene.louise
    #expect(Scene.outcome(command, in: world) == "stay.admitted")
    #expect(try Self.only(world).number == "N10001")
    #expect(Scene.outcome(command, in: world) == "preadmission-used [preadmission]")
    command.preadmission = "stay/x"
    #expect(Scene.outcome(command, in: world) == "stay-unknown [stay]")
  }

  @Test func aBedIsKeptForWhoIsExpected() throws {
    let world = Scene.world()
    let expected = Preadmit(
      patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA, expectedAt: .hours(10))
    #expect(Scene.outcome(expected, in: world) == "stay.preadmitted bed.reserved")
    var other = Self.inWard
    other.patient = Scene.loise
    #expect(Scene.outcome(other, in: world) == "bed-reserved [bed]")
    #expect(Scene.outcome(Self.inWard, in: world) == "stay.admitted bed.freed ~preadmission-used")
  }

  @Test func expectedInThePast() {
    let expected = Preadmit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", expectedAt: .hours(-25))
    #expect(Scene.outcome(expected, in: Scene.world()) == "expected-past [expectedAt]")
  }

  /// The night is 03:00 in Paris: 20 hours later it is 23:00, 22 hours later another day.
  @Test(arguments: [
    ("8", 20, "stay.admitted ~readmitted-same-day", 1), ("8", 22, "stay.admitted", 2), ("9", 20, "stay.admitted", 2),
  ])
  func readmissionTheSameDayIsOneStay(exitMode: String, hours: Int, outcome: String, stays: Int) throws {
    let world = Scene.world()
    try world.run(Self.inWard)
    let id = try Self.only(world).id
    world.patients[Scene.louise]?.deceased = exitMode == "9"
    try world.run(Discharge(stay: id, exitMode: exitMode, at: .hours(1)), at: .hours(1))
    world.patients[Scene.louise]?.deceased = false
    var command = Self.inWard
    command.bed = nil
    #expect(Scene.outcome(command, in: world, at: .hours(hours)) == outcome)
    #expect(world.stays.count == stays)
    if stays == 1 {
      let stay = try Self.only(world)
      #expect(stay.status == .admitted)
      #expect(stay.exitMode == nil)
      #expect(stay.outline.presences.map(\.until) == [.hours(1), nil])
    }
  }

  /// A discharge is not undone, nor a visit made a stay, beside another stay.
  @Test func oneBedAtATime() throws {
    let world = Scene.world()
    let first = try #require(try world.run(Self.inWard).subject("stay"))
    let end = try world.run(Discharge(stay: first, exitMode: "8"), at: .hours(1))
    let key = try #require(world.stays[first]?.movements.last?.key)
    #expect(end.facts.count == 2)
    let visit = Admit(patient: Scene.louise, stayClass: .outpatient, unit: "CS")
    let beside = try #require(try world.run(visit, at: .hours(30)).subject("stay"))
    let second = Admit(patient: Scene.louise, stayClass: .inpatient, unit: "CHIR")
    try world.run(second, at: .hours(30))
    #expect(Scene.outcome(CancelMovement(stay: first, key: key), in: world, at: .hours(31)) == "stay-open [stay]")
    let becomes = ChangeClass(stay: beside, stayClass: .inpatient)
    #expect(Scene.outcome(becomes, in: world, at: .hours(31)) == "stay-open [stay]")
  }

  @Test func aNewbornLiesBesideItsMother() throws {
    let world = Scene.world()
    let bed = Scene.bed("MATER", "31", "A")
    try world.run(Admit(patient: Scene.louise, stayClass: .inpatient, unit: "MATER", bed: bed))
    let mother = try Self.only(world).id
    for (patient, at) in [("patient/baby", 1), ("patient/third", 2)] {
      let birth = Admit(
        patient: patient, stayClass: .inpatient, unit: "MATER", bed: bed, entryMode: "N", motherStay: mother)
      #expect(Scene.outcome(birth, in: world, at: .hours(at)) == "stay.admitted")
    }
    #expect(world.occupants(ofBed: bed, at: .hours(3)).count == 3)
    let stranger = Admit(patient: Scene.loise, stayClass: .inpatient, unit: "MATER", bed: bed)
    #expect(Scene.outcome(stranger, in: world, at: .hours(3)) == "bed-occupied [bed]")
  }

  @Test func identityAndStayInOneCommit() throws {
    let world = Scene.world()
    let command = InOneCommit(Self.inWard) { said throws(Refusal) in
      Discharge(stay: said.subject("stay") ?? "", exitMode: "8")
    }
    #expect(Scene.outcome(command, in: world) == "stay.admitted stay.discharged bed.to-clean")
  }

  /// Creating somebody and admitting them both warn that the main system is in charge: said once.
  @Test func oneCommitWarnsOnce() throws {
    let world = Scene.world()
    world.modes = [:]
    let command = InOneCommit(Self.inWard) { _ in
      Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedB)
    }
    #expect(Scene.outcome(command, in: world) == "stay.admitted stay.admitted ~mode-standby")
  }

  @Test func aBedKeptIsFreeOnceNobodyWillComeToIt() throws {
    let world = Scene.world()
    func expect(_ patient: String) throws {
      try world.run(
        Preadmit(patient: patient, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA, expectedAt: .hours(2)))
      #expect(world.beds[Scene.bedA]?.condition == .reserved)
    }
    try expect(Scene.louise)
    try world.run(
      Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedB), at: .hours(2))
    #expect(world.beds[Scene.bedA]?.condition == .free)
    try expect(Scene.loise)
    let stay = try #require(world.stays.values.first { $0.patient == Scene.loise })
    try world.run(CancelMovement(stay: stay.id, key: try #require(stay.movements.first?.key)), at: .hours(1))
    #expect(world.beds[Scene.bedA]?.condition == .free)
  }
}
