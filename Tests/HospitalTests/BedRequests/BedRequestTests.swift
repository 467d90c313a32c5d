import Hospital
import Ledger
import Testing

struct BedRequestTests {
  private static let manager = "account/bed-manager"

  /// Louise is in a box of the emergency department.
  private static func night() throws -> (world: MemoryWorld, stay: String, request: String) {
    let world = Scene.world()
    let admit = Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG", bed: Scene.box1)
    let stay = try #require(try world.run(admit).subject("stay"))
    return (world, stay, BedRequest.subject(ofStay: stay))
  }

  private static func ask(_ stay: String, unit: String = "4EST") -> RequestBed {
    RequestBed(stay: stay, from: .emergency, needs: BedNeeds(unit: unit))
  }

  @Test func oneKeyKeepsTheBedAndTheNextMovesThem() throws {
    let (world, stay, request) = try Self.night()
    #expect(Scene.outcome(Self.ask(stay), in: world, by: "account/triage") == "request.made")
    #expect(
      Scene.outcome(AcceptBedRequest(request: request, bed: Scene.bedA), in: world, by: Self.manager)
        == "request.accepted bed.reserved")
    #expect(world.beds[Scene.bedA]?.reservedFor == Scene.louise)
    let moved = Scene.outcome(FulfilBedRequest(request: request), in: world, by: Self.manager)
    #expect(moved == "stay.class-changed bed.freed request.fulfilled bed.to-clean ~class-not-oriented")
    #expect(world.stays[stay]?.place.bed == "A" && world.stays[stay]?.place.unit == "4EST")
    #expect(world.requests[request]?.status == .fulfilled)
    #expect(world.beds[Scene.bedA]?.condition == .free)
    #expect(world.beds[Scene.box1]?.condition == .toClean)
  }

  /// Whoever moves them there by another page answers the request all the same; under a new number too.
  @Test(arguments: [true, false])
  func theirOwnBedFulfilsIt(keepsNumber: Bool) throws {
    let (world, stay, request) = try Self.night()
    world.structure?.emergencyKeepsNumber = keepsNumber
    try world.run(Self.ask(stay))
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedB), by: Self.manager)
    try world.run(Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedB))
    #expect(world.requests[request]?.status == .fulfilled)
    #expect(world.beds[Scene.bedB]?.condition == .free)
  }

  @Test func nobodyElseIsPutThere() throws {
    let (world, stay, request) = try Self.night()
    try world.run(Self.ask(stay))
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    let other = Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA)
    #expect(Scene.outcome(other, in: world) == "bed-reserved [bed]")
    let second = RequestBed(name: "M. Durand", from: .outside, needs: BedNeeds(unit: "4EST"))
    let asked = try #require(try world.run(second).subject("request"))
    #expect(
      Scene.outcome(AcceptBedRequest(request: asked, bed: Scene.bedA), in: world, by: Self.manager)
        == "bed-reserved [bed]")
  }

  /// Two stations that do not hear each other give one request two beds, or two requests one bed: all is kept, and what
  /// no longer holds is shown.
  @Test func answeredTwiceApart() throws {
    let (world, stay, request) = try Self.night()
    try world.run(Self.ask(stay))
    for bed in [Scene.bedA, Scene.bedB] {
      world.hear(Fact(kind: "request.accepted", subject: request, at: .night, data: ["bed": .string(bed)]))
      world.hear(
        Fact(
          kind: "bed.reserved", subject: bed, at: .night,
          data: ["for": .string(Scene.louise), "request": .string(request)]))
    }
    #expect(world.requests[request]?.beds == [Scene.bedA, Scene.bedB])
    // Whoever lies in one keeps no other.
    let moved = try FulfilBedRequest(request: request).decide(world, world.moment(.night, Self.manager))
    let freed = moved.facts.filter { $0.kind == "bed.freed" }.map(\.subject)
    #expect(Set(freed) == [Scene.bedA, Scene.bedB])
    #expect(
      Scene.outcome(ReopenBedRequest(request: request), in: world, by: Self.manager)
        == "request.reopened bed.freed bed.freed")
    #expect(world.requests[request]?.beds == [])

    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    world.hear(
      Fact(kind: "bed.reserved", subject: Scene.bedA, at: .night, data: ["for": "M. Durand", "request": "request/2"]))
    // Not theirs any more: it is not freed, and another bed may be given.
    #expect(
      Scene.outcome(AcceptBedRequest(request: request, bed: Scene.bedB), in: world, by: Self.manager)
        == "request.accepted bed.reserved")
    #expect(
      Scene.outcome(WithdrawBedRequest(request: request, reason: "rentre chez elle"), in: world)
        == "request.withdrawn bed.freed")
    #expect(world.beds[Scene.bedA]?.condition == .reserved)
    #expect(world.beds[Scene.bedB]?.condition == .free)
  }

  @Test func askedAgainWhatIsNeededNowHolds() throws {
    let (world, stay, request) = try Self.night()
    try world.run(Self.ask(stay))
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    #expect(Scene.outcome(Self.ask(stay, unit: "CHIR"), in: world) == "bed.freed request.made")
    #expect(world.requests[request]?.needs.unit == "CHIR")
    #expect(world.requests[request]?.status == .open)
  }

  @Test func fromOutsideByName() throws {
    let world = Scene.world()
    let ask = RequestBed(name: "M. Durand", from: .outside, needs: BedNeeds(specialty: "medicine"))
    let request = try #require(try world.run(ask).subject("request"))
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    #expect(world.beds[Scene.bedA]?.reservedFor == "M. Durand")
    #expect(
      Scene.outcome(FulfilBedRequest(request: request), in: world, by: Self.manager) == "request.fulfilled bed.freed")
  }

  @Test func refusals() throws {
    let (world, stay, request) = try Self.night()
    let nowhere = RequestBed(stay: stay, from: .emergency)
    #expect(Scene.outcome(nowhere, in: world) == "request-where [unit]")
    #expect(Scene.outcome(Self.ask("stay/none"), in: world) == "stay-unknown [stay]")
    #expect(Scene.outcome(Self.ask(stay, unit: "NONE"), in: world) == "unit-unknown [unit]")
    let nobody = RequestBed(name: " ", from: .outside, needs: BedNeeds(unit: "4EST"))
    #expect(Scene.outcome(nobody, in: world) == "request-who [name]")
    let isolated = RequestBed(stay: stay, from: .ward, needs: BedNeeds(unit: "4EST", isolation: "plague"))
    #expect(Scene.outcome(isolated, in: world) == "isolation-unknown [isolation]")
    #expect(Scene.outcome(Self.ask(stay), in: world, by: "account/switchboard") == "not-permitted")
    let accept = AcceptBedRequest(request: request, bed: Scene.bedA)
    #expect(Scene.outcome(accept, in: world, by: Self.manager) == "request-unknown")
    try world.run(Self.ask(stay))
    #expect(Scene.outcome(accept, in: world, by: "account/nurse") == "not-permitted")
    #expect(Scene.outcome(FulfilBedRequest(request: request), in: world, by: Self.manager) == "request-not-accepted")
    #expect(Scene.outcome(ReopenBedRequest(request: request), in: world, by: Self.manager) == "request-not-accepted")
    try world.run(accept, by: Self.manager)
    let other = AcceptBedRequest(request: request, bed: Scene.bedB)
    #expect(Scene.outcome(other, in: world, by: Self.manager) == "request-accepted [bed]")
    try world.run(WithdrawBedRequest(request: request, reason: nil))
    #expect(Scene.outcome(accept, in: world, by: Self.manager) == "request-closed")
  }

  @Test func whoHasLeftIsGivenNoBed() throws {
    let (world, stay, request) = try Self.night()
    try world.run(Self.ask(stay))
    try world.run(Discharge(stay: stay, exitMode: "8"), at: .hours(1))
    #expect(
      Scene.outcome(
        AcceptBedRequest(request: request, bed: Scene.bedA), in: world, by: Self.manager, at: .hours(2))
        == "request-gone")
    #expect(Scene.outcome(Self.ask(stay), in: world, at: .hours(2)) == "stay-ended [stay]")
  }
}

