import Hospital
import Ledger
import Register
import Testing

/// What was decided of the recovered main system's state: the census ends equal where it was held right, and what it was
/// held right of can be put back.
struct ReturnDecidedTests {
  private static let patient = "patient/" + Name.subject("patient", "1.2.250.1.999.1", "7100")
  private static let stay = "stay/" + Name.subject("stay", "1.2.250.1.999.2", "7200")
  private static let duty = "account/duty"

  private let station: TestStation

  init() throws { station = try TestStation() }

  private static let described = Fact(
    kind: "patient.described", subject: patient, at: .hours(-8),
    data: [
      "birthName": "MARTIN", "birthGivenName": "LOUISE", "birthGivenNames": "LOUISE MARIE", "birthDate": "1961-03-12",
      "sex": "F", "birthPlace": "75056", "status": "VALI", "phones": ["0612345678", "0145001122"],
      "addresses": [
        ["use": "H", "lines": ["1 RUE A", "BAT B"], "postcode": "75012", "city": "PARIS", "country": "FRA"],
        ["use": "C", "lines": ["CHEZ SA SOEUR"], "city": "LYON"],
      ],
      "identifiers": [["value": "7100", "authority": "1.2.250.1.999.1", "type": "PI"]],
    ])

  private static func admitted(_ bed: String = "4EST|1|A") -> Fact {
    .stay("admitted", stay, patient: patient, key: "feed|1", bed: bed, number: "7200", at: .hours(-7))
  }

  private func feed(_ facts: Fact...) async throws {
    for fact in facts {
      let control = "\(try station.register.read { try $0.counts().commits })"
      let source = Source(sender: "GAM|CH", control: control, text: "", instant: fact.at)
      try await station.say(fact, key: "message \(control)", source: source)
    }
  }

  /// The main system is away, and comes back.
  private func night() async throws {
    try await station.say(
      Fact(kind: "account.opened", subject: Self.duty, at: .night, data: ["login": "d", "roles": ["duty"]]))
    for mode in [Mode.degraded, .handback] {
      try await station.submit(DeclareMode(mode: mode, isLocal: false, reason: "essai"))
    }
  }

