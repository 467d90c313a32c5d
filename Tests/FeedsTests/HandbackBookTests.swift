import Feeds
import Hospital
import Interop
import Ledger
import Register
import Seeded
import Spoken
import Testing

/// What is kept of the way back and caught up says the same as what is worked out anew, whatever was said between.
struct HandbackBookTests {
  @Test(arguments: 1...12) func caughtUpIsTheSameAsAnew(seed: UInt64) async throws {
    let station = try ImportStation()
    let book = HandbackBook(station.register)
    var night = Night(station, seed: seed)
    for step in 0..<60 {
      try await night.goOn()
      if step.isMultiple(of: 3) { try compare(book, station, "seed \(seed), step \(step)") }
    }
    try compare(book, station, "seed \(seed), end")
    #expect(night.said > 20)
  }

  /// A stay that was said of an hour to come is here once that hour is.
  @Test func anHourThatComesMovesAStay() async throws {
    let station = try ImportStation()
    let book = HandbackBook(station.register)
    var night = Night(station, seed: 1)
    try await night.say(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    let inpatient = try #require(try await night.admit(.inpatient))
    let person = try #require(try await night.register())
    let now = station.environment.now()
    let soon = now.adding(seconds: 3600)
    try await night.say(Discharge(stay: inpatient, exitMode: "8", at: soon))
    try await night.say(Preadmit(patient: person, stayClass: .inpatient, unit: "7700", expectedAt: soon))
    for hour in [now, soon.adding(seconds: 1)] {
      let anew = try station.register.read { try ReentryQueue($0, at: hour) }.open
      #expect(try book.overview(at: hour).open.map(\.rank) == anew.map(\.rank))
    }
  }

  private func compare(_ book: HandbackBook, _ station: ImportStation, _ place: Comment) throws {
    let now = station.environment.now()
    let anew = try station.register.read { try ReentryQueue($0, at: now) }
    let kept = try book.overview(at: now)
    #expect(kept.open.map(\.item) == anew.open.map(\.item), place)
    #expect(kept.open.map(\.rank) == anew.open.map(\.rank), place)
    #expect(kept.open.map(\.state) == anew.open.map(\.state), place)
    #expect(kept.counts == ReentryCounts(anew), place)
    #expect(
      Set(kept.unconfirmed.map(\.item)) == Set(anew.screens.filter { $0.confirmedAt == nil }.map(\.item)), place)
    for item in anew.open {
      let found = try book.item(String(item.item.drop { $0 != "/" }.dropFirst()), at: now)
      #expect(found?.version == item.version && found?.stay == item.stay && found?.person == item.person, place)
    }
    let (status, fresh) = try (
      HandbackStatus(station.register, book, at: now), HandbackStatus(station.register, at: now)
    )
    #expect(status.pending == fresh.pending && status.refused.map(\.patient) == fresh.refused.map(\.patient), place)
  }
}

/// People at work while the main system is gone, at random.
private struct Night {
  let station: ImportStation
  private var random: Seeded
  private var people: [String] = []
  private var stays: [String] = []
  /// How often something was said that nobody refused.
  private(set) var said = 0

  init(_ station: ImportStation, seed: UInt64) { (self.station, random) = (station, Seeded(seed: seed)) }

  @discardableResult
  mutating func say(_ command: any Command) async throws -> Receipt? {
    do {
      let receipt = try await station.register.submit(
        Submission(command, key: station.environment.newID(), author: "system"))
      said += 1
      return receipt
    } catch is Refusal { return nil }
  }

  /// Six letters: whoever is alike is asked about.
  private mutating func name() -> String {
    String((0..<6).compactMap { _ in "ABCDEFGHIJKLMNOPQRSTUVWXYZ".randomElement(using: &random) })
  }

  mutating func register() async throws -> String? {
    var traits = Traits()
    (traits.birthName, traits.birthGivenName) = (name(), "LOUISE")
    (traits.birthDate, traits.sex, traits.birthPlace) = (PartialDate(year: 1961, month: 3, day: 12), .female, "99999")
    guard let patient = try await say(RegisterPatient(traits: traits))?.subject("patient") else { return nil }
    people.append(patient)
    return patient
  }

