import Hospital
import Ledger
import Register
import Testing

/// What the recovered main system says beyond traits and beds stands beside ours, is decided, and opens anew.
struct ReturnFieldTests {
  private static let patient = "patient/" + Name.subject("patient", "1.2.250.1.999.1", "7100")
  private static let stay = "stay/" + Name.subject("stay", "1.2.250.1.999.2", "7200")

  private func described(_ said: JSON = [:]) -> Fact {
    var data = JSONObject([
      ("birthName", "MARTIN"), ("birthGivenName", "LOUISE"), ("birthDate", "1961-03-12"), ("sex", "F"),
      ("identifiers", [["value": "7100", "authority": "1.2.250.1.999.1", "type": "PI"]]),
    ])
    for (key, value) in said.object?.members ?? [] { data[key] = value }
    return Fact(kind: "patient.described", subject: Self.patient, at: .night, data: .object(data))
  }

  private func admitted(
    hour: Int, _ said: [(key: String, value: JSON)] = [], as stay: String = Self.stay, number: String = "7200"
  ) -> Fact {
    let movement = JSONObject(
      [
        ("key", "feed|1"), ("id", "1"), ("trigger", "A01"), ("unit", "4EST"), ("bed", "A"), ("room", "1"),
      ] + said)
    return Fact(
      kind: "stay.admitted", subject: stay, at: .hours(hour),
      data: ["patient": .string(Self.patient), "number": .string(number), "movement": .object(movement)])
  }

  private func feed(_ station: TestStation, _ fact: Fact, _ number: Int) async throws {
    let source = Source(sender: "GAM|CH", control: "\(number)", text: "", instant: .hours(-8))
    try await station.say(fact, key: "message \(number)", source: source)
  }

  private func declare(_ mode: Mode, _ station: TestStation) async throws {
    try await station.submit(DeclareMode(mode: mode, isLocal: false, reason: "essai"))
  }

  private func comparison(_ station: TestStation) throws -> ReturnComparison {
    try #require(try station.register.read { try $0.returnComparison(at: .hours(1)) })
  }

  private func list(_ station: TestStation, _ text: String, _ reading: String) async throws {
    let file = try RecoveredFile(
      DelimitedText(Array(text.utf8)), today: try #require(CivilDate(year: 2022, month: 8, day: 22)))
    for part in TakeRecovered.parts(of: file, name: "l.csv", reading: reading) { try await station.submit(part) }
  }

  /// `kind field: here, there`, and whether it is settled.
  private func compared(_ station: TestStation) throws -> [String] {
    try comparison(station).differences.map { difference in
      "\(difference.kind.rawValue) \(difference.field?.rawValue ?? "–"): \(difference.here?.text ?? "–"), "
        + "\(difference.there?.text ?? "–")\(difference.isSettled ? " settled" : "")"
    }.sorted()
  }

  private func decide(_ station: TestStation, _ way: ReturnDecision.Way) async throws {
    let account = "account/duty"
    if try station.register.read({ try $0.history(of: account).isEmpty }) {
      try await station.say(
        Fact(kind: "account.opened", subject: account, at: .night, data: ["login": "d", "roles": ["duty"]]))
    }
    let difference = try #require(try comparison(station).open.first)
    _ = try await station.register.submit(
      Submission(
        DecideDifference(difference, way), key: "decision \(difference.id) \(difference.version)", author: account))
  }

  /// The recovered system's routine "not protected" and "alive", of somebody who was protected here.
  @Test func aProtectionThatTheBackupLost() async throws {
    let station = try TestStation()
    try await feed(station, described(["protected": false, "deceased": false]), 1)
    try await declare(.degraded, station)
    try await station.submit(ProtectPresence(patient: Self.patient, protected: true))
    try await declare(.handback, station)
    #expect(try compared(station) == [])
    // Says nothing of it.
    try await feed(station, described(), 2)
    #expect(try compared(station) == [])
    try await feed(station, described(["protected": false, "deceased": false]), 3)
    #expect(try compared(station) == ["status protected: yes, no"])
    try await decide(station, .keep)
    #expect(try compared(station) == ["status protected: yes, no settled"])
    // Said again, every day: nothing new, and no protection is lost.
    try await feed(station, described(["protected": false, "phones": ["0612345678"]]), 4)
    #expect(try compared(station) == ["status protected: yes, no settled"])
    #expect(try station.register.read { try $0.patient(Self.patient)?.protected } == true)
  }

  /// Of a death the older state is compared; one that happened since is news.
  @Test(arguments: [(-3, ["status death: no, \(Instant.hours(-3).text)"]), (1, [])])
  func deaths(_ hour: Int, _ found: [String]) async throws {
    let station = try TestStation()
    try await feed(station, described(["deceased": false]), 1)
    try await declare(.degraded, station)
    try await declare(.handback, station)
    try await feed(station, described(["deceased": true, "deathAt": .string(Instant.hours(hour).text)]), 2)
    #expect(try compared(station) == found)
  }

  /// The main system knows the day alone: any hour of it is the same, another day is not, and the hour stays on the file.
  @Test func theDayOfADeath() async throws {
    let station = try TestStation()
    try await feed(station, described(["deceased": true, "deathAt": .string(Instant.hours(-9).text)]), 1)
    try await declare(.degraded, station)
    try await declare(.handback, station)
    func day(from hour: Int) -> Fact {
      described([
        "deceased": true, "deathAt": .string(Instant.hours(hour).text),
        "deathBefore": .string(Instant.hours(hour + 24).text),
      ])
    }
    try await feed(station, day(from: -20), 2)
    #expect(try compared(station) == [])
    #expect(try station.register.read { try $0.patient(Self.patient)?.deathAt } == .hours(-9))
    try await feed(station, day(from: -44), 3)
    let (ours, theirs) = (Instant.hours(-9).text, "\(Instant.hours(-44).text)/\(Instant.hours(-20).text)")
    #expect(try compared(station) == ["status death: \(ours), \(theirs)"])
  }

  /// Found, decided, opened anew by another word.
  @Test func aTelephone() async throws {
    let station = try TestStation()
    try await feed(station, described(["phones": ["06 12 34 56 78"]]), 1)
    try await declare(.degraded, station)
    try await declare(.handback, station)
    try await feed(station, described(["phones": ["+33612345678"]]), 2)
    #expect(try compared(station) == [])
    try await feed(station, described(["phones": ["0612345679"]]), 3)
    #expect(try compared(station) == ["trait phones: 06 12 34 56 78, 0612345679"])
    try await decide(station, .keep)
    #expect(try compared(station) == ["trait phones: 06 12 34 56 78, 0612345679 settled"])
    #expect(try station.register.read { try $0.patient(Self.patient)?.phones } == ["06 12 34 56 78"])
    try await feed(station, described(["phones": ["0612345670"]]), 4)
    #expect(try compared(station) == ["trait phones: 06 12 34 56 78, 0612345670"])
  }

  /// The same message again is no difference; another hour or physician is, and the census is of beds alone.
  @Test func aStay() async throws {
    let station = try TestStation()
    try await feed(station, described(), 1)
    try await feed(station, admitted(hour: -7, [("attending", "DUPONT JEAN"), ("class", "inpatient")]), 2)
    try await declare(.degraded, station)
    try await declare(.handback, station)
    try await feed(station, admitted(hour: -7, [("attending", "Dr Dupont"), ("class", "daycase")]), 3)
    #expect(try compared(station) == [])
    try await feed(station, admitted(hour: -6, [("attending", "MARTIN"), ("class", "outpatient")]), 4)
    let (ours, theirs) = (Instant.hours(-7).text, Instant.hours(-6).text)
    #expect(
      try compared(station) == [
        "movement admittedAt: \(ours), \(theirs)", "movement attending: DUPONT JEAN, MARTIN",
        "movement stayClass: inpatient, outpatient",
      ])
    #expect(try comparison(station).census.isEqual)
    for _ in 0..<3 { try await decide(station, .keep) }
    #expect(try compared(station).filter { !$0.hasSuffix(" settled") } == [])
    // Ours is said again where the feed had said its own; a kind of stay and a physician have their forms.
    let stay = try #require(try station.register.read { try $0.stay(Self.stay) })
    #expect(stay.admittedAt == .hours(-7))
    #expect(stay.attending == "MARTIN" && stay.stayClass == .outpatient)
  }

