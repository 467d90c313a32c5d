import Feeds
import Hospital
import Interop
import Ledger
import Register
import Spoken
import Testing

/// What was registered here and went back, and what the main system's feed then says of it.
struct HandbackLinkingTests {
  private struct Made {
    var patient: String
    var stay: String
    var ipp: String
    var number: String
  }

  /// Somebody registered and admitted in degraded mode, and whether the main system has them.
  private func made(_ station: ImportStation, acknowledged: Bool = true) async throws -> Made {
    let (register, newID) = (station.register, station.environment.newID)
    func submit(_ command: any Command) async throws -> Receipt {
      try await register.submit(Submission(command, key: newID(), author: "system"))
    }
    _ = try await submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("MARTIN", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    let patient = try #require(try await submit(RegisterPatient(traits: traits)).subject("patient"))
    let stay = try #require(
      try await submit(Admit(patient: patient, stayClass: .inpatient, unit: "7700", entryMode: "8")).subject("stay"))
    let (ipp, number) = try register.read { reading in
      (try reading.patient(patient)?.identifiers.first?.value, try reading.stay(stay)?.number)
    }
    for commit in try register.read({ try $0.commitsToHandBack() }) where acknowledged {
      _ = try await submit(
        NoteHandback([
          .init(commit: commit.place, count: 1, control: "C", trigger: "A28", at: station.environment.now())
        ]))
    }
    return Made(patient: patient, stay: stay, ipp: try #require(ipp), number: try #require(number))
  }

  /// Its answer holds a number of its own.
  private func answer(_ station: ImportStation, _ made: Made, _ number: String) async throws {
    let own = Identifier(value: number, authority: "1.2.250.1.999.1", type: "PI")
    _ = try await station.register.submit(
      Submission(
        NameHandedBack(patient: made.patient, number: own), key: station.environment.newID(), author: "system"))
  }

  private func linked(_ station: ImportStation, _ made: Made) throws -> (patient: String?, stay: String?) {
    try station.register.read { reading in
      (try reading.patient(made.patient)?.mergedInto, try reading.stay(made.stay)?.continuedAs)
    }
  }

  /// The main system says that they lie in ZGEN.
  private func feed(
    _ station: ImportStation, ipp: String, number: String, person: String = "MARTIN^LOUISE^^^^^L||19610312|F",
    movement: String = "501^CH^1.2.250.1.99.2^ISO", alternate: String = "",
    trigger: String = "A01", action: String = "INSERT", inserted: String = "", links: Bool = true
  ) async throws {
    let pid =
      "PID|1||\(ipp)||\(person)||||||||||\(number)^^^&1.2.250.1.999.2&ISO^AN||||||||||||||PROV"
    let message = Spoken.bytes([
      Spoken.header("\(trigger)^ADT_A01", control: trigger, at: "20251202010000"), "EVN||20251202010000", pid,
      "PV1||I|7700^ZGEN^ZGEN" + String(repeating: "|", count: 47) + alternate,
      Spoken.zbe(id: movement, at: "20251201020000", action: action, trigger: inserted),
    ])
    _ = try await station.take([.message(message)])
    guard links else { return }
    for subject in try station.register.read({ reading in
      try reading.patients(withIdentifier: String(ipp.prefix { $0 != "^" })) + reading.stays(withNumber: number)
    }) {
      try await HandbackLinking.link([subject], station.register, station.environment)
    }
  }

  @Test func theNumberWasKept() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number)
    let now = Instant(milliseconds: 1_764_633_700_000)
    let (merged, stays, conflicts) = try station.register.read { reading in
      (
        try reading.patient(made.patient)?.mergedInto,
        try reading.stays(withNumber: made.number).compactMap { try reading.stay($0) },
        try reading.conflictsCount()
      )
    }
    #expect(merged == "patient/\(Name.subject("patient", "1.2.250.1.999.1", made.ipp))")
    #expect(stays.count == 2 && conflicts == 0)
    #expect(stays.filter { $0.isPresent(at: now) }.map(\.place.bed) == ["ZGEN"])
    #expect(stays.first { $0.id == made.stay }?.continuedAs == stays.first { $0.id != made.stay }?.id)
  }

  /// A diary that has our number is not the main system: nothing is linked until that has spoken.
  @Test func aDiaryLinksNothing() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let ipp = "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI"
    let mention = Spoken.bytes([
      Spoken.scheduleHeader("S12", at: "20251202003000"), Spoken.sch, Spoken.tq1,
      "PID|1||\(ipp)||MARTIN^LOUISE^^^^^L||19610312|F",
    ])
    _ = try await station.take([.message(mention)])
    let there = "patient/\(Name.subject("patient", "1.2.250.1.999.1", made.ipp))"
    #expect(try station.register.read { try $0.patient(there)?.birthName } == "MARTIN")
    try await HandbackLinking.link([there], station.register, station.environment)
    #expect(try linked(station, made).patient == nil)
    try await feed(station, ipp: ipp, number: made.number)
    #expect(try linked(station, made).patient == there)
  }

  /// Our number, and somebody else: a number mistyped there makes nobody one with a stranger.
  @Test func aStrangerUnderOurNumberIsNotLinked() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(
      station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number,
      person: "BERNARD^PAUL^^^^^L||20010405|M")
    let (merged, continued) = try linked(station, made)
    #expect(merged == nil && continued == nil)
  }

  /// One trait put right there is still the same person.
  @Test func aTraitPutRightIsLinked() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(
      station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number,
      person: "MARTIN^LOUISE^^^^^L||19610321|F")
    #expect(try station.register.read { try $0.patient(made.patient)?.mergedInto } != nil)
  }

  /// Its answer holds a number that a stranger bears.
  @Test func aStrangersNumberIsNotTaken() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(
      station, ipp: "000777^^^&1.2.250.1.999.1&ISO^PI", number: "7", person: "BERNARD^PAUL^^^^^L||20010405|M")
    try await answer(station, made, "000777")
    #expect(try station.register.read { try $0.patient(made.patient)?.identifiers.map(\.value) } == [made.ipp])
  }

  /// Its feed may speak of somebody before its answer is noted here.
  @Test func theFeedWasQuickerThanTheNote() async throws {
    let station = try ImportStation()
    let made = try await made(station, acknowledged: false)
    try await feed(station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number)
    func merged() throws -> String? { try station.register.read { try $0.patient(made.patient)?.mergedInto } }
    #expect(try merged() == nil)
    for commit in try station.register.read({ try $0.commitsToHandBack() }) {
      let note = NoteHandback([
        .init(commit: commit.place, count: 1, control: "C", trigger: "A28", at: station.environment.now())
      ])
      _ = try await station.register.submit(
        Submission(note, key: station.environment.newID(), author: "system"))
      let alike = try station.register.read { try $0.subjectsAlike(Set(commit.subjects)) }
      try await HandbackLinking.link(alike, station.register, station.environment)
    }
    #expect(try merged() == "patient/\(Name.subject("patient", "1.2.250.1.999.1", made.ipp))")
  }

  /// It gave a number of its own, and its answer said so.
  @Test func theNumberWasReplaced() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await answer(station, made, "000777")
    try await feed(station, ipp: "000777^^^&1.2.250.1.999.1&ISO^PI", number: made.number)
    let there = "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000777"))"
    #expect(try station.register.read { try $0.patient(made.patient)?.mergedInto } == there)
  }

  private enum Echo { case movement, behind, before, earlier, alternate, neither, ofAnother }

  /// It calls the stay by a number of its own, and says under which it heard of it, or of its movement.
  @Test(arguments: [
    (Echo.movement, true), (.behind, true), (.before, true), (.earlier, true), (.alternate, true), (.neither, false),
    (.ofAnother, false),
  ])
  private func theStaysNumberWasReplaced(echo: Echo, isLinked: Bool) async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let (key, oid) = try station.register.read { reading in
      (try reading.stay(made.stay)?.movements.first?.key, try reading.structure?.movementOID)
    }
    let ours = "\(try #require(key))^PERMANENCE^\(try #require(oid))^ISO"
    let theirs = "501^CH^1.2.250.1.99.2^ISO"
    let ipp = "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI"
    switch echo {
    case .movement: try await feed(station, ipp: ipp, number: "770001", movement: ours)
    case .behind: try await feed(station, ipp: ipp, number: "770001", movement: "\(theirs)~\(ours)")
    case .before: try await feed(station, ipp: ipp, number: "770001", movement: "\(ours)~\(theirs)")
    // What follows before anybody looks does not say it again.
    case .earlier:
      try await feed(station, ipp: ipp, number: "770001", movement: "\(theirs)~\(ours)", links: false)
      try await feed(
        station, ipp: ipp, number: "770001", movement: "502^CH^1.2.250.1.99.2^ISO~9^LABO", trigger: "A02")
    case .alternate:
      try await feed(station, ipp: ipp, number: "770001", alternate: "\(made.number)^^^&1.2.250.1.999.2&ISO^VN")
    case .neither: try await feed(station, ipp: ipp, number: "770001")
    case .ofAnother:
      try await feed(
        station, ipp: "000777^^^&1.2.250.1.999.1&ISO^PI", number: "770001", person: "BERNARD^PAUL^^^^^L||20010405|M",
        movement: ours, alternate: made.number)
    }
    let there = "stay/\(Name.subject("stay", "1.2.250.1.999.2", "770001"))"
    #expect(try linked(station, made).stay == (isLinked ? there : nil))
    let keys = try station.register.read { try $0.stay(there)?.movements.map(\.key) ?? [] }
    if [.behind, .before].contains(echo) { #expect(keys == ["1.2.250.1.99.2|501"]) }
  }

  /// The stay was spoken of before anybody knew that the two files are one.
  @Test func thePersonIsKnownLater() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(
      station, ipp: "000777^^^&1.2.250.1.999.1&ISO^PI", number: "770001", alternate: made.number)
    #expect(try linked(station, made) == (nil, nil))
    let there = "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000777"))"
    try await answer(station, made, "000777")
    try await feed(station, ipp: "000777^^^&1.2.250.1.999.1&ISO^PI", number: "770002")
    #expect(try linked(station, made).patient == there)
    #expect(try linked(station, made).stay == "stay/\(Name.subject("stay", "1.2.250.1.999.2", "770001"))")
  }

  /// Where it names the stay, and not where they are yet, they stay where they are.
  @Test func noMovementWasSaidYet() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let ipp = "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI"
    try await feed(station, ipp: ipp, number: made.number, trigger: "A08")
    #expect(try linked(station, made).patient != nil)
    #expect(try linked(station, made).stay == nil)
    #expect(try station.register.read { try $0.stay(made.stay)?.status } == .admitted)
    try await feed(station, ipp: ipp, number: made.number)
    #expect(try linked(station, made).stay == "stay/\(Name.subject("stay", "1.2.250.1.999.2", made.number))")
  }

  /// Nor are they anywhere by a correction that does not say of what.
  @Test func aCorrectionOfWhatNobodyHeard() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let ipp = "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI"
    try await feed(station, ipp: ipp, number: made.number, trigger: "Z99", action: "UPDATE")
    let number = made.number
    let (said, stay) = try station.register.read { reading in
      (try reading.stays(withNumber: number).count, try reading.stay(made.stay))
    }
    #expect(said == 2 && stay?.continuedAs == nil && stay?.status == .admitted)
    try await feed(station, ipp: ipp, number: made.number)
    #expect(try linked(station, made).stay == "stay/\(Name.subject("stay", "1.2.250.1.999.2", made.number))")
  }

  private static let undoes = ["A11": "A01", "A12": "A02", "A13": "A03", "A38": "A05", "A52": "A21"]

  /// What the main system says of somebody who lies here, and whether their stay is that one from then on. Where it is
  /// not, they lie where they lay.
  @Test(
    arguments: [
      ("A16", false), ("A05", false), ("A38", false), ("A05 A38", false), ("A13", false), ("A12", false),
      ("A03 A13", false), ("A13 A03", false), ("A02 A12", false), ("A12 A02", false), ("A21 A52", false),
      ("A52 A21", false), ("A03 A16 A13", false), ("A02", true), ("A03", true), ("A21", true), ("A03 A13 A02", true),
      ("A13 A02 A03", true), ("A05 A01", true), ("A11", true), ("A01 A11", true), ("A11 A01", true),
      ("A01 A03 A13", true),
    ] as [(String, Bool)])
  func nobodyLeavesForAWordThatPlacesNobody(heard: String, isLinked: Bool) async throws {
    let station = try ImportStation()
    let made = try await made(station)
    for trigger in heard.split(separator: " ").map(String.init) {
      let inserted = Self.undoes[trigger]
      try await feed(
        station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number,
        movement: "\(inserted ?? trigger)^CH^1.2.250.1.99.2^ISO", trigger: trigger,
        action: inserted == nil ? "INSERT" : "CANCEL", inserted: inserted ?? "")
    }
    let there = "stay/\(Name.subject("stay", "1.2.250.1.999.2", made.number))"
    let stay = try #require(try station.register.read { try $0.stay(made.stay) })
    #expect(stay.continuedAs == (isLinked ? there : nil))
    #expect(stay.status == (isLinked ? .cancelled : .admitted))
    if !isLinked { #expect(stay.outline.presences.map(\.place.unit) == ["7700"] && stay.dischargedAt == nil) }
  }

  /// A station that had not heard that it was taken back links the two later.
  @Test func aLinkThatComesLate() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let there = "stay/\(Name.subject("stay", "1.2.250.1.999.2", made.number))"
    try await feed(
      station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number, trigger: "A12", action: "CANCEL",
      inserted: "A02")
    let late = Fact(
      kind: "stay.continued", subject: made.stay, at: station.environment.now(), data: ["as": .string(there)])
    _ = try await station.register.submit(
      Submission(Saying(facts: [late]), key: station.environment.newID(), author: "system"))
    #expect(try linked(station, made).stay == there)
    try await HandbackLinking.link([made.stay], station.register, station.environment)
    #expect(try linked(station, made).stay == nil)
  }

  /// What the main system never acknowledged is somebody else's number, and a conflict.
  @Test func notBeforeItWasAcknowledged() async throws {
    let station = try ImportStation()
    let made = try await made(station, acknowledged: false)
    try await feed(station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number)
    let (merged, continued) = try linked(station, made)
    #expect(merged == nil && continued == nil)
  }

  /// A person says that they are two, and they stay so.
  @Test func partedAgain() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    let ipp = "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI"
    try await feed(station, ipp: ipp, number: made.number)
    let unmerged = Fact(kind: "patient.unmerged", subject: made.patient, at: station.environment.now(), data: [:])
    for command in [PartHandedBack(stay: made.stay), Saying(facts: [unmerged])] as [any Command] {
      _ = try await station.register.submit(
        Submission(command, key: station.environment.newID(), author: "system"))
    }
    try await feed(station, ipp: ipp, number: made.number)
    let (merged, stay) = try station.register.read { reading in
      (try reading.patient(made.patient)?.mergedInto, try reading.stay(made.stay))
    }
    #expect(merged == nil && stay?.continuedAs == nil && stay?.status == .admitted)
  }

  /// The link itself is no news for the main system, and changes nothing of what is left to send.
  @Test func theLinkIsNotHandedBack() async throws {
    let station = try ImportStation()
    let made = try await made(station)
    try await feed(station, ipp: "\(made.ipp)^^^&1.2.250.1.999.1&ISO^PI", number: made.number)
    #expect(try HandbackStatus(station.register, at: station.environment.now()).pending == 0)
  }
}
