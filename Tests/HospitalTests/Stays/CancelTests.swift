import Hospital
import Ledger
import Testing

/// This did not happen: marked, never deleted, and the patient is where they were.
struct CancelTests {
  /// A life in steps, an hour apart, of whoever lies in bed A; then the movement with this trigger is cancelled.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var life: [@Sendable (String) -> any Command]
    var trigger: String
    var bed: String?
    var outcome: String
    /// Status, class and place afterwards.
    var after: String

    init(
      _ rule: String, _ life: [@Sendable (String) -> any Command], cancel trigger: String, to bed: String? = nil,
      _ outcome: String, _ after: String
    ) {
      (testDescription, self.life, self.trigger, self.bed, self.outcome, self.after) =
        (rule, life, trigger, bed, outcome, after)
    }
  }

  static let intoB: @Sendable (String) -> any Command = { Transfer(stay: $0, bed: Scene.bedB) }
  static let end: @Sendable (String) -> any Command = { Discharge(stay: $0, exitMode: "8") }
  static let dies: @Sendable (String) -> any Command = { _ in
    RecordDeath(patient: Scene.louise, wristband: "800000001", physician: "Dr Petit")
  }
  static let leave: @Sendable (String) -> any Command = { Leave(stay: $0) }
  static let back: @Sendable (String) -> any Command = { Return(stay: $0) }
  static let otherInA: @Sendable (String) -> any Command = { _ in
    Admit(patient: Scene.loise, stayClass: .inpatient, unit: "4EST", bed: Scene.bedA)
  }

  static let rows: [Row] = [
    Row("the admission", [], cancel: "A01", "stay.movement-cancelled", "cancelled - -"),
    Row(
      "the admission beneath a transfer", [intoB], cancel: "A01", "movement-not-last [movement]", "admitted inpatient B"
    ),
    Row(
      "a transfer: the bed before is theirs again", [intoB], cancel: "A02", "stay.movement-cancelled bed.freed",
      "admitted inpatient A"),
    Row(
      "a transfer, the bed before taken", [intoB, otherInA], cancel: "A02", "bed-taken-since [bed]",
      "admitted inpatient B"),
    Row(
      "a transfer, the bed before taken, to another", [intoB, otherInA], cancel: "A02", to: Scene.bed("4EST", "2", "A"),
      "stay.movement-cancelled stay.transferred", "admitted inpatient A"),
    Row("the discharge", [end], cancel: "A03", "stay.movement-cancelled bed.freed", "admitted inpatient A"),
    Row("the death", [dies], cancel: "A03", "stay.movement-cancelled bed.freed", "admitted inpatient A"),
    Row(
      "the discharge, the bed taken", [end, otherInA], cancel: "A03", "bed-taken-since [bed]", "discharged inpatient A"),
    Row("a leave", [leave], cancel: "A21", "stay.movement-cancelled", "admitted inpatient A"),
    Row(
      "a leave beneath its return", [leave, back], cancel: "A21", "movement-not-last [movement]", "admitted inpatient A"
    ),
    Row("a return", [leave, back], cancel: "A22", "stay.movement-cancelled", "admitted inpatient A"),
    Row("what never was", [], cancel: "A06", "movement-unknown [movement]", "admitted inpatient A"),
  ]

  @Test(arguments: rows)
  func cancellation(row: Row) throws {
    let (world, id) = try MoveTests.admitted()
    world.patients[Scene.louise]?.identifiers = [Identifier(value: "800000001", authority: "2.999.91.1", type: "PI")]
    for (hour, step) in row.life.enumerated() { try world.run(step(id), by: "account/duty", at: .hours(hour + 1)) }
    let key = world.stays[id]?.movements.last { $0.trigger == row.trigger }?.key ?? "none"
    let command = CancelMovement(stay: id, key: key, bed: row.bed)
    #expect(Scene.outcome(command, in: world, at: .hours(9)) == row.outcome)
    let stay = try #require(world.stays[id])
    #expect("\(stay.status) \(stay.stayClass.map { "\($0)" } ?? "-") \(stay.place.bed ?? "-")" == row.after)
    if row.trigger == "A03", stay.status == .admitted {
      #expect(stay.exitMode == nil)
      #expect(stay.destination == nil)
    }
  }

  @Test func cancelledIsFinal() throws {
    let (world, id) = try MoveTests.admitted()
    let key = try #require(world.stays[id]?.movements.first?.key)
    #expect(Scene.outcome(CancelMovement(stay: id, key: key), in: world) == "stay.movement-cancelled")
    #expect(Scene.outcome(CancelMovement(stay: id, key: key), in: world) == "movement-cancelled [movement]")
    #expect(
      Scene.outcome(CorrectMovement(stay: id, key: key, attending: "X"), in: world) == "movement-cancelled [movement]")
  }

  @Test func onlyWhoMay() throws {
    let (world, id) = try MoveTests.admitted()
    let key = try #require(world.stays[id]?.movements.first?.key)
    let cancel = CancelMovement(stay: id, key: key)
    #expect(Scene.outcome(cancel, in: world, by: "account/switchboard") == "not-permitted")
    world.accounts["account/nurse"]?.units = ["CHIR"]
    #expect(Scene.outcome(cancel, in: world, by: "account/nurse") == "not-permitted")
    world.accounts["account/nurse"]?.units = ["4EST"]
    #expect(Scene.outcome(cancel, in: world, by: "account/nurse") == "stay.movement-cancelled")
  }

  @Test func anHourPutRight() throws {
    let (world, id) = try MoveTests.admitted()
    let key = try #require(world.stays[id]?.movements.first?.key)
    let at = Instant.hours(-2)
    #expect(Scene.outcome(CorrectMovement(stay: id, key: key, at: at), in: world) == "stay.movement-corrected")
    #expect(world.stays[id]?.admittedAt == at)
    #expect(world.stays[id]?.place.bed == "A")
    #expect(Scene.outcome(CorrectMovement(stay: id, key: key, at: .hours(9)), in: world) == "at-future [at]")
    #expect(Scene.outcome(CorrectMovement(stay: id, key: key), in: world) == "nothing-changed [at]")
    #expect(Scene.outcome(CorrectMovement(stay: id, key: "none", at: at), in: world) == "movement-unknown [movement]")
  }

  /// Admitted at 0, moved at 2, moved at 3, out at 5: which hours may each be given?
  @Test(arguments: [
    ("A01", -1, "stay.movement-corrected"), ("A01", 1, "stay.movement-corrected"),
    ("A01", 4, "movement-out-of-order [at]"), ("A02", 4, "stay.movement-corrected"),
    ("A02", -1, "movement-out-of-order [at]"), ("A02", 6, "movement-out-of-order [at]"),
    ("A03", 4, "stay.movement-corrected"), ("A03", 1, "movement-out-of-order [at]"),
  ])
  func hours(trigger: String, hour: Int, outcome: String) throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(Transfer(stay: id, unit: "CHIR"), at: .hours(2))
    try world.run(Transfer(stay: id, unit: "MATER"), at: .hours(3))
    try world.run(Discharge(stay: id, exitMode: "8"), at: .hours(5))
    let key = try #require(world.stays[id]?.movements.first { $0.trigger == trigger }?.key)
    #expect(Scene.outcome(CorrectMovement(stay: id, key: key, at: .hours(hour)), in: world, at: .hours(9)) == outcome)
  }

  @Test func aClassCorrectedWithoutAMovement() throws {
    let (world, id) = try MoveTests.admitted()
    try world.run(ChangeClass(stay: id, stayClass: .daycase))
    let stay = try #require(world.stays[id])
    #expect(stay.movements.count == 1)
    #expect(stay.movements[0].nature == "HMSC")
    #expect(stay.stayClass == .daycase)
    #expect(stay.place.bed == "A")
  }
}
