import Hospital
import Ledger
import Testing

/// Who has a stay on their screen, and what of it was entered.
struct ReentryTests {
  private static let item = "stay/5a0f6c2e-1c1e-4d3b-9b58-0f2f8a1d7e01"
  private static let commits = (1...3).map { number in
    CommitPlace(station: "urg-1-3fa9c2d1", sequence: number, hash: LineHash(of: [UInt8(number)]))
  }

  private enum Act { case claim, release, park, enter, reopen }

  private func command(_ act: Act) -> any Command {
    switch act {
    case .claim: ClaimReentry(item: Self.item)
    case .release: LeaveReentry(item: Self.item)
    case .park: LeaveReentry(item: Self.item, reason: "UF inconnue")
    case .enter: NoteReentry([.init(item: Self.item, commits: Self.commits)], road: .hand)
    case .reopen: ReopenReentry(items: [Self.item])
    }
  }

  /// What the last of some acts is answered: each by an agent, at a minute.
  private func answer(_ acts: [(Act, String, Int)]) -> String? {
    let world = MemoryWorld()
    for name in ["a", "b"] {
      var account = Account(id: "account/\(name)")
      account.roles = [.admission]
      world.accounts[account.id] = account
    }
    var refusal: String?
    for (act, who, minute) in acts {
      let now = Instant.hours(0, minutes: minute)
      do throws(Refusal) {
        let decision = try command(act).decide(world, world.moment(now, "account/\(who)"))
        for fact in decision.facts { world.hear(fact, at: now, author: "account/\(who)") }
        refusal = nil
      } catch { refusal = error.code }
    }
    return refusal
  }

  @Test func twoAgentsNeverHaveTheSame() {
    let rows: [(String, [(Act, String, Int)], String?)] = [
      ("the first has it", [(.claim, "a", 0)], nil),
      ("not the second", [(.claim, "a", 0), (.claim, "b", 9)], "reentry-claimed"),
      ("nor may they tick it", [(.claim, "a", 0), (.enter, "b", 9)], "reentry-claimed"),
      ("nor park it", [(.claim, "a", 0), (.park, "b", 9)], "reentry-claimed"),
      ("it ends by itself", [(.claim, "a", 0), (.claim, "b", 10)], nil),
      ("again, after a reload", [(.claim, "a", 0), (.claim, "a", 9)], nil),
      ("which renews it", [(.claim, "a", 0), (.claim, "a", 9), (.claim, "b", 18)], "reentry-claimed"),
      ("given back", [(.claim, "a", 0), (.release, "a", 1), (.claim, "b", 2)], nil),
      ("parked, it is nobody's", [(.claim, "a", 0), (.park, "a", 1), (.claim, "b", 2)], nil),
      ("entered once", [(.claim, "a", 0), (.enter, "a", 1), (.enter, "b", 2)], "reentry-done"),
      ("opened again", [(.enter, "a", 1), (.reopen, "b", 2), (.enter, "b", 3)], nil),
      ("nobody may who has no such role", [(.claim, "nurse", 0)], "not-permitted"),
    ]
    for (name, acts, refusal) in rows { #expect(answer(acts) == refusal, "\(name)") }
  }

  @Test func parkingNeedsItsReason() {
    let world = MemoryWorld()
    #expect(throws: Refusal("reentry-reason", field: "reason")) {
      try world.run(LeaveReentry(item: Self.item, reason: " "))
    }
  }

  /// What was told by a file is not told again by hand, and the rest of the stay is.
  @Test func onlyWhatNoRoadTold() throws {
    let world = MemoryWorld()
    try world.run(NoteReentry([.init(item: Self.item, commits: [Self.commits[0]])], road: .csv))
    try world.run(NoteReentry([.init(item: Self.item, commits: Self.commits)], road: .hand, number: "26001"))
    let reentry = try #require(world.reentry(Self.item))
    #expect(reentry.entered.map(\.road) == [.csv, .hand, .hand])
    #expect(reentry.entered.map(\.commit) == Self.commits && reentry.number == "26001")
  }

