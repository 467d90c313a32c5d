import Hospital
import Ledger
import Testing

/// What was said of a visit before it was handed back is its own under the main system's name too, and what was said of
/// a person under a file that is one with another.
struct ContinuedTests {
  static let there = "stay/there"

  /// The main system goes on with the visit, at one.
  static func goOn(
    _ here: String, _ world: MemoryWorld, _ stayClass: String = "emergency", unit: String = "URG"
  ) {
    let movement: JSON = [
      "key": "M1", "id": "M1", "trigger": "A01", "unit": .string(unit), "class": .string(stayClass),
    ]
    world.hear(
      Fact(
        kind: "stay.admitted", subject: there, at: .hours(1),
        data: ["patient": .string(Scene.louise), "movement": movement]))
    world.hear(Fact(kind: "stay.continued", subject: here, at: .hours(1), data: ["as": .string(there)]))
  }

  private static func takeBack(_ key: String?, in world: MemoryWorld) -> String {
    Scene.outcome(
      WithdrawOrientation(stay: there, key: key ?? ""), in: world, by: "account/physician", at: .hours(3))
  }

  @Test func emergencyGoesOnWhereItBegan() throws {
    let world = Scene.world()
    let here = try EmergencyTests.arrived(in: world)
    func orient(_ stay: String, _ orient: String, at now: Instant) -> String {
      Scene.outcome(
        OrientPatient(stay: stay, way: .admit, orient: orient), in: world, by: "account/physician", at: now)
    }
    try world.run(EmergencyTests.triage(here, "2"), by: "account/triage")
    #expect(orient(here, "MED", at: .night) == "emergency.oriented request.made")
    Self.goOn(here, world)
    #expect(orient(Self.there, "CHIR", at: .hours(2)) == "emergency.oriented request.made")
    try world.run(
      NoteArrival(stay: Self.there, complaint: "", settings: EmergencyTests.settings), by: "account/triage",
      at: .hours(2))
    let visit = try EmergencyTests.visit(here, world)
    #expect(world.emergencyVisits.count == 1 && visit.triage?.level == "2" && visit.complaint == nil)
    #expect(visit.orientation?.orient == "CHIR")
    let request = try #require(world.requests[BedRequest.subject(ofStay: here)])
    #expect(world.requests.count == 1 && request.stay == here && request.needs.specialty == "surgery")
    #expect(Self.takeBack(visit.orientation?.key, in: world) == "emergency.orientation-withdrawn")
    #expect(try EmergencyTests.visit(here, world).orientation?.orient == "MED")
  }

