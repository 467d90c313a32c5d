import Hospital
import Ledger
import Testing

/// Séances under one number, and outpatients in one gesture.
struct AttendTests {
  @Test func anOutpatient() throws {
    let world = Scene.world()
    let came = Attend(patient: Scene.louise, unit: "CS", attending: "DR PETIT")
    #expect(Scene.outcome(came, in: world) == "stay.admitted stay.attended")
    #expect(Scene.outcome(came, in: world, at: .hours(0, minutes: 5)) == "already-attended [at]")
    let stay = try #require(world.stays.values.first)
    #expect(stay.stayClass == .outpatient)
    #expect(stay.entryMode == "8")
    #expect(stay.attendances.map(\.attending) == ["DR PETIT"])
    #expect(stay.movements.map(\.trigger) == ["A04"])
    #expect(stay.isPresent(at: .hours(11)))
    #expect(!stay.isPresent(at: .hours(12)))
  }

  @Test func anOutpatientWhoIsGivenABed() throws {
    let world = Scene.world()
    try world.run(Attend(patient: Scene.louise, unit: "CS"))
    let id = try #require(world.stays.keys.first)
    try world.run(Transfer(stay: id, bed: Scene.bedA), at: .hours(1))
    func place(_ hours: Int) -> String? {
      world.stays[id]?.presence(at: .hours(hours)).map { "\($0.place.unit ?? "") \($0.place.bed ?? "")" }
    }
    #expect(place(0) == "CS ")
    #expect(place(1) == "4EST A")
    #expect(
      Scene.outcome(AdmitTests.admit(bed: Scene.bedA, patient: Scene.loise), in: world, at: .hours(2))
        == "bed-occupied [bed]")
    // A bed is free once somebody says so, not after the hours of a visit.
    #expect(place(30) == "4EST A")
    try world.run(Discharge(stay: id, exitMode: "8"), at: .hours(40))
    #expect(place(41) == nil)
  }

  /// Whom a movement leaves without a bed is here no longer than for a session, and so is who comes in a series.
  @Test func aBedThatWasLeft() throws {
    let world = Scene.world()
    try world.run(Attend(patient: Scene.louise, unit: "CS"))
    let visit = try #require(world.stays.keys.first)
    try world.run(Transfer(stay: visit, bed: Scene.bedA), at: .hours(1))
    try world.run(Transfer(stay: visit, unit: "CHIR"), at: .hours(20))
    #expect(world.stays[visit]?.presence(at: .hours(31))?.place.unit == "CHIR")
    #expect(world.stays[visit]?.isPresent(at: .hours(32)) == false)
    try world.run(Admit(patient: Scene.loise, stayClass: .recurring, unit: "DIAL"))
    let series = try #require(world.stays.keys.first { $0 != visit })
    try world.run(AttendSession(stay: series, at: .hours(0)))
    try world.run(Transfer(stay: series, bed: Scene.bedB), at: .hours(24))
    #expect(world.stays[series]?.presence(at: .hours(35))?.place.bed == "B")
    #expect(world.stays[series]?.isPresent(at: .hours(36)) == false)
  }

  @Test func anExpectedOutpatient() throws {
    let world = Scene.world()
    try world.run(Preadmit(patient: Scene.louise, stayClass: .outpatient, unit: "CS", expectedAt: .hours(1)))
    #expect(
      Scene.outcome(Attend(patient: Scene.louise, unit: "CS"), in: world)
        == "stay.admitted stay.attended ~preadmission-used")
    #expect(world.stays.count == 1)
  }

  @Test func aSeriesIsOneNumber() throws {
    let world = Scene.world()
    try world.run(Admit(patient: Scene.louise, stayClass: .recurring, unit: "DIAL"))
    let id = try #require(world.stays.keys.first)
    for day in 0..<3 {
      let session = AttendSession(stay: id, at: .hours(48 * day))
      #expect(Scene.outcome(session, in: world, at: .hours(48 * day)) == "stay.attended")
    }
    let stay = try #require(world.stays[id])
    #expect(stay.attendances.count == 3)
    #expect(stay.isPresent(at: .hours(50)))
    #expect(!stay.isPresent(at: .hours(70)))
    #expect(stay.status(at: .hours(70)) == .admitted)
    let twice = AttendSession(stay: id, at: .hours(96, minutes: 20))
    #expect(Scene.outcome(twice, in: world, at: .hours(97)) == "already-attended [at]")
    let mistaken = try #require(stay.attendances.last?.key)
    #expect(
      Scene.outcome(CancelMovement(stay: id, key: mistaken), in: world, at: .hours(97)) == "stay.movement-cancelled")
    #expect(world.stays[id]?.isPresent(at: .hours(97)) == false)
    #expect(Scene.outcome(twice, in: world, at: .hours(97)) == "stay.attended")
    let second = stay.attendances[1].key
    func put(_ hour: Instant) -> String {
      Scene.outcome(CorrectMovement(stay: id, key: second, at: hour), in: world, at: .hours(97))
    }
    #expect(put(.hours(50)) == "stay.attended")
    #expect(world.stays[id]?.attendances.count == 4)
    #expect(
      world.stays[id]?.attendances.filter { !$0.cancelled }.map(\.at) == [.night, .hours(50), .hours(96, minutes: 20)])
    #expect(put(.hours(50)) == "nothing-changed [at]")
    #expect(put(.hours(96)) == "already-attended [at]")
    #expect(
      Scene.outcome(CorrectMovement(stay: id, key: mistaken, at: .hours(52)), in: world, at: .hours(97))
        == "movement-cancelled [movement]")
    try world.run(Discharge(stay: id, exitMode: "8"), at: .hours(98))
    #expect(Scene.outcome(AttendSession(stay: id), in: world, at: .hours(99)) == "stay-ended [stay]")
    #expect(world.stays[id]?.isPresent(at: .hours(99)) == false)
  }

  @Test func aSessionBeforeTheSeriesBegan() throws {
    let world = Scene.world()
    try world.run(Preadmit(patient: Scene.louise, stayClass: .recurring, unit: "DIAL", expectedAt: .hours(1)))
    let id = try #require(world.stays.keys.first)
    #expect(Scene.outcome(AttendSession(stay: id), in: world) == "stay-not-begun [stay]")
    try world.run(
      Admit(patient: Scene.louise, stayClass: .recurring, unit: "DIAL", preadmission: id, at: .hours(1)), at: .hours(1))
    #expect(Scene.outcome(AttendSession(stay: id, at: .hours(0)), in: world, at: .hours(2)) == "before-admission [at]")
    #expect(Scene.outcome(AttendSession(stay: id, at: .hours(1)), in: world, at: .hours(2)) == "stay.attended")
    let coming = try #require(world.stays[id]?.attendances.first?.key)
    let sooner = CorrectMovement(stay: id, key: coming, at: .hours(0))
    #expect(Scene.outcome(sooner, in: world, at: .hours(2)) == "before-admission [at]")
  }
}
