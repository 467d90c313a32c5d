import Hospital
import Ledger
import Testing

/// A visit to emergency from arrival to orientation.
struct EmergencyTests {
  static let settings = EmergencySettings.usual

  /// Louise waits in emergency, admitted an hour before; her stay.
  static func arrived(
    _ patient: String = Scene.louise, in world: MemoryWorld, at instant: Instant = .hours(-1)
  ) throws -> String {
    let arrival = NoteArrival(stay: "", transport: "AMBU", complaint: "R07.4", settings: settings)
    let command = Admit(patient: patient, stayClass: .emergency, unit: "URG", entryMode: "8").arriving(arrival)
    let decision = try command.decide(world, world.moment(instant, "account/triage"))
    for fact in decision.facts { world.hear(fact, at: instant) }
    return try #require(decision.subject("stay"))
  }

  static func visit(_ stay: String, _ world: MemoryWorld) throws -> EmergencyVisit {
    try #require(world.emergencyVisit(EmergencyVisit.id(ofStay: stay)))
  }

  static func triage(
    _ stay: String, _ level: String = "3A", confirmed: Bool = false, _ signs: [VitalSign: Int] = [:]
  )
    -> TriagePatient
  {
    var vitals = VitalSigns()
    for (sign, value) in signs { vitals[sign] = value }
    return TriagePatient(
      stay: stay, level: level, vitals: vitals, isConfirmed: confirmed, settings: settings)
  }

