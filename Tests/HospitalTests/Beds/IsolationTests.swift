import Hospital
import Ledger
import Testing

/// Isolation goes with whoever is isolated, and doubling ends with those who were doubled up.
struct IsolationTests {
  @Test func isolationGoesWithThePatient() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "airborne"), by: "account/duty", at: .hours(1))
    try world.run(Transfer(stay: id, bed: RoomTests.bedC), by: "account/duty", at: .hours(2))
    #expect(world.beds[RoomTests.bedC]?.isolation == "airborne")
    // Whoever cleans must know.
    #expect(world.beds[Scene.bedA]?.isolation == "airborne")
    let next = Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA)
    let warnings = try next.decide(world, world.moment(.hours(3), "account/duty")).warnings.map(\.code)
    #expect(warnings.contains("bed-isolated"))
    try world.run(CleanBed(bed: Scene.bedA), by: "account/duty", at: .hours(4))
    #expect(world.beds[Scene.bedA]?.isolation == nil)
  }

  @Test func isolationGoesBackWhereTheTransferNeverWas() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "airborne"), by: "account/duty", at: .hours(1))
    try world.run(Transfer(stay: id, bed: RoomTests.bedC), by: "account/duty", at: .hours(2))
    try world.run(CleanBed(bed: Scene.bedA), by: "account/duty", at: .hours(3))
    let key = try #require(world.stays[id]?.movements.last?.key)
    #expect(
      Scene.outcome(CancelMovement(stay: id, key: key), in: world, by: "account/duty", at: .hours(4))
        == "stay.movement-cancelled bed.isolated bed.isolated")
    #expect(world.beds[Scene.bedA]?.isolation == "airborne")
    #expect(world.beds[RoomTests.bedC]?.isolation == nil)
  }

  @Test func isolationGoesToTheOtherBedWhereTheFirstIsTaken() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "contact"), by: "account/duty", at: .hours(1))
    try world.run(Transfer(stay: id, bed: RoomTests.bedC), by: "account/duty", at: .hours(2))
    try world.run(
      Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), by: "account/duty",
      at: .hours(3))
    let key = try #require(world.stays[id]?.movements.last?.key)
    try world.run(CancelMovement(stay: id, key: key, bed: Scene.bedB), by: "account/duty", at: .hours(4))
    #expect(world.beds[Scene.bedB]?.isolation == "contact")
    #expect(world.beds[RoomTests.bedC]?.isolation == nil)
  }

  /// It was the bed's before anybody came: a protected room.
  @Test func isolationOfTheBedItselfStays() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: RoomTests.bedC, isolation: "protective"), by: "account/duty", at: .hours(1))
    try world.run(Transfer(stay: id, bed: RoomTests.bedC), by: "account/duty", at: .hours(2))
    let key = try #require(world.stays[id]?.movements.last?.key)
    try world.run(CancelMovement(stay: id, key: key), by: "account/duty", at: .hours(3))
    #expect(world.beds[RoomTests.bedC]?.isolation == "protective")
    #expect(world.beds[Scene.bedA]?.isolation == nil)
  }

  /// It is said of their stay too, which goes back, and goes with them; what is said of an empty bed is of nobody.
  @Test func whoeverLiesThereIsIsolated() throws {
    let (world, id) = try MoveTests.admitted()
    func isolate(_ bed: String, _ isolation: String?, _ hour: Int) -> String {
      Scene.outcome(IsolateBed(bed: bed, isolation: isolation), in: world, by: "account/duty", at: .hours(hour))
    }
    func known() -> Answer? { world.stays[id]?.answers[.isolation] }
    #expect(isolate(Scene.bedB, "contact", 1) == "bed.isolated")
    #expect(isolate(Scene.bedA, nil, 1) == "bed.isolated" && known() == nil)
    #expect(isolate(Scene.bedA, "airborne", 2) == "bed.isolated stay.asked")
    #expect(known()?.text == "airborne" && known()?.said.at == .hours(2))
    #expect(isolate(Scene.bedA, "airborne", 3) == "bed.isolated" && known()?.said.at == .hours(2))
    try world.run(Transfer(stay: id, bed: RoomTests.bedC), by: "account/duty", at: .hours(4))
    #expect(isolate(Scene.bedA, nil, 5) == "bed.isolated" && known()?.text == "airborne")
    #expect(isolate(RoomTests.bedC, nil, 6) == "bed.isolated stay.asked")
    #expect(known() != nil && known()?.text == nil)
  }

  @Test func aSwapExchangesIsolation() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(IsolateBed(bed: Scene.bedA, isolation: "contact"), by: "account/duty", at: .hours(1))
    try world.run(
      Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: RoomTests.bedC), by: "account/duty",
      at: .hours(2))
    let other = try RoomTests.stay(Scene.loise, world).id
    try world.run(SwapBeds(one: id, other: other), by: "account/duty", at: .hours(3))
    #expect(world.beds[Scene.bedA]?.isolation == nil)
    #expect(world.beds[RoomTests.bedC]?.isolation == "contact")
  }

  @Test func doublingEndsWhenTheBedEmpties() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(DoubleBed(bed: Scene.bedA, doubled: true, reason: "afflux"), by: "account/duty", at: .hours(1))
    try world.run(
      Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), by: "account/duty",
      at: .hours(2))
    try world.run(Discharge(stay: id, exitMode: "8"), by: "account/duty", at: .hours(3))
    #expect(world.beds[Scene.bedA]?.doubled == true)
    let other = try RoomTests.stay(Scene.loise, world).id
    try world.run(Discharge(stay: other, exitMode: "8"), by: "account/duty", at: .hours(4))
    #expect(world.beds[Scene.bedA]?.doubled == false)
  }
}
