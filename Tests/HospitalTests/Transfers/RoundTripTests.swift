import Hospital
import Ledger
import Testing

/// For a scan: the bed is kept, and the return is watched for as long as the stay goes on.
struct RoundTripTests {
  static let nurse = TransferTests.nurse

  /// Louise left at two for Évry, and is expected back at five.
  static func away() throws -> (world: MemoryWorld, stay: String, transfer: String) {
    let accepted = try TransferTests.accepted(.roundTrip)
    #expect(step(accepted.world, accepted.transfer, .left, at: 2, until: .hours(5)) == "transfer.left stay.left")
    return accepted
  }

  static func step(
    _ world: MemoryWorld, _ transfer: String, _ step: PatientTransfer.Step, at hour: Int, until: Instant? = nil
  ) -> String {
    TransferTests.step(world, transfer, step, at: hour, until: until)
  }

  static func cancelEnd(_ world: MemoryWorld, _ stay: String, at hour: Int) throws -> String {
    let movement = try #require(world.stays[stay]?.movements.last { $0.isDischarge })
    let cancel = CancelMovement(stay: stay, key: movement.key)
    return Scene.outcome(cancel, in: world, by: nurse, at: .hours(hour))
  }

  @Test func thereAndBack() throws {
    let (world, stay, transfer) = try TransferTests.accepted(.roundTrip)
    #expect(Self.step(world, transfer, .left, at: 2) == "transfer-until [until]")
    #expect(Self.step(world, transfer, .left, at: 2, until: .hours(51)) == "transfer-until [until]")
    #expect(Self.step(world, transfer, .left, at: 2, until: .hours(5)) == "transfer.left stay.left")
    #expect(world.stays[stay]?.presence(at: .hours(3))?.away == true)
    #expect(world.occupants(ofBed: Scene.bedA, at: .hours(3)) == [stay])
    #expect(world.stays[stay]?.other["leave"]?["to"]?.string == "Évry")
    #expect(world.transfers[transfer]?.isLate(at: .hours(5)) == false)
    #expect(world.transfers[transfer]?.isLate(at: .hours(6)) == true)
    #expect(Self.step(world, transfer, .arrived, at: 3) == "transfer.arrived")
    #expect(world.transfers[transfer]?.isOpen == true)
    #expect(Self.step(world, transfer, .returned, at: 6) == "transfer.returned stay.returned")
    #expect(world.stays[stay]?.presence(at: .hours(6))?.away == false)
    #expect(world.transfers[transfer]?.isOpen == false)
  }

  @Test func backSaidOnTheStayIsNotSaidTwice() throws {
    let (world, stay, transfer) = try Self.away()
    try world.run(Return(stay: stay), by: Self.nurse, at: .hours(4))
    #expect(Self.step(world, transfer, .returned, at: 5) == "transfer.returned")
  }