  /// Who was admitted here lies there under another number: noted, and then linked, it is one stay in one bed.
  @Test func aStayThatIsCalledOtherwiseThere() async throws {
    let station = try TestStation()
    let ours = "stay/0196f1d2-0000-7000-8000-000000000009"
    try await feed(station, described(), 1)
    try await declare(.degraded, station)
    try await station.say(admitted(hour: -1, as: ours, number: "N1"))
    try await declare(.handback, station)
    try await station.submit(NameStayHandedBack(stay: ours, number: "7200"))
    try await list(station, "NDA;IPP;Statut;UF;Lit\n7200;7100;présent;4EST;A\n", "recovery/1")
    #expect(try compared(station) == [] && comparison(station).census.isEqual)
    try await feed(station, admitted(hour: -1), 2)
    try await station.say(
      Fact(kind: "stay.continued", subject: ours, at: .night, data: ["as": .string(Self.stay)]))
    #expect(try compared(station) == [] && comparison(station).census.isEqual)
  }

  /// Columns of a list; those that are empty or absent say nothing.
  @Test func lists() async throws {
    let station = try TestStation()
    try await feed(station, described(["addresses": [["use": "H", "lines": ["1 RUE A"], "postcode": "75012"]]]), 1)
    try await feed(station, admitted(hour: -7, [("attending", "DUPONT JEAN")]), 2)
    try await declare(.degraded, station)
    try await declare(.handback, station)
    func list(_ text: String, _ reading: String) async throws { try await self.list(station, text, reading) }
    try await list("IPP;Adresse;CP;Téléphone;Non-divulgation\n7100;1, r. A;;0612345678;\n", "recovery/1")
    try await list("NDA;IPP;Statut;UF;Lit;Entrée;Médecin\n7200;7100;présent;4EST;A;;Dupont\n", "recovery/2")
    #expect(try compared(station) == [] && comparison(station).census.isEqual)
    try await list("IPP;Adresse;CP;Non-divulgation\n7100;1 rue A;75013;oui\n", "recovery/3")
    let hour = Instant.hours(-7)
    try await list(
      "NDA;IPP;Statut;UF;Lit;Entrée;Médecin\n7200;7100;présent;4EST;A;\(hour.text);Martin\n", "recovery/4")
    #expect(
      try compared(station) == [
        "movement attending: DUPONT JEAN, Martin", "status protected: no, yes",
        "trait addresses: 1 RUE A|75012|, 1 rue A|75013|",
      ])
    try await list("NDA;IPP;Statut;UF;Lit;Entrée\n7200;7100;présent;4EST;A;19/08/2022\n", "recovery/5")
    #expect(try compared(station).contains { $0.hasPrefix("movement admittedAt") })
    #expect(try comparison(station).census.isEqual)
  }
}