struct ExpectDischargeTests {
  @Test func theLastHourHolds() throws {
    let world = Scene.world()
    let stay = try #require(try world.run(AdmitTests.admit(bed: Scene.bedA)).subject("stay"))
    func expect(_ at: Instant?) -> String { Scene.outcome(ExpectDischarge(stay: stay, at: at), in: world) }
    #expect(expect(nil) == "nothing-changed [expected]")
    #expect(expect(.hours(-1)) == "leaving-past [expected]")
    #expect(expect(.hours(24 * 61)) == "leaving-too-far [expected]")
    #expect(expect(.hours(12)) == "stay.planned")
    #expect(world.stays[stay]?.expectedDischargeAt == .hours(12))
    #expect(expect(.hours(12)) == "nothing-changed [expected]")
    #expect(expect(.hours(10)) == "stay.movement-cancelled stay.planned")
    #expect(world.stays[stay]?.expectedDischargeAt == .hours(10))
    // Nobody is moved by it, at any hour.
    #expect(world.stays[stay]?.isPresent(at: .hours(11)) == true)
    #expect(expect(nil) == "stay.movement-cancelled")
    #expect(world.stays[stay]?.expectedDischargeAt == nil)
  }

  /// What a feed says of it holds alike.
  @Test func aFeedSaysItToo() {
    var stay = Stay(id: "stay/1")
    for (kind, key, hour, trigger) in [
      ("stay.admitted", "A|1", 0, "A01"), ("stay.planned", "A|2", 20, "A16"),
    ] {
      let fact = Fact(
        kind: kind, subject: "stay/1", at: .hours(hour),
        data: ["movement": ["key": .string(key), "trigger": .string(trigger), "unit": "4EST"]])
      stay.fold(StayFoldTests.heard(fact, hour))
    }
    #expect(stay.expectedDischargeAt == .hours(20))
  }
}
