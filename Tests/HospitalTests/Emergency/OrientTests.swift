import Hospital
import Ledger
import Testing

/// Each way out of emergency: what it says, what ends with it, and how it is taken back.
struct OrientTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var patient = Scene.louise
    var author = "account/physician"
    var command: OrientPatient
    var outcome: String
    var exit: String?

    init(
      _ rule: String, _ command: OrientPatient, _ outcome: String, exit: String? = nil, patient: String = Scene.louise,
      by author: String = "account/physician"
    ) {
      (testDescription, self.command, self.outcome, self.exit) = (rule, command, outcome, exit)
      (self.patient, self.author) = (patient, author)
    }
  }

  static func way(
    _ way: Orientation.Way, orient: String? = nil, reason: String? = nil, destination: String? = nil,
    agreement: Bool = false, with companion: String? = nil, wristband: String? = nil, physician: String? = nil
  ) -> OrientPatient {
    OrientPatient(
      stay: "", way: way, orient: orient, reason: reason, destination: destination, agreement: agreement,
      accompaniedBy: companion, wristband: wristband, physician: physician)
  }

  static let rows: [Row] = [
    Row("examined here", way(.here), "emergency.oriented"),
    Row("to the physicians on call", way(.onCall, agreement: true), "emergency.oriented stay.discharged", exit: "8"),
    Row("who does not agree stays", way(.onCall), "agreement-missing [agreement]"),
    Row("a transfer needs its reason", way(.transfer), "reason-missing [reason]"),
    Row("a transfer ends nothing yet", way(.transfer, reason: "ct", destination: "Évry"), "emergency.oriented"),
    Row("a transfer for a reason that is none", way(.transfer, reason: "imaging"), "orient-unknown [reason]"),
    Row("into a bed of a kind", way(.admit, orient: "UHCD"), "emergency.oriented request.made"),
    Row("into which kind of bed", way(.admit), "orient-missing [orient]"),
    Row("a kind that is none", way(.admit, orient: "PSA"), "orient-unknown [orient]"),
    Row("home", way(.home), "emergency.oriented stay.discharged", exit: "8"),
    Row("home with help", way(.home, destination: "7"), "emergency.oriented stay.discharged", exit: "8"),
    Row("home is no ward", way(.home, destination: "1"), "destination-against-mode [destination]"),
    Row("left without waiting", way(.left, orient: "PSA"), "emergency.oriented stay.discharged", exit: "8"),
    Row("left, how", way(.left), "orient-missing [orient]"),
    Row(
      "a minor goes with somebody", way(.home), "companion-missing [accompaniedBy]", patient: "patient/baby"),
    Row(
      "a minor with somebody", way(.home, with: "sa mère"), "emergency.oriented stay.discharged ~discharge-minor",
      exit: "8", patient: "patient/baby"),
    Row(
      "a minor who absconds is not accompanied", way(.left, orient: "FUGUE"),
      "emergency.oriented stay.discharged ~discharge-minor", exit: "8", patient: "patient/baby"),
    Row(
      "a death without the wristband", way(.died, wristband: "", physician: "Leroy"), "wristband-missing [wristband]"),
    Row(
      "a death", way(.died, wristband: "louise", physician: "Leroy"),
      "emergency.oriented patient.died stay.discharged", exit: "9"),
    Row(
      "the triage nurse redirects", way(.onCall, agreement: true), "emergency.oriented stay.discharged", exit: "8",
      by: "account/triage"),
    Row("a nurse does not", way(.home), "not-permitted", by: "account/nurse"),
    Row("nor does a clerk", way(.home), "not-permitted", by: "account/admission"),
  ]

  @Test(arguments: rows)
  func orientations(row: Row) throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(row.patient, in: world, at: row.patient == Scene.louise ? .hours(-1) : .night)
    var command = row.command
    command.stay = stay
    #expect(Scene.outcome(command, in: world, by: row.author) == row.outcome)
    let state = try #require(world.stay(stay))
    #expect(state.exitMode == row.exit)
    #expect((state.status == .discharged) == (row.exit != nil))
    let visit = try EmergencyTests.visit(stay, world)
    #expect((visit.orientation != nil) == row.outcome.hasPrefix("emergency.oriented"))
  }

  /// Sent at an hour at which nobody is on call: asked about once. That Sunday it is three o'clock.
  @Test(
    arguments: [
      ("02:00-04:00", 0, false, "emergency.oriented stay.discharged"),
      ("04:00-24:00", 0, false, "on-call-closed [confirmed]"), ("02:00-03:00", 0, false, "on-call-closed [confirmed]"),
      ("04:00-24:00", 0, true, "emergency.oriented stay.discharged"),
      ("02:00-02:55", -600, false, "emergency.oriented stay.discharged"),
      ("02:55-24:00", -600, false, "on-call-closed [confirmed]"),
      ("", 0, false, "emergency.oriented stay.discharged"),
    ])
  func nobodyIsOnCall(open: String, seconds: Int, isConfirmed: Bool, outcome: String) throws {
    let world = Scene.world()
    let hours = open.isEmpty ? "" : "sunday: ['\(open)']"
    let settings = try EmergencySettings(yaml: "onCall: { name: MMG, hours: { \(hours) } }")
    let command = OrientPatient(
      stay: try EmergencyTests.arrived(in: world), way: .onCall, agreement: true,
      at: Instant.night.adding(seconds: seconds), isConfirmed: isConfirmed, settings: settings)
    #expect(Scene.outcome(command, in: world, by: "account/physician") == outcome)
  }

  /// Whatever it was: taken back, they are here again and nobody is dead.
  @Test(arguments: rows.filter { $0.outcome.hasPrefix("emergency.oriented") })
  func takenBack(row: Row) throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(row.patient, in: world, at: row.patient == Scene.louise ? .hours(-1) : .night)
    var command = row.command
    command.stay = stay
    try world.run(command, by: row.author)
    let key = try #require(try EmergencyTests.visit(stay, world).orientation?.key)
    let wrong = WithdrawOrientation(stay: stay, key: "another")
    #expect(Scene.outcome(wrong, in: world, by: row.author) == "orientation-changed")
    try world.run(WithdrawOrientation(stay: stay, key: key), by: row.author)
    #expect(world.stay(stay)?.status == .admitted && world.stay(stay)?.exitMode == nil)
    #expect(world.patient(row.patient)?.deceased == false)
    #expect(try EmergencyTests.visit(stay, world).orientation == nil)
    #expect(
      Scene.outcome(WithdrawOrientation(stay: stay, key: key), in: world, by: row.author) == "orientation-changed")
  }

  /// Also where the file of which it was said has become one with another since.
  @Test func aDeathIsTakenBackOfAFileThatWasMergedSince() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world, at: .hours(-1))
    var died = Self.way(.died, wristband: "louise", physician: "Leroy")
    died.stay = stay
    try world.run(died, by: "account/physician")
    world.hear(Fact(kind: "patient.merged", subject: Scene.louise, at: .night, data: ["into": .string(Scene.loise)]))
    let key = try #require(try EmergencyTests.visit(stay, world).orientation?.key)
    try world.run(WithdrawOrientation(stay: stay, key: key), by: "account/physician")
    #expect([Scene.louise, Scene.loise].map { world.patient($0)?.isDead } == [false, false])
    #expect(world.stay(stay)?.status == .admitted)
  }

  /// In standby the main system says itself when its visits end; where they go is said here all the same.
  @Test func theMainSystemEndsItsOwnVisits() throws {
    let world = Scene.world()
    world.modes = [:]
    let stay = "stay/\(Name.subject("stay", "GAM", "77"))"
    world.hear(
      Fact(
        kind: "stay.admitted", subject: stay, at: .hours(-1),
        data: [
          "patient": .string(Scene.louise),
          "movement": ["key": "GAM|1", "trigger": "A04", "unit": "URG", "class": "emergency"],
        ]))
    #expect(Scene.outcome(EmergencyTests.triage(stay), in: world, by: "account/nurse") == "emergency.triaged")
    var home = Self.way(.home)
    home.stay = stay
    #expect(
      Scene.outcome(home, in: world, by: "account/physician") == "emergency.oriented ~orientation-not-ended")
    #expect(world.stay(stay)?.status == .admitted)
  }

  /// What another station said differently gives way, with the end of the stay that it brought.
  @Test func theOrientationThatHoldsUndoesTheOther() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    var home = Self.way(.home)
    home.stay = stay
    var admit = Self.way(.admit, orient: "MED")
    admit.stay = stay
    // Decided by stations that did not know of each other: from one state.
    let moment = world.moment(.night, "account/physician")
    let facts = [try home.decide(world, moment).facts, try admit.decide(world, moment).facts]
    for fact in facts.flatMap({ $0 }) { world.hear(fact, at: .night) }
    #expect(world.stay(stay)?.status == .discharged)
    let visit = EmergencyVisit.id(ofStay: stay)
    let sides = facts.enumerated().map { index, facts in
      Conflict.Side(subject: visit, said: [ContradictionTests.said(facts[0], "urg-\(index)-0000000\(index)", 1)])
    }
    let conflict = Conflict(.orientation, subjects: [visit], sides: sides)
    let decision = try world.run(DecideConflict(conflict, side: 1), by: "account/duty")
    #expect(
      decision.facts.map(\.kind) == [
        "emergency.orientation-withdrawn", "stay.movement-cancelled", "conflict.decided",
      ])
    #expect(world.stay(stay)?.status == .admitted)
    #expect(try EmergencyTests.visit(stay, world).orientation?.way == .admit)
    // Decided again, the other way round: it is said again, and its discharge is to be said by a person.
    let again = try world.run(DecideConflict(conflict, side: 0), by: "account/duty")
    #expect(again.warnings.map(\.code) == ["orientation-not-ended-again"])
    #expect(try EmergencyTests.visit(stay, world).orientation?.way == .home)
  }

  /// Nor does anybody stay dead whose file has become one with another since.
  @Test func aDeathThatLosesIsTakenBackOfAMergedFile() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    var (died, admit) = (Self.way(.died, wristband: "louise", physician: "Leroy"), Self.way(.admit, orient: "MED"))
    (died.stay, admit.stay) = (stay, stay)
    let moment = world.moment(.night, "account/physician")
    let facts = [try died.decide(world, moment).facts, try admit.decide(world, moment).facts]
    for fact in facts.flatMap({ $0 }) { world.hear(fact, at: .night) }
    world.hear(Fact(kind: "patient.merged", subject: Scene.louise, at: .night, data: ["into": .string(Scene.loise)]))
    let sides = facts.enumerated().map { index, facts in
      Conflict.Side(
        subject: EmergencyVisit.id(ofStay: stay),
        said: [ContradictionTests.said(facts[0], "urg-\(index)-0000000\(index)", 1)])
    }
    let conflict = Conflict(.orientation, subjects: [EmergencyVisit.id(ofStay: stay)], sides: sides)
    try world.run(DecideConflict(conflict, side: 1), by: "account/duty")
    #expect([Scene.louise, Scene.loise].map { world.patient($0)?.isDead } == [false, false])
  }

  /// Whoever is away for an examination is not sent home from here: they would come back to no board.
  @Test func whoIsAway() throws {
    let world = Scene.world()
    let stay = try EmergencyTests.arrived(in: world)
    try world.run(Leave(stay: stay, kind: "round-trip", to: "Évry"))
    for (way, outcome) in [
      (Orientation.Way.home, "orient-while-away [way]"), (.left, "orient-while-away [way]"),
      (.admit, "emergency.oriented request.made"),
    ] {
      let orient = way == .left ? "PSA" : way == .admit ? "MED" : nil
      let command = OrientPatient(stay: stay, way: way, orient: orient)
      #expect(Scene.outcome(command, in: world, by: "account/physician") == outcome)
    }
    try world.run(Return(stay: stay))
    let home = OrientPatient(stay: stay, way: .home)
    #expect(Scene.outcome(home, in: world, by: "account/physician").hasPrefix("emergency.oriented stay.discharged"))
  }
}
