import Hospital
import Ledger
import Testing

/// What an orientation asks of others, and that nothing is left asked for when it is taken back.
struct OnwardTests {
  private static let doctor = "account/physician"
  private static let manager = "account/bed-manager"

  private static func orient(
    _ stay: String, _ way: Orientation.Way, _ orient: String? = nil, needs: BedNeeds = BedNeeds()
  ) -> OrientPatient {
    OrientPatient(stay: stay, way: way, orient: orient, reason: way == .transfer ? "ct" : nil, needs: needs)
  }

  private static func takeBack(_ stay: String, in world: MemoryWorld) throws -> String {
    let key = try #require(try EmergencyTests.visit(stay, world).orientation?.key)
    return Scene.outcome(WithdrawOrientation(stay: stay, key: key), in: world, by: doctor)
  }

  @Test(
    arguments: [
      ("MED", BedNeeds(), BedNeeds(specialty: "medicine")), ("CHIR", BedNeeds(), BedNeeds(specialty: "surgery")),
      ("OBST", BedNeeds(), BedNeeds(specialty: "obstetrics")),
      ("UHCD", BedNeeds(), BedNeeds(specialty: "short-stay")),
      ("REA", BedNeeds(), BedNeeds(specialty: "intensive", monitoring: true)),
      ("SC", BedNeeds(), BedNeeds(specialty: "intensive", monitoring: true)),
      ("HDT", BedNeeds(), BedNeeds(specialty: "psychiatry")),
      ("MED", BedNeeds(unit: "4EST", single: true), BedNeeds(unit: "4EST", single: true)),
      ("SI", BedNeeds(unit: "4EST"), BedNeeds(unit: "4EST", monitoring: true)),
      (
        "MED", BedNeeds(isolation: "contact", monitoring: true),
        BedNeeds(specialty: "medicine", isolation: "contact", monitoring: true)
      ),
    ] as [(String, BedNeeds, BedNeeds)])
  func anAdmissionAsksForItsBed(orient: String, said: BedNeeds, asked: BedNeeds) throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let command = Self.orient(stay, .admit, orient, needs: said)
    #expect(Scene.outcome(command, in: world, by: Self.doctor) == "emergency.oriented request.made")
    let request = try #require(world.requests[BedRequest.subject(ofStay: stay)])
    #expect(request.needs == asked && request.from == .emergency && request.patient == Scene.louise)
    #expect(request.status == .open)
    let orientation = try #require(try EmergencyTests.visit(stay, world).orientation)
    #expect(orientation.request == request.id && orientation.destination == said.unit)
  }

  @Test func takenBackTheBedGoesBackToo() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let request = BedRequest.subject(ofStay: stay)
    try world.run(Self.orient(stay, .admit, "MED"), by: Self.doctor)
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    #expect(try Self.takeBack(stay, in: world) == "emergency.orientation-withdrawn request.withdrawn bed.freed")
    #expect(world.beds[Scene.bedA]?.condition == .free && world.requests[request]?.status == .withdrawn)
  }

  /// Somebody asked by hand, with needs that an orientation does not know.
  @Test func whatWasAskedForStands() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    try world.run(RequestBed(stay: stay, from: .emergency, needs: BedNeeds(unit: "CHIR", single: true)))
    #expect(Scene.outcome(Self.orient(stay, .admit, "MED"), in: world, by: Self.doctor) == "emergency.oriented")
    #expect(try Self.takeBack(stay, in: world) == "emergency.orientation-withdrawn")
    #expect(world.requests[BedRequest.subject(ofStay: stay)]?.needs.unit == "CHIR")
    #expect(world.requests[BedRequest.subject(ofStay: stay)]?.isWaiting == true)
  }

  /// Oriented anew: its own request follows.
  @Test func anotherOrientation() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let request = BedRequest.subject(ofStay: stay)
    try world.run(Self.orient(stay, .admit, "MED"), by: Self.doctor)
    try world.run(AcceptBedRequest(request: request, bed: Scene.bedA), by: Self.manager)
    #expect(Scene.outcome(Self.orient(stay, .admit, "MED"), in: world, by: Self.doctor) == "emergency.oriented")
    #expect(world.beds[Scene.bedA]?.condition == .reserved)
    #expect(
      Scene.outcome(Self.orient(stay, .admit, "CHIR"), in: world, by: Self.doctor)
        == "emergency.oriented bed.freed request.made")
    #expect(world.requests[request]?.needs.specialty == "surgery")
    #expect(try Self.takeBack(stay, in: world) == "emergency.orientation-withdrawn", "the one before admits too")
    #expect(
      Scene.outcome(Self.orient(stay, .here), in: world, by: Self.doctor) == "emergency.oriented request.withdrawn")
  }

  /// Typed in at five of what was said at two: they lie in a ward by now.
  @Test func whoLiesInAWardNeedsNoBed() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let lies = ChangeClass(stay: stay, stayClass: .inpatient, bed: Scene.bedA)
    #expect(Scene.outcome(lies, in: world).hasSuffix(" ~class-not-oriented"))
    var late = Self.orient(stay, .admit, "MED")
    late.at = .hours(0, minutes: -30)
    #expect(Scene.outcome(late, in: world, by: Self.doctor, at: .hours(2)) == "emergency.oriented")
  }

  @Test(
    arguments: [
      ("asked", [PatientTransfer.Step](), true), ("accepted", [.accepted], true), ("refused", [.refused], false),
      ("left", [.accepted, .left], false),
    ] as [(String, [PatientTransfer.Step], Bool)])
  func aTransferTakenBack(rule: String, steps: [PatientTransfer.Step], withdraws: Bool) throws {
    let (world, stay, transfer) = try Self.sent()
    for step in steps {
      _ = TransferTests.step(world, transfer, step, at: 0, note: "complet")
    }
    let back = try Self.takeBack(stay, in: world)
    #expect(back.contains("transfer.withdrawn") == withdraws, "\(rule): \(back)")
    #expect(world.transfers[transfer]?.status == (withdraws ? .withdrawn : steps.last ?? .asked), "\(rule)")
  }

  /// A scan elsewhere and back is another matter.
  @Test func aRoundTripStaysAsked() throws {
    let (world, stay, transfer) = try Self.sent(.roundTrip)
    #expect(try Self.takeBack(stay, in: world) == "emergency.orientation-withdrawn")
    #expect(world.transfers[transfer]?.status == .asked)
  }

  @Test func whoGoesHomeIsAskedForNoMore() throws {
    let (world, stay, transfer) = try Self.sent()
    #expect(
      Scene.outcome(Self.orient(stay, .home), in: world, by: Self.doctor)
        == "emergency.oriented stay.discharged transfer.withdrawn")
    #expect(world.transfers[transfer]?.isOpen == false)
  }

  private static func sent(
    _ kind: PatientTransfer.Kind = .definitive
  ) throws -> (world: MemoryWorld, stay: String, transfer: String) {
    let world = Scene.world()
    try world.run(DeclarePartners([.init(finess: "910000901", name: "Évry")]), by: "account/duty")
    let stay = try EmergencyTests.arrived(in: world)
    try world.run(orient(stay, .transfer), by: doctor)
    let ask = AskTransfer(stay: stay, partners: [TransferTests.evry], kind: kind)
    return (world, stay, try #require(try world.run(ask, by: doctor).subject("transfer")))
  }

  /// What another hospital is asked for is what the orientation said, then what the last hospital was told.
  @Test func nothingIsAskedTwice() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let settings = EmergencySettings.usual
    let before = PatientTransfer.asking(after: [], try EmergencyTests.visit(stay, world), settings)
    #expect(before.needs == [] && before.reason == nil)
    try world.run(Self.orient(stay, .transfer), by: Self.doctor)
    let visit = try EmergencyTests.visit(stay, world)
    // R07.4 needs the laboratory and the catheter laboratory; the reason said is the scanner.
    let asking = PatientTransfer.asking(after: [], visit, settings)
    #expect(Set(asking.needs) == [.ct, .laboratory, .cathLab])
    var last = PatientTransfer(id: "transfer/1")
    (last.needs, last.reason) = (["mri"], "AVC")
    let again = PatientTransfer.asking(after: [last], visit, settings)
    #expect(again.needs == [.mri] && again.reason == "AVC")
  }

  @Test func theOrientationThatLosesAsksForNothing() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let request = BedRequest.subject(ofStay: stay)
    let moment = world.moment(.night, Self.doctor)
    let said = [
      try Self.orient(stay, .admit, "MED").decide(world, moment).facts,
      try Self.orient(stay, .admit, "CHIR").decide(world, moment).facts,
      try Self.orient(stay, .here).decide(world, moment).facts,
    ]
    for fact in said.flatMap({ $0 }) { world.hear(fact) }
    let visit = EmergencyVisit.id(ofStay: stay)
    let sides = said.enumerated().map { index, facts in
      Conflict.Side(subject: visit, said: [ContradictionTests.said(facts[0], "urg-\(index)-0000000\(index)", 1)])
    }
    let conflict = Conflict(.orientation, subjects: [visit], sides: sides)
    #expect(world.requests[request]?.needs.specialty == "surgery")
    try world.run(DecideConflict(conflict, side: 0), by: "account/duty")
    #expect(world.requests[request]?.needs.specialty == "medicine" && world.requests[request]?.isWaiting == true)
    try world.run(DecideConflict(conflict, side: 2), by: "account/duty")
    #expect(world.requests[request]?.status == .withdrawn)
    try world.run(DecideConflict(conflict, side: 1), by: "account/duty")
    #expect(world.requests[request]?.needs.specialty == "surgery" && world.requests[request]?.isWaiting == true)
  }

  // MARK: How far it is

  private static func transfer(
    _ partner: String, _ steps: [(PatientTransfer.Step, Int)], _ kind: PatientTransfer.Kind = .definitive
  ) -> PatientTransfer {
    var transfer = PatientTransfer(id: "transfer/\(partner)")
    for (index, (step, hour)) in steps.enumerated() {
      let data: JSON =
        step == .asked ? ["stay": "stay/1", "partner": .string(partner), "kind": .string(kind.rawValue)] : [:]
      let fact = Fact(kind: "transfer.\(step.rawValue)", subject: transfer.id, at: .hours(hour), data: data)
      transfer.fold(StayFoldTests.heard(fact, index))
    }
    return transfer
  }

  private static let gone: [(PatientTransfer.Step, Int)] = [(.asked, 1), (.accepted, 2), (.left, 3), (.arrived, 4)]

  @Test(
    arguments: [
      ("nobody was asked", [], .toAsk, [], .night),
      (
        "asked of two", [transfer("a", [(.asked, 2)]), transfer("b", [(.asked, 1)])],
        .asked, ["a", "b"], .hours(1)
      ),
      (
        "one refused, one still asked", [transfer("a", [(.asked, 1), (.refused, 2)]), transfer("b", [(.asked, 1)])],
        .asked, ["b"], .hours(1)
      ),
      (
        "one accepted", [transfer("a", [(.asked, 1), (.accepted, 2)]), transfer("b", [(.asked, 1)])],
        .accepted, ["a"], .hours(2)
      ),
      (
        "all refused: the last",
        [
          transfer("a", [(.asked, 1), (.refused, 3)]), transfer("b", [(.asked, 1), (.refused, 2)]),
        ], .refused, ["a"], .hours(3)
      ),
      (
        "left", [transfer("a", [(.asked, 1), (.accepted, 2), (.left, 3)])],
        .left, ["a"], .hours(3)
      ),
      ("withdrawn", [transfer("a", [(.asked, 1), (.withdrawn, 2)])], .toAsk, [], .night),
      ("there for good", [transfer("a", gone)], .arrived, ["a"], .hours(4)),
      ("there for a scan", [transfer("a", gone, .roundTrip)], .arrived, ["a"], .hours(4)),
      ("back from the scan", [transfer("a", gone + [(.returned, 5)], .roundTrip)], nil, [], nil),
      ("the stay ended meanwhile", [transfer("a", gone + [(.ended, 5)], .roundTrip)], nil, [], nil),
      ("the ambulance turned round", [transfer("a", gone + [(.returned, 5)])], .toAsk, [], .night),
      (
        "back before the orientation",
        [transfer("a", [(.asked, -4), (.accepted, -3), (.left, -2), (.returned, -1)], .roundTrip)], .toAsk, [], .night
      ),
      (
        "oriented while they were there for a scan",
        [transfer("a", [(.asked, -4), (.accepted, -3), (.left, -2), (.returned, 1)], .roundTrip)], .toAsk, [], .night
      ),
      (
        "refused before the scan",
        [transfer("a", gone + [(.returned, 5)], .roundTrip), transfer("b", [(.asked, 1), (.refused, 2)])], nil, [], nil
      ),
      (
        "refused after the scan",
        [transfer("a", gone + [(.returned, 5)], .roundTrip), transfer("b", [(.asked, 6), (.refused, 7)])],
        .refused, ["b"], .hours(7)
      ),
    ] as [(String, [PatientTransfer], Onward.Step?, [String], Instant?)])
  func elsewhere(
    rule: String, transfers: [PatientTransfer], step: Onward.Step?, partners: [String], since: Instant?
  ) throws {
    var visit = EmergencyVisit(id: "emergency/1")
    let oriented = Fact(
      kind: "emergency.oriented", subject: "emergency/1", at: .night, data: ["key": "1", "way": "transfer"])
    visit.fold(StayFoldTests.heard(oriented, 0))
    let found = Onward.steps(of: visit, nil, kept: [], transfers).first
    #expect(found?.step == step && found?.subjects ?? [] == partners && found?.since == since, "\(rule)")
  }

  @Test func aBed() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    let id = BedRequest.subject(ofStay: stay)
    func steps(kept: [String] = []) throws -> [Onward.Step] {
      Onward.steps(of: try EmergencyTests.visit(stay, world), world.requests[id], kept: kept, []).map(\.step)
    }
    #expect(try steps() == [])
    try world.run(Self.orient(stay, .admit, "MED"), by: Self.doctor)
    #expect(try steps() == [.bedAsked])
    try world.run(AcceptBedRequest(request: id, bed: Scene.bedA), by: Self.manager)
    #expect(try steps(kept: [Scene.bedA]) == [.bedKept])
    #expect(try steps() == [.bedLost])
    try world.run(WithdrawBedRequest(request: id, reason: nil), by: Self.manager)
    #expect(try steps() == [.bedToAsk])
  }
}
