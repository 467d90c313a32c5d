import Feeds
import Hospital
import Ledger
import Register
import Testing

/// Of whom messages go, in which order, and what answers call them.
extension HandbackSendingTests {
  /// It said nothing of them when it created them, and says it of their stay; of whom it has numbered it says no other.
  @Test func itsOwnNumberInAnotherAnswer() async throws {
    let night = try await Night()
    let (patient, _) = try await night.admit("MARTIN", "LOUISE")
    try await night.hear("000777", "BERNARD^PAUL^^^^^L||20010405|M", "M900")
    let fed = "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000777"))"
    let now = night.station.environment.now()
    let corrected = Fact(kind: "patient.corrected", subject: fed, at: now, data: ["phones": ["0380000000"]])
    try await night.say(Say(fact: corrected))
    let ours = try #require(try night.station.register.read { try $0.patient(patient)?.identifiers.map(\.value) })
    let main = MainSystem { what in
      switch what {
      case "A01 LOUISE": .numbered("M77")
      case "A31 PAUL": .numbered("M78")
      default: .taken
      }
    }
    try await night.send(to: main)
    #expect(Set(main.taken) == ["A28 LOUISE", "A01 LOUISE", "A31 PAUL"])
    let (theirs, known) = try night.station.register.read { reading in
      (try reading.patient(patient)?.identifiers.map(\.value), try reading.patient(fed)?.identifiers.map(\.value))
    }
    #expect(theirs == ours + ["M77"] && known == ["000777"])
  }

  /// Its answer says our number, then its own, both under the authority that we name or under one of its own.
  @Test(arguments: ["&1.2.250.1.999.1&ISO", "GAM"]) func itsOwnNumberBehindOurs(authority: String) async throws {
    let night = try await Night()
    let (patient, _) = try await night.admit("MARTIN", "LOUISE")
    let ours = try #require(try night.station.register.read { try $0.patient(patient)?.identifiers.map(\.value) })
    let main = MainSystem { $0 == "A28 LOUISE" ? .numbered("M77", of: authority) : .taken }
    try await night.send(to: main)
    #expect(main.taken == ["A28 LOUISE", "A01 LOUISE"])
    #expect(try night.station.register.read { try $0.patient(patient)?.identifiers.map(\.value) } == ours + ["M77"])
  }

  /// What follows of whom it numbers bears that, and waits for the others that are made: their numbers are kept together.
  @Test func itsOwnNumbersOfSeveral() async throws {
    let night = try await Night()
    try await night.admit("MARTIN", "LOUISE")
    try await night.admit("DUPONT", "ANNE")
    let main = MainSystem { what in
      switch what {
      case "A28 LOUISE": .numbered("M77")
      case "A28 ANNE": .numbered("M78")
      default: .taken
      }
    }
    try await night.send(to: main)
    #expect(main.taken == ["A28 LOUISE", "A28 ANNE", "A01 LOUISE", "A01 ANNE"])
    #expect(main.segments("PID").map { $0.contains("M77^") } == [false, false, true, false])
    #expect(main.segments("PID").map { $0.contains("M78^") } == [false, false, false, true])
    #expect(try night.status.pending == 0)
  }

  /// Whoever was seen first has the last place here.
  @Test func inWhichOrderTheyGo() async throws {
    let night = try await Night()
    func register(_ name: String) async throws -> String {
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("MARTIN", name, "99999")
      (traits.birthDate, traits.sex) = (PartialDate(year: 1991, month: 3, day: 12), .female)
      return try #require(try await night.say(RegisterPatient(traits: traits)).subject("patient"))
    }
    _ = try await register("ALONE")
    for (name, stayClass) in [("OUTPATIENT", .outpatient), ("EMERGENCY", .emergency)] as [(String, StayClass)] {
      try await night.say(
        Admit(patient: register(name), stayClass: stayClass, unit: "7700", entryMode: "8"))
    }
    let tomorrow = night.station.environment.now().adding(seconds: 86_400)
    try await night.say(
      Preadmit(patient: register("EXPECTED"), stayClass: .inpatient, unit: "7700", expectedAt: tomorrow))
    try await night.admit("MARTIN", "PRESENT")
    let main = MainSystem { _ in .taken }
    try await night.send(to: main)
    #expect(
      main.taken == [
        "A28 PRESENT", "A01 PRESENT", "A28 EXPECTED", "A05 EXPECTED", "A28 EMERGENCY", "A04 EMERGENCY",
        "A28 OUTPATIENT", "A04 OUTPATIENT", "A28 ALONE",
      ])
  }

  /// Two people said, before anything went, that somebody registered here is one whom the main system has.
  @Test(arguments: [false, true]) func whomItHasIsNotCreated(hasGone: Bool) async throws {
    let night = try await Night()
    try await night.hear("000777", "MARTIN^LOUISE^^^^^L||19910312|F", "M900")
    let known = "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000777"))"
    let (patient, _) = try await night.admit("MARTIN", "LOUISE")
    // It may have had them before nobody answered any more.
    if hasGone {
      await #expect(throws: HandbackGivenUp.self) { try await night.send(to: MainSystem { _ in .cut }) }
    }
    let merged = Fact(
      kind: "patient.merged", subject: patient, at: night.station.environment.now(), data: ["into": .string(known)])
    try await night.say(Say(fact: merged))
    let main = MainSystem { _ in .taken }
    try await night.send(to: main)
    let created = ["A28 LOUISE", "A01 LOUISE", "A40 LOUISE"]
    #expect(main.taken == (hasGone ? created : ["A31 LOUISE", "A01 LOUISE", "A31 LOUISE"]))
    #expect(try night.status.pending == 0)
  }

  /// One fact, whoever says it.
  private struct Say: Command {
    var fact: Fact
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: [fact]) }
  }
}
