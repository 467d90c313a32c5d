import Hospital
import Ledger
import Testing

struct EnquiryTests {
  private static let today = CivilDate(daysSince1970: 19_225)
  private static let born = PartialDate(year: 1961, month: 3, day: 12)

  /// Somebody in a unit since two hours before the night's beginning.
  static func candidate(
    _ birthName: String = "MARTIN", _ given: String = "Louise", unit: String? = "4EST", room: String? = "1",
    since hours: Int = -2, _ more: (inout Patient, inout Stay) -> Void = { _, _ in }
  ) -> Enquiry.Candidate {
    var patient = Patient(id: "patient/\(birthName)-\(given)-\(unit ?? "")")
    (patient.birthName, patient.birthGivenName, patient.birthDate) = (birthName, given, born)
    var stay = Stay(id: "stay/\(birthName)-\(given)")
    stay.patient = patient.id
    var movement: JSONObject = JSONObject([("key", "1"), ("trigger", "A01"), ("class", "inpatient")])
    if let unit { movement.append("unit", .string(unit)) }
    if let room { movement.append("room", .string(room)) }
    stay.fold(
      StayFoldTests.heard(
        Fact(kind: "stay.admitted", subject: stay.id, at: .hours(hours), data: ["movement": .object(movement)]), 0))
    more(&patient, &stay)
    return Enquiry.Candidate(patient: patient, stays: [stay])
  }

  private static func leave(_ stay: inout Stay, _ exitMode: String, at hours: Int = -1) {
    let data: JSON = ["exitMode": .string(exitMode), "movement": ["key": "2", "trigger": "A03"]]
    stay.fold(
      StayFoldTests.heard(Fact(kind: "stay.discharged", subject: stay.id, at: .hours(hours), data: data), 1))
  }

  /// Somebody sent to Évry an hour ago, twenty minutes a step from there.
  private static func sent(
    _ steps: [PatientTransfer.Step], _ kind: PatientTransfer.Kind = .definitive, ends exitMode: String? = "7",
    to partner: Partner = evry, needs: [String] = [], _ more: (inout Patient, inout Stay) -> Void = { _, _ in }
  ) -> Enquiry.Candidate {
    var one = candidate { patient, stay in
      if let exitMode { leave(&stay, exitMode) }
      more(&patient, &stay)
    }
    let transfer = transfer(of: one.stays[0], steps, kind, needs: needs)
    one.underway = [Underway(transfers: [(transfer, partner)])]
    return one
  }

  private static let evry = partner("Évry")

  private static func partner(_ name: String, destination: String = "1", _ capabilities: [String] = []) -> Partner {
    var partner = Partner(id: "partner/1")
    (partner.name, partner.destination, partner.capabilities) = (name, destination, capabilities)
    return partner
  }

  private static func transfer(
    of stay: Stay, _ steps: [PatientTransfer.Step], _ kind: PatientTransfer.Kind = .definitive, needs: [String] = []
  ) -> PatientTransfer {
    var transfer = PatientTransfer(id: "transfer/\(stay.id.afterSlash)")
    for (index, step) in steps.enumerated() {
      var data: JSON = [:]
      if step == .asked {
        data = [
          "stay": .string(stay.id), "partner": "partner/1", "kind": .string(kind.rawValue),
          "needs": .array(needs.map { .string($0) }),
        ]
      }
      let at = Instant.hours(-1, minutes: step == .left ? 0 : index == 3 ? 40 : -30)
      let fact = Fact(kind: "transfer.\(step.rawValue)", subject: transfer.id, at: at, data: data)
      transfer.fold(StayFoldTests.heard(fact, index))
    }
    return transfer
  }

  static func ask(
    _ candidates: [Enquiry.Candidate], _ name: String = "martin louise", _ birth: Enquiry.Birth = .date(born),
    in structure: Structure = .small
  ) -> Enquiry.Found {
    Enquiry(name: name, birth: birth, today: today).answer(candidates, in: structure, at: .night)
  }