  mutating func admit(_ stayClass: StayClass) async throws -> String? {
    guard let patient = try await register() else { return nil }
    let stay = try await say(
      Admit(patient: patient, stayClass: stayClass, unit: "7700", entryMode: "8"))?.subject("stay")
    stays += [stay].compactMap(\.self)
    return stay
  }

  /// In one commit, of which messages tell the stay alone.
  private mutating func admit(inCustody patient: String) async throws {
    let situation = SetSituation(patient: patient, situation: LegalSituation(kind: "custody"))
    let admission = Admit(patient: patient, stayClass: .emergency, unit: "7700", entryMode: "8")
    let stay = try await say(InOneCommit(situation) { _ in admission })?.subject("stay")
    stays += [stay].compactMap(\.self)
  }

  mutating func goOn() async throws {
    let person = people.randomElement(using: &random)
    let stay = stays.randomElement(using: &random)
    let open = try station.register.read { try ReentryQueue($0, at: station.environment.now()) }.open
    let item = open.randomElement(using: &random)
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1: _ = try await admit([.inpatient, .emergency, .outpatient].randomElement(using: &random) ?? .inpatient)
    case 2: _ = try await register()
    case 3:
      let mode: Mode = Int.random(in: 0..<4, using: &random) == 0 ? .standby : .degraded
      try await say(DeclareMode(mode: mode, isLocal: Bool.random(using: &random), reason: "essai"))
    case 4: if let stay { try await say(Transfer(stay: stay, unit: "1050")) }
    case 5: if let stay { try await say(Discharge(stay: stay, exitMode: "8")) }
    case 6:
      if let person, let other = people.randomElement(using: &random), other != person {
        try await merge(person, into: other)
      }
    case 7: if let person { try await say(Say(kind: "patient.unmerged", subject: person, data: [:])) }
    case 8: if let item { try await say(ClaimReentry(item: item.item)) }
    case 9: if let item { try await say(LeaveReentry(item: item.item, reason: "essai")) }
    case 10, 11:
      if let item { try await say(NoteReentry(item.open, road: Bool.random(using: &random) ? .hand : .csv)) }
    case 12: if let stay { try await say(ReopenReentry(items: [stay])) }
    case 13:
      if let commit = item?.open.first?.commits.first {
        let refusal = Bool.random(using: &random) ? NoteHandback.Answer.Refused(answer: "AE") : nil
        try await say(
          NoteHandback([
            .init(
              commit: commit, count: 1, control: "C\(said)", trigger: "A01", at: station.environment.now(),
              refusal: refusal)
          ]))
      }
    case 14: if let person { try await admit(inCustody: person) }
    default: if let person { try await feed(person) }
    }
  }

  /// Not in a ring, which is a conflict of its own.
  private mutating func merge(_ person: String, into other: String) async throws {
    let isFree = try station.register.read { reading in
      try reading.patient(person)?.mergedInto == nil && reading.patient(other)?.mergedInto == nil
    }
    guard isFree else { return }
    try await say(Say(kind: "patient.merged", subject: person, data: ["into": .string(other)]))
  }

  private struct Say: Command {
    let kind: String
    let subject: String
    let data: JSON
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
      Decision(facts: [Fact(kind: kind, subject: subject, at: moment.now, data: data)])
    }
  }

  /// The main system speaks of somebody by the number that was given here.
  private mutating func feed(_ person: String) async throws {
    guard let known = try station.register.read({ try $0.patient(person) }), let number = known.identifiers.first?.value
    else { return }
    said += 1
    let name = Bool.random(using: &random) ? known.birthName ?? "" : self.name()
    let message = Spoken.bytes([
      Spoken.header("A28^ADT_A05", at: "20251202010000"), "EVN||20251202010000",
      "PID|1||\(number)^^^&1.2.250.1.999.1&ISO^PI||\(name)^LOUISE^^^^^L||19610312|F",
    ])
    _ = try await station.take([.message(message)])
    for subject in try station.register.read({ try $0.patients(withIdentifier: number) }) {
      try await HandbackLinking.link([subject], station.register, station.environment)
    }
  }
}