  @Test func anAdmissionSaysHowTheyCame() throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    #expect(world.facts.map(\.kind) == ["stay.admitted", "emergency.arrived"])
    let visit = try Self.visit(stay, world)
    #expect(visit.stay == stay && visit.transport == "AMBU" && visit.complaint == "R07.4")
    // Completed later: what is left empty on the form is erased, what is as it was is not said again.
    let more = NoteArrival(stay: stay, transport: "AMBU", complaint: "", accompaniedByText: "sa sœur")
    try world.run(more, by: "account/triage")
    #expect(try Self.visit(stay, world).complaint == nil)
    #expect(try Self.visit(stay, world).accompaniedBy == "sa sœur")
    #expect(world.facts.last?.data["transport"] == nil)
  }

  @Test(arguments: [
    ("XXX", "complaint-unknown [complaint]"), ("R06.0", "emergency.arrived"),
    // What they came with says nothing new.
    ("R07.4", ""),
  ])
  func complaints(code: String, outcome: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let command = NoteArrival(stay: stay, complaint: code, settings: Self.settings)
    #expect(Scene.outcome(command, in: world, by: "account/nurse") == outcome)
  }

  @Test(arguments: [("TAXI", "AUCUN", "transport"), ("AMBU", "x", "transportCare")])
  func aWayToComeThatIsNone(transport: String, care: String, field: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let command = NoteArrival(stay: stay, transport: transport, transportCare: care, settings: Self.settings)
    #expect(Scene.outcome(command, in: world) == "choice-unknown [\(field)]")
  }

  /// One SINUS number is one victim's: whoever gives it to a second who is there hears so.
  @Test func aVictimNumberThatAnotherBears() throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let other = try Self.arrived(Scene.loise, in: world)
    func number(_ stay: String, _ number: String) -> String {
      Scene.outcome(NoteArrival(stay: stay, victimNumber: number, settings: Self.settings), in: world)
    }
    #expect(number(stay, "FR0001") == "emergency.arrived")
    #expect(number(stay, "FR0001") == "", "their own, which says nothing new")
    #expect(number(other, "FR0002") == "emergency.arrived")
    #expect(number(other, "FR0001") == "emergency.arrived ~victim-number-borne")
    #expect(number(other, "FR0001") == "", "they were asked about it before")
    #expect(number(other, "") == "emergency.arrived")
    try world.run(Discharge(stay: stay, exitMode: "8"))
    #expect(number(other, "FR0001") == "emergency.arrived", "the other has left")
  }

  /// Shown until a person settles it: the most urgent of what stations said apart.
  @Test(arguments: [(["2", "4"], "2"), (["4", "2"], "2"), (["3B", "3A"], "3A"), (["3A", "2", "3B"], "2")])
  func theMostUrgentIsShown(said: [String], shown: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    for level in said { try world.run(Self.triage(stay, level), by: "account/nurse") }
    let visit = try Self.visit(stay, world)
    let settling = visit.showing(contested: said, Self.settings)
    #expect(settling.triage?.level == shown)
    #expect(settling.triages.map(\.level) == said, "in the order of their hours")
    #expect(settling.stored == visit.stored)
    #expect(visit.triage?.level == said.last)
    #expect(visit.showing(contested: [], Self.settings) == visit)
  }

  @Test func whoeverIsAnnouncedArrivesOnce() throws {
    let world = Scene.world()
    try world.run(Announce(source: .samu, age: 40, sex: .male, reason: "chute"), by: "account/triage")
    let id = try #require(world.announcements.keys.first)
    #expect(world.announcement(id)?.isAwaited == true)
    let stay = try Self.arrived(in: world)
    let here = NoteArrival(stay: stay, announcement: id, settings: Self.settings)
    #expect(Scene.outcome(here, in: world) == "emergency.arrived announcement.arrived")
    #expect(world.announcement(id)?.stay == stay)
    #expect(Scene.outcome(here, in: world) == "announcement-over [announcement]")
    #expect(Scene.outcome(WithdrawAnnouncement(announcement: id), in: world) == "announcement-over")
    #expect(Scene.outcome(Announce(source: .smur, age: 131), in: world) == "age-impossible [age]")
  }

  /// Whoever comes with a SMUR came by it; of whoever the SAMU told of nobody knows it.
  @Test(
    arguments: [
      (.smur, nil, "SMUR"), (.smur, "HELI", "HELI"), (.smur, "", nil), (.samu, nil, nil), (.samu, "VSAB", "VSAB"),
      (.transfer, nil, nil),
    ] as [(Announcement.Source, String?, String?)])
  func howWhoeverWasAnnouncedCame(source: Announcement.Source, said: String?, transport: String?) throws {
    let world = Scene.world()
    try world.run(Announce(source: source), by: "account/triage")
    let id = try #require(world.announcements.keys.first)
    let arrival = NoteArrival(stay: "", transport: said, announcement: id, settings: Self.settings)
    let admission = Admit(patient: Scene.louise, stayClass: .emergency, unit: "URG").arriving(arrival)
    let stay = try #require(try world.run(admission, by: "account/triage").subject("stay"))
    #expect(try Self.visit(stay, world).transport == transport)
  }

  /// Told again while they are awaited: what is said replaces, what is emptied is erased, the rest stays.
  @Test func anAnnouncementIsCorrected() throws {
    let world = Scene.world()
    try world.run(
      Announce(source: .samu, expectedAt: .hours(1), age: 40, sex: .male, reason: "chute", sector: "SAUV"),
      by: "account/triage")
    let id = try #require(world.announcements.keys.first)
    func correct(_ told: Announce, _ fields: Set<String>) -> String {
      Scene.outcome(CorrectAnnouncement(announcement: id, told: told, fields: fields), in: world, by: "account/triage")
    }
    #expect(correct(Announce(source: .smur, expectedAt: .hours(2)), ["expectedAt", "age"]) == "announcement.told")
    var known = try #require(world.announcement(id))
    #expect(known.expectedAt == .hours(2) && known.age == nil)
    #expect(known.source == .samu && known.sex == .male && known.reason == "chute" && known.sector == "SAUV")
    #expect(known.isAwaited && known.toldAt == .night)
    #expect(correct(Announce(source: .samu, reason: " chute "), ["source", "reason"]) == "", "as it was")
    #expect(correct(Announce(source: .smur, age: 131), ["source", "age"]) == "age-impossible [age]")
    #expect(correct(Announce(source: .smur), ["source"]) == "announcement.told")
    known = try #require(world.announcement(id))
    #expect(known.source == .smur && known.expectedAt == .hours(2))
    try world.run(WithdrawAnnouncement(announcement: id), by: "account/triage")
    #expect(correct(Announce(source: .samu), ["source"]) == "announcement-over")
  }

  @Test(
    arguments: [
      ("3A", [:], false, "emergency.triaged"), ("3C", [:], false, "triage-level-unknown [level]"),
      ("", [:], false, "triage-level-unknown [level]"),
      ("3A", [.saturation: 101], false, "vital-impossible [saturation]"),
      ("3A", [.saturation: 101], true, "vital-impossible [saturation]"),
      ("3A", [.systolic: 80, .diastolic: 90], true, "pressure-impossible [pressure]"),
      ("2", [.heartRate: 210], false, "vitals-unlikely [confirmed]"),
      ("2", [.heartRate: 210], true, "emergency.triaged"),
      ("3A", [.saturation: 88], false, "triage-below-vitals [confirmed]"),
      ("3A", [.saturation: 88], true, "emergency.triaged"), ("2", [.saturation: 88], false, "emergency.triaged"),
      ("1", [.saturation: 88], false, "emergency.triaged"),
    ] as [(String, [VitalSign: Int], Bool, String)])
  func triages(level: String, signs: [VitalSign: Int], confirmed: Bool, outcome: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let command = Self.triage(stay, level, confirmed: confirmed, signs)
    #expect(Scene.outcome(command, in: world, by: "account/triage") == outcome)
  }

  /// A child's heart beats faster: the alarms are an adult's.
  @Test func alarmsAreAnAdults() throws {
    let world = Scene.world()
    let stay = try Self.arrived("patient/baby", in: world, at: .night)
    #expect(
      Scene.outcome(Self.triage(stay, "4", [.heartRate: 150]), in: world, by: "account/nurse") == "emergency.triaged")
  }

  @Test func theLastTriageByItsHourHolds() throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    try world.run(Self.triage(stay, "2"), by: "account/triage", at: .night)
    var earlier = Self.triage(stay, "4")
    earlier.at = .hours(0, minutes: -30)
    try world.run(earlier, by: "account/triage", at: .hours(0, minutes: 1))
    #expect(try Self.visit(stay, world).triages.map(\.level) == ["4", "2"])
    earlier.at = .hours(-2)
    #expect(Scene.outcome(earlier, in: world, by: "account/triage") == "before-admission [at]")
  }

  @Test(
    arguments: [
      ("account/admission", "not-permitted"), ("account/triage", "not-permitted"),
      ("account/physician", "emergency.assessed"),
    ])
  func aPhysicianAssesses(author: String, outcome: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let command = AssessPatient(stay: stay, ccmu: "3", diagnosis: "i21.9", acts: ["deqp003"])
    #expect(Scene.outcome(command, in: world, by: author) == outcome)
    if author == "account/physician" {
      #expect(try Self.visit(stay, world).diagnosis == "I21.9")
      #expect(try Self.visit(stay, world).acts == ["DEQP003"])
    }
  }

  @Test(
    arguments: [
      ("S72", nil, nil, "emergency.assessed"), ("72.0", nil, nil, "code-invalid [diagnosis]"),
      ("S72.01", nil, nil, "emergency.assessed"), ("S7.20", nil, nil, "code-invalid [diagnosis]"),
      ("S72-", nil, nil, "code-invalid [diagnosis]"), ("S72.", nil, nil, "code-invalid [diagnosis]"),
      ("S7", nil, nil, "code-invalid [diagnosis]"), ("", ["DEQP03"], nil, "code-invalid [acts]"),
      ("", nil, "7", "gemsa-unknown [gemsa]"), ("", [], "", "emergency.assessed"),
    ] as [(String, [String]?, String?, String)])
  func codes(diagnosis: String, acts: [String]?, gemsa: String?, outcome: String) throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let command = AssessPatient(stay: stay, diagnosis: diagnosis, acts: acts, gemsa: gemsa)
    #expect(Scene.outcome(command, in: world, by: "account/physician") == outcome)
  }

  /// Said, said otherwise, left as it is, and erased.
  @Test func howIllIsSaidAndErased() throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    func say(_ command: AssessPatient) -> String { Scene.outcome(command, in: world, by: "account/physician") }
    for (said, kept) in [("3", "3"), ("P", "P"), (nil, "P"), ("", nil)] as [(String?, String?)] {
      #expect(say(AssessPatient(stay: stay, ccmu: said, gemsa: "4")) == "emergency.assessed")
      #expect(try Self.visit(stay, world).ccmu == kept)
    }
    #expect(say(AssessPatient(stay: stay, ccmu: "6")) == "choice-unknown [ccmu]")
  }

  @Test func careIsNotedOnce() throws {
    let world = Scene.world()
    let stay = try Self.arrived(in: world)
    let note = NoteCare(stay: stay, doctor: "Dr Leroy", nextStep: "ECG", awaited: ["imaging"])
    #expect(Scene.outcome(note, in: world, by: "account/nurse") == "emergency.noted")
    #expect(try Self.visit(stay, world).isSeen)
    #expect(Scene.outcome(note, in: world, by: "account/nurse") == "nothing-changed")
    let wrong = NoteCare(stay: stay, awaited: ["coffee"])
    #expect(Scene.outcome(wrong, in: world, by: "account/nurse") == "awaited-unknown [awaited]")
    try world.run(NoteCare(stay: stay, nextStep: "", awaited: []), by: "account/nurse")
    #expect(try Self.visit(stay, world).nextStep == nil)
    #expect(try Self.visit(stay, world).awaited == [])
    #expect(try Self.visit(stay, world).doctor == "Dr Leroy")
  }

  @Test(
    arguments: [
      ("R07.4", [], [:], []), ("R07.4", [], [.laboratory: .closed], ["laboratory closed"]),
      ("R07.4", [], [.laboratory: .limited, .cathLab: .closed], ["cath-lab closed", "laboratory limited"]),
      ("R07.4", [], [.theatre: .closed], []), (nil, ["imaging"], [.ct: .closed, .xRay: .closed], []),
      (nil, ["imaging"], [.ct: .closed, .xRay: .closed, .mri: .closed, .ultrasound: .limited], ["ultrasound limited"]),
      (nil, ["laboratory", "bed"], [.laboratory: .closed], ["laboratory closed"]),
    ] as [(String?, [String], [CareKey: CareState], [String])])
  func whatCannotBeDoneHere(
    complaint: String?, awaited: [String], states: [CareKey: CareState], obstacles: [String]
  ) {
    var visit = EmergencyVisit(id: "emergency/a")
    visit.complaint = complaint
    visit.awaited = awaited
    let found = visit.obstacles(Self.settings, states).map { "\($0.line.rawValue) \($0.state.rawValue)" }
    #expect(found == obstacles)
  }

  /// A misspelt need would never be missed.
  @Test func complaintsNeedLinesThatThereAre() {
    for complaint in Self.settings.complaints {
      for need in complaint.needs ?? [] { #expect(CareKey(rawValue: need) != nil, "\(complaint.code): \(need)") }
    }
  }

  @Test func whoIsNotInEmergencyIsNotTriaged() throws {
    let world = Scene.world()
    try world.run(Admit(patient: Scene.louise, stayClass: .inpatient, unit: "4EST"))
    let stay = try #require(world.stays.keys.first)
    #expect(Scene.outcome(Self.triage(stay), in: world, by: "account/nurse") == "not-in-emergency [stay]")
    #expect(Scene.outcome(Self.triage("stay/none"), in: world, by: "account/nurse") == "stay-unknown [stay]")
  }
}

extension NoteArrival {
  fileprivate init(stay: String, transport: String, complaint: String, accompaniedByText: String) {
    self.init(
      stay: stay, transport: transport, accompaniedBy: accompaniedByText, complaint: complaint,
      settings: EmergencyTests.settings)
  }
}