  private func list(_ text: String, _ reading: String = "recovery/1") async throws {
    let file = try RecoveredFile(
      DelimitedText(Array(text.utf8)), today: try #require(CivilDate(year: 2022, month: 8, day: 22)))
    for part in TakeRecovered.parts(of: file, name: "l.csv", reading: reading) { try await station.submit(part) }
  }

  private func comparison() throws -> ReturnComparison {
    try #require(try station.register.read { try $0.returnComparison(at: .hours(1)) })
  }

  /// Differences, then the census: `equal`, or what each side says.
  private func compared() throws -> [String] {
    let found = try comparison()
    let differences = found.differences.map { difference in
      "\(difference.kind.rawValue): \(difference.here?.text ?? "–"), \(difference.there?.text ?? "–")"
        + (difference.isSettled ? " settled" : "")
    }
    if found.census.isEqual { return differences + ["equal"] }
    return differences + found.census.differing.map { "\($0.number): \($0.here ?? "–"), \($0.there ?? "–")" }
  }

  @discardableResult
  private func decide(_ way: ReturnDecision.Way, _ difference: Difference? = nil) async throws -> Receipt {
    let decided = try #require(try difference ?? comparison().differences.first)
    return try await station.register.submit(
      Submission(
        DecideDifference(decided, way), key: "decision \(decided.id) \(decided.version)", author: Self.duty))
  }

  private func file() throws -> Patient { try #require(try station.register.read { try $0.patient(Self.patient) }) }

  // MARK: The census

  /// Its feed opened it in the register too: that it is open here is still a person's word.
  @Test(arguments: [false, true]) func aStayThatTheFeedAloneOpens(isListed: Bool) async throws {
    try await night()
    try await feed(Self.described, Self.admitted())
    if isListed { try await list("NDA;IPP;Statut;UF;Lit\n7200;7100;présent;4EST;A\n") }
    let sides = ["missing-here: –, admitted 4EST A", "7200: –, 4EST A"]
    #expect(try compared() == sides)
    try await decide(.keep)
    #expect(try compared() == ["\(sides[0]) settled", sides[1]])
    try await decide(.correct)
    #expect(try compared() == ["\(sides[0]) settled", "equal"] && comparison().census.same == 1)
    // Moved here since: neither side is held right of that.
    try await station.say(.stay("transferred", Self.stay, key: "ours", bed: "CHIR|1|A"))
    #expect(try compared() == ["place: CHIR A, 4EST A", "7200: CHIR A, 4EST A"])
  }

  @Test func aStayThatTheFeedOpenedAndClosed() async throws {
    try await night()
    try await feed(Self.described, Self.admitted(), .stay("discharged", Self.stay, key: "feed|2", at: .hours(-2)))
    #expect(try compared() == ["equal"])
  }

  /// A movement of before the return: held right, the register says it, and both sides are equal.
  @Test(arguments: [
    (Fact.stay("transferred", stay, key: "feed|2", bed: "4EST|1|B", at: .hours(-5)), "place: 4EST A, 4EST B", "4EST B"),
    (.stay("discharged", stay, key: "feed|2", at: .hours(-5)), "open: admitted, discharged", "–"),
  ])
  func aMovementThatTheFeedSaysLate(_ movement: Fact, _ difference: String, _ there: String) async throws {
    try await feed(Self.described, Self.admitted())
    try await night()
    try await feed(movement)
    let differing = "7200: 4EST A, \(there)"
    #expect(try compared() == [difference, differing])
    try await decide(.keep)
    #expect(try compared() == ["\(difference) settled", differing])
    try await decide(.correct)
    #expect(try compared() == ["\(difference) settled", "equal"])
  }

  /// No difference to decide: the bed that their feed said late is the register's.
  @Test func aBedThatOnlyTheFeedSays() async throws {
    try await feed(Self.described, Self.admitted("4EST"))
    try await night()
    try await feed(.stay("transferred", Self.stay, key: "feed|2", bed: "4EST|1|B", at: .hours(-5)))
    #expect(try compared() == ["equal"])
  }

  /// Told there under a number of its own, which its feed or its list then says: one stay.
  @Test(arguments: [false, true]) func aStayUnderAnotherNumber(isListed: Bool) async throws {
    try await feed(Self.described)
    try await night()
    let ours = "stay/ours"
    try await station.say(
      .stay("admitted", ours, patient: Self.patient, key: "ours", bed: "4EST|1|A", number: "N1", at: .hours(-7)))
    if isListed {
      try await station.say(
        Fact(
          kind: "reentry.entered", subject: Reentry.subject(of: ours), at: .night,
          data: ["item": .string(ours), "road": "hand", "commits": [], "number": "X9"]))
      try await list("NDA;IPP;Statut;UF;Lit\nX9;7100;présent;4EST;A\n")
    } else {
      try await feed(Self.admitted())
      try await station.say(
        Fact(kind: "stay.continued", subject: ours, at: .night, data: ["as": .string(Self.stay)]))
    }
    #expect(try compared() == ["equal"] && comparison().census.same == 1)
  }

  // MARK: What was here

  /// Whole: the given names behind the first, a second line of the address. What was proved is not proved again by it.
  @Test(arguments: [
    ("Prénom", "Lise", true), ("Date de naissance", "14/03/1961", true), ("Lieu de naissance", "69123", true),
    ("Adresse;CP;Ville", "3 rue C;69003;Lyon", false), ("Téléphone", "0612345679", false),
  ])
  func whatWasHereIsPutBack(_ headings: String, _ cells: String, _ isStrict: Bool) async throws {
    try await feed(Self.described)
    try await night()
    try await list("IPP;\(headings)\n7100;\(cells)\n")
    let before = Traits(try file())
    let id = try #require(try comparison().differences.first).id
    for _ in 1...2 {
      try await decide(.correct)
      #expect(try comparison().differences.isEmpty && Traits(file()) != before)
      let past = try #require(try station.register.read { try $0.decidedDifference(id, at: .hours(1)) })
      #expect(past.isCorrected && past.isPutBack && past.isSettled)
      let receipt = try await decide(.keep, past)
      #expect(receipt.warnings.contains { $0.code == "return-status" } == isStrict)
      #expect(try Traits(file()) == before)
      #expect(try file().identityStatus == (isStrict ? .provisional : .validated))
      // Beside the other side again, and decided.
      #expect(try comparison().differences.map(\.isSettled) == [true])
    }
  }

  /// Somebody wrote another word since: there is nothing of the decision to put back.
  @Test func whatWasWrittenSinceIsNotPutBack() async throws {
    try await feed(Self.described)
    try await night()
    try await list("IPP;Date de naissance\n7100;14/03/1961\n")
    let id = try #require(try comparison().differences.first).id
    try await decide(.correct)
    try await station.say(
      Fact(kind: "patient.corrected", subject: Self.patient, at: .night, data: ["birthDate": "1961-03-15"]))
    try await list("IPP;Date de naissance\n7100;15/03/1961\n", "recovery/2")
    #expect(try comparison().differences.isEmpty)
    let past = try #require(try station.register.read { try $0.decidedDifference(id, at: .hours(1)) })
    #expect(!past.isCorrected)
  }
}