  private func registered() throws -> (MemoryWorld, patient: String) {
    let world = MemoryWorld()
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("MARTIN", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    return (world, try #require(try world.run(RegisterPatient(traits: traits)).subject("patient")))
  }

  /// The number that the main system gave the person is the file's from then on.
  @Test func thePersonsNumberThere() throws {
    let (world, patient) = try registered()
    try world.run(
      NoteReentry([.init(item: patient, commits: Self.commits)], road: .hand, ipp: "000777", patient: patient))
    #expect(world.patients(withIdentifier: "000777", authority: "1.2.250.1.999.1") == [patient])
    // Ticked by mistake: the file does not bear it any more, and bears its own.
    try world.run(ReopenReentry(items: [patient]))
    #expect(world.patients(withIdentifier: "000777", authority: "1.2.250.1.999.1") == [])
    #expect(world.patients[patient]?.identifiers.count == 1)
    let again = try world.run(ReopenReentry(items: [patient]))
    #expect(again.facts.map(\.kind) == ["reentry.reopened"])
  }

  /// A file told the stay, and somebody types in what was said of the person since, on the stay's screen: both numbers
  /// are noted with the stay, where a wrong tick is taken back.
  @Test func numbersGoWithTheScreen() throws {
    let (world, patient) = try registered()
    try world.run(NoteReentry([.init(item: Self.item, commits: [Self.commits[0]])], road: .csv))
    let tick = NoteReentry(
      [.init(item: Self.item, commits: []), .init(item: patient, commits: [Self.commits[1]])], road: .hand,
      number: "26001", ipp: "000777", patient: patient)
    try world.run(tick)
    #expect(world.reentry(Self.item)?.number == "26001" && world.reentry(patient)?.number == nil)
    #expect(world.reentry(Self.item)?.entered.map(\.commit) == [Self.commits[0]])
    #expect(world.reentry(patient)?.entered.map(\.commit) == [Self.commits[1]])
    #expect(throws: Refusal("reentry-done")) { try world.run(tick) }
    try world.run(ReopenReentry(items: [Self.item]))
    #expect(world.patients(withIdentifier: "000777", authority: "1.2.250.1.999.1") == [])
  }

  /// What an answer of the main system calls a stay that is N10001 here, and what is noted or refused of it. Somebody
  /// else's is 26002 there.
  @Test(
    arguments: [
      ("M900", "M900", nil), ("N10001", nil, nil), ("26002", nil, "reentry-number-of-another"),
      (String(repeating: "9", count: 100), String(repeating: "9", count: 100), nil),
      (String(repeating: "9", count: 101), nil, "number-invalid"), ("9\u{202E}1", nil, "number-invalid"),
      ("9\u{7}1", nil, "number-invalid"), ("", nil, "number-invalid"),
    ] as [(String, String?, String?)])
  func theStaysNumberThere(said: String, noted: String?, refusal: String?) throws {
    let (world, patient) = try registered()
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("BERNARD", "PAUL", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 2001, month: 4, day: 5), .male)
    let other = try #require(try world.run(RegisterPatient(traits: traits)).subject("patient"))
    for (stay, owner, number) in [(Self.item, patient, "N10001"), ("stay/other", other, "26002")] {
      let movement: JSON = ["key": .string(stay), "trigger": "A01"]
      world.hear(
        Fact(
          kind: "stay.admitted", subject: stay, at: .night,
          data: ["patient": .string(owner), "number": .string(number), "movement": movement]))
    }
    try world.run(ClaimReentry(item: Self.item))
    let command = NameStayHandedBack(stay: Self.item, number: said)
    do throws(Refusal) {
      try world.run(command, by: "system")
      #expect(refusal == nil)
      let again = try world.run(command, by: "system")
      #expect(again.facts.isEmpty)
    } catch { #expect(error.code == refusal) }
    let reentry = world.reentry(Self.item)
    #expect(reentry?.number == noted)
    // Nobody's screen is taken from them, and nothing of it was entered.
    #expect(reentry?.isClaimed(at: .night) == true && reentry?.entered == [])
  }

  /// A number that the file bore before the tick is not the tick's to take back.
  @Test func itsOwnNumberStays() throws {
    let (world, patient) = try registered()
    let own = try #require(world.patients[patient]?.identifiers.first?.value)
    try world.run(
      NoteReentry([.init(item: patient, commits: Self.commits)], road: .hand, ipp: own, patient: patient))
    #expect(try world.run(ReopenReentry(items: [patient])).facts.map(\.kind) == ["reentry.reopened"])
    #expect(world.patients(withIdentifier: own, authority: "1.2.250.1.999.1") == [patient])
  }
}