  typealias Change = @Sendable (inout Patient, inout Stay) -> Void

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var candidate: Enquiry.Candidate
    var answer: Enquiry.Answer
  }

  @Test(
    arguments: [
      Row(
        testDescription: "in a room", candidate: candidate(), answer: .place(unit: "4EST", room: "1")),
      Row(
        testDescription: "without a room", candidate: candidate(room: nil), answer: .place(unit: "4EST", room: nil)),
      Row(testDescription: "nobody says where", candidate: candidate(unit: nil), answer: .nothing),
      Row(
        testDescription: "less than an hour ago", candidate: candidate(since: 0), answer: .ward("4EST")),
      Row(
        testDescription: "salle d’urgences vitales", candidate: candidate(unit: "URG", room: "SAUV"),
        answer: .ward("URG")),
      Row(
        testDescription: "deceased, still here",
        candidate: candidate { patient, _ in patient.deathAt = .hours(-1) }, answer: .ward("4EST")),
      Row(
        testDescription: "deceased, the stay ended",
        candidate: candidate { patient, stay in
          patient.deceased = true
          leave(&stay, "9")
        }, answer: .ward("4EST")),
      Row(
        testDescription: "a namesake, as somebody noted",
        candidate: candidate { patient, _ in patient.attributes = ["HOMA"] }, answer: .ward("4EST")),
      Row(
        testDescription: "gone home", candidate: candidate { _, stay in leave(&stay, "8") }, answer: .nothing),
      Row(
        testDescription: "gone to another hospital, nobody said which",
        candidate: candidate { _, stay in leave(&stay, "7") }, answer: .ward("4EST")),
      Row(
        testDescription: "on the way to another hospital", candidate: sent([.asked, .accepted, .left]),
        answer: .elsewhere(hospital: "Évry", leftAt: .hours(-1), arrivedAt: nil)),
      Row(
        testDescription: "arrived there", candidate: sent([.asked, .accepted, .left, .arrived]),
        answer: .elsewhere(hospital: "Évry", leftAt: .hours(-1), arrivedAt: .hours(-1, minutes: 40))),
      Row(
        testDescription: "turned round, and the stay ended otherwise",
        candidate: sent([.asked, .accepted, .left, .returned]), answer: .ward("4EST")),
      Row(
        testDescription: "said to have left, and still here", candidate: sent([.asked, .accepted, .left], ends: nil),
        answer: .ward("4EST")),
      Row(
        testDescription: "there for a scan", candidate: sent([.asked, .accepted, .left], .roundTrip, ends: nil),
        answer: .ward("4EST")),
      Row(
        testDescription: "arrived there for a scan",
        candidate: sent([.asked, .accepted, .left, .arrived], .roundTrip, ends: nil), answer: .ward("4EST")),
      Row(
        testDescription: "sent away, and a namesake is here",
        candidate: sent([.asked, .accepted, .left]) { patient, _ in patient.attributes = ["HOMD"] },
        answer: .ward("4EST")),
      Row(
        testDescription: "sent away, and dead since",
        candidate: sent([.asked, .accepted, .left]) { patient, _ in patient.deceased = true }, answer: .ward("4EST")),
      Row(
        testDescription: "the stay went home after all", candidate: sent([.asked, .accepted, .left], ends: "8"),
        answer: .nothing),
      Row(
        testDescription: "sent away, not to be told of",
        candidate: sent([.asked, .accepted, .left]) { patient, _ in patient.protected = true }, answer: .nothing),
      Row(
        testDescription: "to where they keep psychiatric patients alone",
        candidate: sent([.asked, .accepted, .left], to: partner("Le Val", destination: "4")), answer: .nothing),
      Row(
        testDescription: "arrived in a hospital that can do nothing but psychiatry",
        candidate: sent([.asked, .accepted, .left, .arrived], to: partner("Le Val", ["psychiatry"])),
        answer: .nothing),
      Row(
        testDescription: "to a general hospital, for psychiatry",
        candidate: sent([.asked, .accepted, .left], to: partner("CHU", ["ct", "psychiatry"]), needs: ["psychiatry"]),
        answer: .nothing),
      Row(
        testDescription: "to a general hospital that has psychiatry too, for a scan",
        candidate: sent([.asked, .accepted, .left], to: partner("CHU", ["ct", "psychiatry"]), needs: ["ct"]),
        answer: .elsewhere(hospital: "CHU", leftAt: .hours(-1), arrivedAt: nil)),
      Row(
        testDescription: "to psychiatry, and dead since",
        candidate: sent([.asked, .accepted, .left], to: partner("Le Val", destination: "4")) { patient, _ in
          patient.deceased = true
        }, answer: .nothing),
      Row(
        testDescription: "said to have left for psychiatry, and still here",
        candidate: sent([.asked, .accepted, .left], ends: nil, to: partner("Le Val", destination: "4")),
        answer: .nothing),
      Row(
        testDescription: "psychiatry sent them back",
        candidate: sent([.asked, .accepted, .left, .returned], ends: nil, to: partner("Le Val", destination: "4")),
        answer: .place(unit: "4EST", room: "1")),
    ])
  func oneAnswer(row: Row) {
    let found = Self.ask([row.candidate])
    #expect(found.answer == row.answer)
    #expect(found.concerned == [row.candidate.patient.id])
  }

  /// Each mark alone, and each unit: nothing is said, and the audit knows of whom.
  @Test(
    arguments: [
      ("protected", { @Sendable patient, _ in patient.protected = true }),
      ("secret", { @Sendable patient, _ in patient.secret = true }),
      ("prisoner", { @Sendable patient, _ in patient.situations = [LegalSituation(kind: "prisoner")] }),
      ("custody", { @Sendable patient, _ in patient.situations = [LegalSituation(kind: "custody")] }),
      (
        "psychiatric",
        { @Sendable patient, _ in patient.situations = [LegalSituation(kind: "psychiatric", code: "SL")] }
      ),
      (
        "minor under court order",
        { @Sendable patient, _ in patient.situations = [LegalSituation(kind: "minor", code: "OPP")] }
      ),
      (
        "died, protected",
        { @Sendable patient, stay in
          (patient.protected, patient.deceased) = (true, true)
          leave(&stay, "9")
        }
      ),
    ] as [(String, Change)])
  func whoIsNotToldOf(mark: String, change: Change) {
    let candidate = Self.candidate(since: -2, change)
    let found = Self.ask([candidate])
    #expect(found.answer == .nothing && found.concerned == [candidate.patient.id])
    #expect(candidate.patient.isDiscreet)
  }

  @Test func unitsThatSayWhy() {
    #expect(Self.ask([Self.candidate(unit: "ADDICTO", room: "51")]).answer == .nothing)
    var structure = Structure.small
    structure.sites[0].units[0].specialty = "psychiatry"
    #expect(Self.ask([Self.candidate()], in: structure).answer == .nothing)
    // Lodged elsewhere, under its responsibility.
    let lodged = Self.candidate { _, stay in
      let data: JSON = ["movement": ["key": "3", "trigger": "A02", "unit": "4EST", "medicalUnit": "ADDICTO"]]
      stay.fold(
        StayFoldTests.heard(Fact(kind: "stay.transferred", subject: stay.id, at: .hours(-1), data: data), 2))
    }
    #expect(Self.ask([lodged]).answer == .nothing)
  }

  /// On the way to psychiatry, as whoever sends them there says it: from then on, and as long as it stands.
  @Test(
    arguments: [
      (Underway(visit: oriented(["way": "admit", "orient": "HDT"])), true),
      (Underway(visit: oriented(["way": "admit", "orient": "HO"])), true),
      (Underway(visit: oriented(["way": "admit", "orient": "MED", "destination": "ADDICTO"])), true),
      (Underway(visit: oriented(["way": "admit", "orient": "MED", "destination": "CHIR"])), false),
      (Underway(visit: oriented(["way": "transfer", "reason": "psychiatry"])), true),
      (Underway(visit: oriented(["way": "transfer", "reason": "ct"])), false),
      (Underway(visit: oriented(["way": "admit", "orient": "HDT"], isWithdrawn: true)), false),
      (Underway(request: request(BedNeeds(specialty: "psychiatry"))), true),
      (Underway(request: request(BedNeeds(unit: "ADDICTO"))), true),
      (Underway(request: request(BedNeeds(specialty: "medicine"))), false),
      (Underway(request: request(BedNeeds(specialty: "psychiatry"), .withdrawn)), false),
      (Underway(request: request(BedNeeds()), beds: [bed("ADDICTO")]), true),
      (Underway(request: request(BedNeeds()), beds: [bed("CHIR")]), false),
      (asked([.asked], needs: ["psychiatry"]), true), (asked([.asked, .accepted], needs: ["psychiatry"]), true),
      (asked([.asked, .refused], needs: ["psychiatry"]), true), (asked([.asked], needs: ["ct"]), false),
      (asked([.asked, .withdrawn], needs: ["psychiatry"]), false),
      (asked([.asked], to: partner("Le Val", destination: "4")), true),
    ] as [(Underway, Bool)])
  func onTheWayToPsychiatry(underway: Underway, isWithheld: Bool) {
    var candidate = Self.candidate()
    candidate.underway = [underway]
    #expect(Self.ask([candidate]).answer == (isWithheld ? .nothing : .place(unit: "4EST", room: "1")))
  }

  /// Where they go next is looked up only where it may change the answer.
  @Test(
    arguments: [
      (true, "4EST", nil, true), (false, "ADDICTO", nil, true), (false, "4EST", true, true), (false, nil, true, true),
      (false, "4EST", false, false),
    ] as [(Bool, String?, Bool?, Bool)])
  func whereTheyGoIsAskedLast(isProtected: Bool, unit: String?, next isDiscreet: Bool?, isWithheld: Bool) {
    var patient = Patient(id: "patient/1")
    patient.protected = isProtected
    var looked = 0
    func underway() -> Underway {
      looked += 1
      return Self.asked([.asked], needs: [isDiscreet == true ? "psychiatry" : "ct"])
    }
    let answer = Disclosure.isWithheld(
      patient, at: unit.map { Place(unit: $0) }, underway: underway(), in: .small)
    #expect(answer == isWithheld)
    #expect(looked == (isDiscreet == nil ? 0 : 1))
  }

  private static func oriented(_ data: JSON, isWithdrawn: Bool = false) -> EmergencyVisit {
    var visit = EmergencyVisit(id: "emergency/1")
    var said = data.object ?? [:]
    said.append("key", "1")
    visit.fold(
      StayFoldTests.heard(Fact(kind: "emergency.oriented", subject: visit.id, at: .night, data: .object(said)), 0))
    if isWithdrawn {
      let taken = Fact(kind: "emergency.orientation-withdrawn", subject: visit.id, at: .night, data: ["key": "1"])
      visit.fold(StayFoldTests.heard(taken, 1))
    }
    return visit
  }

  private static func request(_ needs: BedNeeds, _ status: BedRequest.Status = .open) -> BedRequest {
    var request = BedRequest(id: "request/1")
    (request.needs, request.status) = (needs, status)
    request.asked = Attribution(at: .night, author: "account/1", station: "urg-1-3fa9c2d1")
    return request
  }

  private static func bed(_ unit: String) -> Bed {
    var bed = Bed(id: "bed/1")
    bed.unit = unit
    return bed
  }

  private static func asked(
    _ steps: [PatientTransfer.Step], to partner: Partner = evry, needs: [String] = []
  ) -> Underway {
    Underway(transfers: [(transfer(of: candidate().stays[0], steps, needs: needs), partner)])
  }

  @Test func aNewbornIsToldOfAsItsMotherIs() {
    var child = Self.candidate("MARTIN", "Jeanne")
    #expect(Self.ask([child], "martin jeanne").answer == .place(unit: "4EST", room: "1"))
    child.mother = Self.candidate { patient, _ in patient.protected = true }.patient
    #expect(Self.ask([child], "martin jeanne").answer == .nothing)
  }

  @Test(arguments: ["minor", "protected-adult"])
  func otherSituationsAreToldOf(kind: String) {
    let candidate = Self.candidate { patient, _ in patient.situations = [LegalSituation(kind: kind)] }
    #expect(Self.ask([candidate]).answer == .place(unit: "4EST", room: "1"))
  }

  @Test(
    arguments: [
      ("MARTIN", true), ("louise martin", true), ("Martain Louise", true), ("MARTINE LOUISE", true),
      ("martin loise", true), ("martin lois", false), ("louise", false), ("martin jeanne", false),
      ("durand louise", false), ("mart", false), ("de martin", true), ("", false),
    ])
  func asHeard(name: String, isFound: Bool) {
    #expect((Self.ask([Self.candidate()], name).answer != .nothing) == isFound, "\(name)")
  }

  @Test(
    arguments: [
      (.date(PartialDate(year: 1961, month: 3, day: 12)), true), (.date(PartialDate(year: 1961)), true),
      (.date(PartialDate(year: 1961, month: 4, day: 12)), false), (.age(61), true), (.age(60), true), (.age(62), true),
      (.age(63), false),
    ] as [(Enquiry.Birth, Bool)])
  func asSaidOfTheirBirth(birth: Enquiry.Birth, isFound: Bool) {
    #expect((Self.ask([Self.candidate()], "martin", birth).answer != .nothing) == isFound)
  }

  /// Two who answer to it: never a room, never a list; the one whose name was said best has the word.
  @Test func namesakesArePassedOn() {
    let two = [Self.candidate(), Self.candidate("MARTAIN", unit: "CHIR", room: "11")]
    #expect(Self.ask(two, "martin louise").answer == .ward("4EST"))
    #expect(Self.ask(two, "martain louise").answer == .ward("CHIR"))
    #expect(Self.ask(two.reversed(), "martin louise").answer == .ward("4EST"))
    // One who has gone home keeps the other's room from being read out.
    let gone = [Self.candidate(), Self.candidate("MARTAIN", unit: "CHIR") { _, stay in Self.leave(&stay, "8") }]
    #expect(Self.ask(gone, "martin louise").answer == .ward("4EST"))
  }

  /// The rule itself, over seeded hospitals: take away whoever must not be told of, and every answer is the same.
  @Test(arguments: 0..<40)
  func theAnswerIsWhatItWouldBeWithoutThem(seed: UInt64) {
    var dice = Dice(seed: seed)
    let names = ["MARTIN", "MARTAIN", "DURAND", "PETIT"]
    let given = ["Louise", "Loise", "Jeanne"]
    let units = ["4EST", "CHIR", "URG", "ADDICTO"]
    var isSent: [Bool] = []
    let people = (0..<30).map { _ in
      let mark = Int.random(in: 0..<5, using: &dice)
      let exit = Int.random(in: 0..<4, using: &dice)
      let isNoted = Bool.random(using: &dice)
      let isForPsychiatry = isNoted && Int.random(in: 0..<4, using: &dice) == 0
      var one = Self.candidate(
        names[Int.random(in: 0..<4, using: &dice)], given[Int.random(in: 0..<3, using: &dice)],
        unit: units[Int.random(in: 0..<4, using: &dice)], since: -Int.random(in: 0..<4, using: &dice)
      ) { patient, stay in
        switch mark {
        case 0: patient.protected = true
        case 1: patient.secret = true
        case 2: patient.situations = [LegalSituation(kind: "custody")]
        default: break
        }
        if exit == 0 { Self.leave(&stay, "7", at: 0) }
        if exit == 1 { patient.deceased = true }
      }
      if isNoted {
        let transfer = Self.transfer(of: one.stays[0], [.asked, .accepted, .left])
        let partner = isForPsychiatry ? Self.partner("Le Val", destination: "4") : Self.evry
        one.underway = [Underway(transfers: [(transfer, partner)])]
        isSent.append(isForPsychiatry)
      } else {
        isSent.append(false)
      }
      return one
    }
    let told = zip(people, isSent).filter {
      !$0.patient.isDiscreet && $0.stays[0].place.unit != "ADDICTO" && !$1
    }.map(\.0)
    #expect(told.count < people.count && !told.isEmpty)
    for name in names {
      for other in given {
        let asked = "\(name) \(other)"
        #expect(Self.ask(people, asked).answer == Self.ask(told, asked).answer, "\(asked)")
      }
    }
  }
}