  /// The stay ends while they are away: the transfer says so, and nobody comes back to no board. Where that end was a
  /// mistake, they are away again and awaited.
  @Test func theStayEndsWhileTheyAreAway() throws {
    let (world, stay, transfer) = try Self.away()
    #expect(Self.step(world, transfer, .ended, at: 3) == "transfer-stay-goes-on")
    let end = Discharge(stay: stay, exitMode: "8")
    #expect(
      Scene.outcome(end, in: world, by: Self.nurse, at: .hours(4))
        == "stay.discharged bed.to-clean transfer.ended ~discharge-away")
    let ended = try #require(world.transfers[transfer])
    #expect(ended.status == .ended && !ended.isOpen && !ended.isCommitted && !ended.isLate(at: .hours(9)))
    #expect(PatientTransfer(stored: ended.stored) == ended)
    #expect(Self.step(world, transfer, .returned, at: 6) == "transfer-ended-meanwhile")
    #expect(try Self.cancelEnd(world, stay, at: 6) == "stay.movement-cancelled bed.freed transfer.resumed")
    let watched = try #require(world.transfers[transfer])
    #expect(watched.status == .left && watched.isOpen && watched.isCommitted && watched.isLate(at: .hours(9)))
    #expect(PatientTransfer(stored: watched.stored) == watched)
    #expect(Self.step(world, transfer, .returned, at: 7) == "transfer.returned stay.returned")
  }

  /// Of a stay whose movements the main system said until it fell silent: the transfer alone knows that they are away.
  @Test func theStayEndsWhileTheTransferAloneSaysThatTheyAreAway() throws {
    let (world, stay, transfer) = try TransferTests.accepted(.roundTrip)
    world.hear(Fact(kind: "transfer.left", subject: transfer, at: .hours(2), data: [:]))
    let end = Discharge(stay: stay, exitMode: "8")
    #expect(
      Scene.outcome(end, in: world, by: Self.nurse, at: .hours(4))
        == "stay.discharged bed.to-clean transfer.ended ~discharge-away")
    #expect(try Self.cancelEnd(world, stay, at: 6) == "stay.movement-cancelled bed.freed transfer.resumed")
    #expect(world.transfers[transfer]?.isOpen == true)
  }

  /// Back in their bed before the stay ended, which nobody said of the transfer.
  @Test func whoWasBackIsNotAwaitedAgain() throws {
    let (world, stay, transfer) = try Self.away()
    try world.run(Return(stay: stay), by: Self.nurse, at: .hours(3))
    try world.run(Discharge(stay: stay, exitMode: "8"), by: Self.nurse, at: .hours(4))
    #expect(try Self.cancelEnd(world, stay, at: 6) == "stay.movement-cancelled bed.freed")
    #expect(world.transfers[transfer]?.status == .ended)
    let back = StepTransfer(transfer, .returned, at: .hours(3))
    #expect(Scene.outcome(back, in: world, by: Self.nurse, at: .hours(6)) == "transfer.returned")
  }

  /// Of a stay whose movements the main system says: from when they left, until a later one says that they are here.
  @Test(
    arguments: [
      ("accepted", ["accepted"], false, nil), ("left", ["accepted", "left"], false, .hours(2)),
      ("arrived", ["accepted", "left", "arrived"], false, .hours(2)),
      ("back", ["accepted", "left", "returned"], false, nil),
      ("in another bed since", ["accepted", "left"], true, nil),
    ] as [(String, [String], Bool, Instant?)], [PatientTransfer.Kind.roundTrip, .definitive])
  func awayThoughTheirStayGoesOn(
    row: (rule: String, said: [String], moved: Bool, since: Instant?), kind: PatientTransfer.Kind
  ) throws {
    let (world, stay) = try TransferTests.world()
    let transfer = try TransferTests.ask(world, stay, [TransferTests.evry], kind)[0]
    for kind in row.said { world.hear(Fact(kind: "transfer.\(kind)", subject: transfer, at: .hours(2), data: [:])) }
    if row.moved { try world.run(Transfer(stay: stay, bed: Scene.bedB), by: Self.nurse, at: .hours(3)) }
    let found = world.stays[stay]?.awaySince(at: .hours(4), Array(world.transfers.values))
    #expect(found == row.since, "\(row.rule)")
    #expect(world.stays[stay]?.awaySince(at: .hours(4), []) == nil)
  }

  /// The bed was given away: they are expected back in another.
  @Test func awaitedInAnotherBed() throws {
    let (world, stay, transfer) = try Self.away()
    try world.run(Discharge(stay: stay, exitMode: "8"), by: Self.nurse, at: .hours(3))
    try world.run(
      Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA), by: "account/duty",
      at: .hours(4))
    let movement = try #require(world.stays[stay]?.movements.last { $0.isDischarge })
    let cancel = CancelMovement(stay: stay, key: movement.key, bed: Scene.bedB)
    #expect(
      Scene.outcome(cancel, in: world, by: "account/duty", at: .hours(5))
        == "stay.movement-cancelled stay.transferred transfer.resumed")
    #expect(world.stays[stay]?.presence(at: .hours(5))?.away == true)
    #expect(world.transfers[transfer]?.isOpen == true)
  }

  /// Said by stations that may not have known of each other: the last word on the end counts, but who is back is back.
  @Test(
    arguments: [
      ("ended", ["ended"], .ended), ("taken back", ["ended", "resumed"], .left),
      ("taken back twice", ["ended", "resumed", "resumed"], .left),
      ("ended twice, then taken back", ["ended", "ended", "resumed"], .left),
      ("ended again", ["ended", "resumed", "ended"], .ended), ("never ended", ["resumed"], .left),
      ("arrived there meanwhile", ["ended", "arrived", "resumed"], .arrived),
      ("back meanwhile", ["ended", "returned", "resumed"], .returned),
    ] as [(String, [String], PatientTransfer.Step)])
  func theLastWordOnTheEnd(rule: String, said: [String], status: PatientTransfer.Step) throws {
    let (world, _, transfer) = try Self.away()
    for kind in said { world.hear(Fact(kind: "transfer.\(kind)", subject: transfer, at: .hours(3), data: [:])) }
    #expect(world.transfers[transfer]?.status == status, "\(rule)")
  }

  /// Ended here and moved there: where a person decides that the stay goes on, the return is watched.
  @Test(
    arguments: [
      (0, ["stay.movement-cancelled", "conflict.decided"], .ended),
      (1, ["stay.movement-cancelled", "transfer.resumed", "conflict.decided"], .left),
    ] as [(Int, [String], PatientTransfer.Step)])
  func oneAccountOfTheStayHolds(side: Int, kinds: [String], status: PatientTransfer.Step) throws {
    let (world, stay, transfer) = try Self.away()
    let moment = world.moment(.hours(3), "account/duty")
    let said = [
      try Discharge(stay: stay, exitMode: "8").decide(world, moment).facts,
      try Transfer(stay: stay, bed: Scene.bedB).decide(world, moment).facts,
    ]
    for fact in said.flatMap({ $0 }) { world.hear(fact, at: .hours(3)) }
    let sides = said.enumerated().map { index, facts in
      Conflict.Side(subject: stay, said: [ContradictionTests.said(facts[0], "urg-\(index)-0000000\(index)", 1)])
    }
    let conflict = Conflict(.stay, subjects: [stay], sides: sides)
    let decision = try world.run(DecideConflict(conflict, side: side), by: "account/duty", at: .hours(4))
    #expect(decision.facts.map(\.kind) == kinds)
    #expect(world.transfers[transfer]?.status == status)
  }

  /// Received twice: nobody is awaited back in the stay that did not happen.
  @Test func whoseStayDidNotHappen() throws {
    let (world, stay, transfer) = try Self.away()
    try world.run(Discharge(stay: stay, exitMode: "8"), by: Self.nurse, at: .hours(3))
    let conflict = DecideConflictTests.conflict(.announced, "stay/other", stay)
    try world.run(DecideConflict(conflict, side: 0), by: "account/duty", at: .hours(4))
    #expect(world.stays[stay]?.status == .cancelled)
    #expect(world.transfers[transfer]?.status == .ended)
  }

  /// A feed ended the stay: the transfer is closed by hand.
  @Test func anotherEndedTheStay() throws {
    let (world, stay, transfer) = try Self.away()
    world.hear(
      Fact(
        kind: "stay.discharged", subject: stay, at: .hours(3),
        data: ["exitMode": "8", "movement": ["key": "GAM|9", "trigger": "A03", "unit": "4EST"]]))
    #expect(Self.step(world, transfer, .returned, at: 4) == "transfer-ended-meanwhile")
    #expect(Self.step(world, transfer, .ended, at: 4) == "transfer.ended")
  }
}