  /// A bed that was asked for before is given to whoever is here under the other name.
  @Test func theBedAskedForIsTheirs() throws {
    let world = Scene.world()
    let here = try EmergencyTests.arrived(in: world)
    try world.run(OrientPatient(stay: here, way: .admit, orient: "MED"), by: "account/physician")
    Self.goOn(here, world)
    let accept = AcceptBedRequest(request: BedRequest.subject(ofStay: here), bed: Scene.bedA)
    #expect(
      Scene.outcome(accept, in: world, by: "account/bed-manager", at: .hours(2)) == "request.accepted bed.reserved")
  }

  @Test func whoIsAwayComesBack() throws {
    let (world, stay, transfer) = try RoundTripTests.away()
    Self.goOn(stay, world, "inpatient", unit: "4EST")
    #expect(RoundTripTests.step(world, transfer, .returned, at: 6) == "transfer.returned")
  }

  /// Triaged under both names before anybody knew that they are one.
  @Test func twoThatWereSaidApart() throws {
    func visit(_ stay: String, _ level: String, _ hour: Int, _ more: JSON) -> EmergencyVisit {
      let id = EmergencyVisit.id(ofStay: stay)
      var visit = EmergencyVisit(id: id)
      for fact in [
        Fact(kind: "emergency.arrived", subject: id, at: .hours(hour), data: more),
        Fact(kind: "emergency.triaged", subject: id, at: .hours(hour), data: ["level": .string(level)]),
        Fact(kind: "emergency.oriented", subject: id, at: .hours(hour), data: ["key": .string(stay), "way": "here"]),
      ] {
        visit.fold(
          Heard(
            fact: fact, time: HybridTime(instant: .hours(hour), counter: 0), station: "a", author: "b", command: "c",
            source: nil))
      }
      return visit
    }
    let here = visit("stay/here", "2", 0, ["complaint": "R07.4", "transport": "AMBU"])
    let there = visit("stay/there", "3A", 2, ["complaint": "R06.0"])
    let whole = try #require(EmergencyVisit.whole([there, here], of: "stay/there"))
    #expect(whole.triages.map(\.level) == ["2", "3A"] && whole.orientations.map(\.key) == ["stay/here", "stay/there"])
    #expect(whole.complaint == "R06.0" && whole.transport == "AMBU" && whole.seenAt == .night)
    #expect(EmergencyVisit.whole([here], of: "stay/there")?.id == here.id)
  }

  @Test func anAnswerIsTakenBackWhereItWasGiven() throws {
    let (world, here) = try MoveTests.admitted()
    try world.run(
      NoteAnswers(stay: here, answers: [.diet: .text("mixé")]), by: AskedTests.nurse, at: .hours(0, minutes: 30))
    Self.goOn(here, world, "inpatient", unit: "4EST")
    func say(_ said: NoteAnswers.Said, _ hour: Int) -> String {
      Scene.outcome(
        NoteAnswers(stay: Self.there, answers: [.diet: said]), in: world, by: AskedTests.nurse, at: .hours(hour))
    }
    #expect(say(.text("mixé"), 2) == "nothing-changed")
    #expect(say(.text("sans sel"), 3) == "stay.asked")
    let whole = world.stays[Self.there]?.completed(by: [world.stays[here]].compactMap(\.self))
    #expect(whole?.answers[.diet]?.text == "sans sel")
    #expect(say(.takenBack, 4) == "stay.asked stay.asked")
    #expect(world.stays.values.allSatisfy { $0.answers[.diet] == nil })
  }

  @Test func aSituationOfTheOtherFileWarnsAndEnds() throws {
    let (world, id) = try MoveTests.admitted()
    for kind in ["custody", "prisoner"] {
      try world.run(
        SetSituation(patient: Scene.loise, situation: LegalSituation(kind: kind)), by: AskedTests.nurse, at: .hours(1))
    }
    AfterMergeTests.merge(Scene.loise, into: Scene.louise, world)
    let none = NoteAnswers(stay: id, answers: [.situation: .none])
    #expect(Scene.outcome(none, in: world, by: AskedTests.nurse, at: .hours(1)) == "situation-stands [situation]")
    // Said again, of the file that stays: what the other one says is replaced.
    let again = SetSituation(
      patient: Scene.louise, situation: LegalSituation(kind: "custody", since: .hours(0, minutes: 30)))
    #expect(
      Scene.outcome(again, in: world, by: AskedTests.nurse, at: .hours(1))
        == "patient.situation-set patient.situation-ended")
    let end = EndSituation(patient: Scene.louise, kind: "custody")
    #expect(Scene.outcome(end, in: world, by: AskedTests.nurse, at: .hours(2)) == "patient.situation-ended")
    #expect(Scene.outcome(end, in: world, by: AskedTests.nurse, at: .hours(2)) == "situation-absent [kind]")
    #expect(
      Scene.outcome(Discharge(stay: id, exitMode: "8"), in: world, at: .hours(3))
        == "stay.discharged bed.to-clean ~discharge-prisoner")
  }

  /// A measure that the main system names is the same under the file that stays: nothing of it ends.
  @Test func theSameMeasureGoesOn() throws {
    let world = Scene.world()
    let since = Instant.hours(-3)
    let told = LegalSituation(kind: "psychiatric", code: "SDT", since: since, id: "7")
    world.hear(Fact(kind: "patient.situation-set", subject: Scene.loise, at: since, data: told.json))
    AfterMergeTests.merge(Scene.loise, into: Scene.louise, world)
    var again = told
    (again.id, again.note) = (nil, "tiers: sœur")
    let set = SetSituation(patient: Scene.louise, situation: again)
    #expect(Scene.outcome(set, in: world, by: AskedTests.nurse, at: .hours(1)) == "patient.situation-set")
    #expect(world.patients[Scene.louise]?.situations.first?.id == "7")
    let end = EndSituation(patient: Scene.louise, kind: "psychiatric")
    #expect(
      Scene.outcome(end, in: world, by: AskedTests.nurse, at: .hours(2))
        == "patient.situation-ended patient.situation-ended")
  }

  typealias Said = (isFeed: Bool, second: Int, ended: Bool, data: JSON)

  static func care(_ code: String, since second: Int, id: String? = nil) -> JSON {
    let since = Instant.night.adding(seconds: second)
    return LegalSituation(kind: "psychiatric", code: code, since: since, id: id).json
  }

  static func custody(since second: Int) -> JSON {
    let since = Instant.night.adding(seconds: second)
    return LegalSituation(kind: "custody", code: "of \(second)", since: since).json
  }

  /// What was said of the file that was absorbed, and of the one that absorbed it.
  static let persons: [(name: String, absorbed: [Said], own: [Said], both: [String])] = [
    ("of one alone", [(false, 10, false, ["kind": "custody"])], [], ["custody"]),
    (
      "of another kind", [(false, 10, false, ["kind": "custody"])], [(true, 20, false, care("SL", since: 0, id: "7"))],
      ["psychiatric SL 7", "custody"]
    ),
    (
      "the same, which the feed names", [(false, 10, false, care("SDRE", since: 10))],
      [(true, 20, false, care("SDRE", since: 10, id: "7"))], ["psychiatric SDRE 7"]
    ),
    (
      "one that began since", [(false, 10, false, care("SDRE", since: 10))],
      [(true, 5, false, care("SL", since: -9000, id: "7"))], ["psychiatric SDRE"]
    ),
    (
      "the feed's later word", [(false, 10, false, care("SDRE", since: 10))],
      [(true, 20, false, care("SL", since: -9000, id: "7"))], ["psychiatric SL 7"]
    ),
    (
      "a feed's word of care says nothing of custody", [(false, 10, false, custody(since: 5))],
      [(false, 5, false, custody(since: 0)), (true, 20, false, care("SL", since: 0, id: "7"))],
      ["psychiatric SL 7", "custody of 5"]
    ),
    (
      "the feed ended it", [(false, 10, false, care("SDRE", since: 10))],
      [(true, 20, true, ["kind": "psychiatric", "id": "7"])], []
    ),
    (
      "the feed ended another before", [(false, 10, false, care("SDRE", since: 10))],
      [(true, 5, true, ["kind": "psychiatric", "id": "7"])], ["psychiatric SDRE"]
    ),
    (
      "said since the feed ended one", [(false, 30, false, care("SDRE", since: 10))],
      [(true, 20, true, ["kind": "psychiatric", "id": "7"])], ["psychiatric SDRE"]
    ),
    (
      "what the feed never ends", [(false, 10, false, ["kind": "prisoner"])],
      [(true, 20, true, ["kind": "psychiatric", "id": "7"])], ["prisoner"]
    ),
  ]

  @Test(arguments: persons.indices) func onePersonOfTwoFiles(row: Int) throws {
    let (name, absorbed, own, both) = Self.persons[row]
    func file(_ said: [Said]) throws -> Patient {
      var patient = Patient(id: PatientFoldTests.id)
      for one in said {
        let kind = one.ended ? "patient.situation-ended" : "patient.situation-set"
        var heard = PatientFoldTests.heard(kind, one.data, second: one.second)
        if one.isFeed {
          heard.source = Source(sender: "GAM|CH", control: "1", text: "", instant: heard.time.instant)
        }
        patient.fold(heard)
        patient = try #require(Patient(stored: patient.stored))
      }
      return patient
    }
    let whole = try file(own).completed(by: [file(absorbed)])
    let shown = whole.situations.map { [$0.kind, $0.code, $0.id].compactMap(\.self).joined(separator: " ") }
    #expect(shown == both, "\(name)")
  }
}
