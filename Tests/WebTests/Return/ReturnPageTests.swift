import Hospital
import Ledger
import Register
import Testing
import Web

/// Retour: a list of the recovered system, three states side by side, a person's decision, the account.
@Suite struct ReturnPageTests {
  private struct Say: Command {
    let facts: [Fact]
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
  }

  private static let patient = Name.subject("patient", "1.2.250.1.999.1", "7100")
  private static let stay = Name.subject("stay", "1.2.250.1.999.2", "7200")

  private func describe(_ date: String) -> Fact {
    Fact(
      kind: "patient.described", subject: "patient/\(Self.patient)", at: .init(milliseconds: 1_661_000_000_000),
      data: [
        "birthName": "ZWEIFEL", "birthGivenName": "LOUISE", "birthDate": .string(date), "sex": "F",
        "birthPlace": "99999", "status": "VALI",
        "identifiers": [["value": "7100", "authority": "1.2.250.1.999.1", "type": "PI"]],
      ])
  }

  private func hear(_ site: TestSite, _ facts: [Fact], control: String) async throws {
    let source = Source(sender: "GAM|CH", control: control, text: "", instant: site.clock.now)
    _ = try await site.register.submit(
      Submission(Say(facts: facts), key: site.clock.environment.newID(), author: "system", source: source))
  }

  /// A copy of before, a correction meanwhile, the return declared.
  private func night() async throws -> TestSite {
    let site = try await TestSite()
    _ = try await site.account("garde", [.duty])
    _ = try await site.account("petit", [.nurse])
    try await hear(site, [describe("1961-03-12")], control: "1")
    site.clock.advance(seconds: 5)
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    let patient = try #require(try site.register.read { try $0.patient("patient/\(Self.patient)") })
    var traits = Traits(patient)
    traits.birthDate = PartialDate("1961-03-13")
    try await site.submit(CorrectPatient(patient: patient.id, traits: traits))
    try await site.submit(Admit(patient: patient.id, stayClass: .inpatient, unit: "4EST", entryMode: "8"))
    try await site.submit(DeclareMode(mode: .handback, isLocal: false, reason: "essai"))
    return site
  }

  private func list(_ site: TestSite, _ text: String, reading: String) async throws {
    let file = try RecoveredFile(
      DelimitedText(Array(text.utf8)), today: try #require(CivilDate(year: 2022, month: 8, day: 22)))
    for part in TakeRecovered.parts(of: file, name: "liste.csv", reading: reading) { try await site.submit(part) }
  }

  private func comparison(_ site: TestSite) throws -> ReturnComparison {
    try #require(try site.register.read { try $0.returnComparison(at: site.clock.now) })
  }

  @Test func threeColumnsAndADecision() async throws {
    let site = try await night()
    try await list(
      site, "IPP;Nom;Prénom;Naissance;Date de naissance\n7100;Zweifel;Louise;x;14/03/1961\n", reading: "recovery/1")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let json = try await duty.get("/return", accept: "application/json").json
      let traits = json?["differences"]?.array?.filter { $0["kind"]?.string == "trait" }
      let id = try #require(traits?.first?["id"]?.string)
      #expect(traits?.count == 1 && traits?.first?["field"]?.string == "birthDate")
      let page = try await duty.get("/return/\(id)").text
      for date in ["12/03/1961", "13/03/1961", "14/03/1961"] { #expect(page.contains(date), "\(date)") }
      #expect(page.contains("liste.csv") && page.contains("ligne 2") && page.contains("GAM|CH"))
      #expect(try await TestBrowser(client, "petit").get("/return").status == 403)
      let version = try #require(traits?.first?["version"]?.string)
      #expect(try await duty.post("/return/\(id)", ["version": version, "way": "keep"]).status == 303)
      let settled = try await duty.get("/return/\(id)", accept: "application/json").json
      #expect(settled?["settled"] == .bool(true) && settled?["way"]?.string == "keep")
      // Whoever has the old page before them decides nothing.
      #expect(try await duty.post("/return/\(id)", ["version": version, "way": "correct"]).status == 422)
      let again = try #require(settled?["version"]?.string)
      #expect(try await duty.post("/return/\(id)", ["version": again, "way": "correct"]).status == 303)
      let patient = try site.register.read { try $0.patient("patient/\(Self.patient)") }
      #expect(patient?.birthDate?.text == "1961-03-14" && patient?.identityStatus == .provisional)
      #expect(try await duty.get("/return/\(id)").text.contains("ne diffèrent plus"))
      let account = try await duty.get("/return/account").text
      #expect(account.contains("decided keep") && account.contains("decided correct") && account.contains("signed "))
      #expect(!account.contains("ZWEIFEL") && !account.contains("1961-03"))
    }
  }

  /// What our correction settled is put back by the same page, with what that does not restore; its own form where a
  /// decision cannot.
  @Test func whatWasCorrectedIsPutBack() async throws {
    let site = try await night()
    let patient = "patient/\(Self.patient)"
    try await site.submit(
      Say(facts: [Fact(kind: "patient.described", subject: patient, at: site.clock.now, data: ["deceased": true])]))
    try await list(
      site, "IPP;Nom;Date de naissance;Décès;Non-divulgation\n7100;Zweifel;14/03/1961;non;oui\n", reading: "recovery/1")
    @Sendable func file() throws -> Patient { try #require(try site.register.read { try $0.patient(patient) }) }
    func id(_ field: ReturnField) throws -> String {
      try #require(try comparison(site).differences.first { $0.field == field }).id
    }
    let (date, death, protection) = (try id(.birthDate), try id(.death), try id(.protected))
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func decide(_ id: String, _ way: String) async throws -> TestAnswer {
        let version = try await duty.get("/\(id)", accept: "application/json").json?["version"]?.string
        return try await duty.post("/\(id)", ["version": version ?? "", "way": way])
      }
      #expect(try await decide(date, "correct").status == 303)
      #expect(try file().birthDate?.text == "1961-03-14")
      let page = try await duty.get("/\(date)").text
      #expect(page.contains("Remettre le nôtre") && page.contains("13/03/1961") && !page.contains("Corriger ici <"))
      // Both sides say so: there is nothing to correct or to send.
      for way in ["correct", "again"] { #expect(try await decide(date, way).status == 422) }
      #expect(try await duty.post("/\(date)", ["version": Self.stay, "way": "keep"]).status == 422)
      #expect(try await decide(date, "keep").status == 303)
      #expect(try file().birthDate?.text == "1961-03-13" && file().identityStatus == .provisional)
      let back = try await duty.get("/\(date)", accept: "application/json").json
      #expect(back?["settled"] == .bool(true) && back?["way"]?.string == "keep")
      #expect(try await duty.get("/\(date)?warned=return-status").text.contains("reste provisoire"))
      #expect(try await decide(death, "correct").status == 303)
      #expect(try !file().isDead)
      #expect(try await duty.get("/\(death)").text.contains("/patients/\(Self.patient)/death?next=/\(death)"))
      #expect(try await decide(death, "keep").status == 422)
      #expect(try await decide(protection, "correct").status == 303)
      #expect(try file().protected)
      #expect(try await duty.post("/glass/\(Self.patient)?next=/return", ["reason": "retour"]).status == 303)
      #expect(try await duty.get("/\(protection)").text.contains("Garder le nôtre : présence non protégée"))
      #expect(try await decide(protection, "keep").status == 303)
      #expect(try !file().protected)
    }
  }

  /// What lifts a protection says so on what is pressed; a death and an INS have their forms.
  @Test func aProtectionIsLiftedBySomebodyWhoReadsIt() async throws {
    let site = try await night()
    let patient = "patient/\(Self.patient)"
    try await site.submit(ProtectPresence(patient: patient, protected: true))
    try await list(
      site, "IPP;Nom;Non-divulgation;Décès;Téléphone\n7100;Zweifel;non;21/08/2022 03:00;\n", reading: "recovery/1")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func found(_ field: String) async throws -> (id: String, version: String)? {
        let json = try await duty.get("/return", accept: "application/json").json
        let difference = json?["differences"]?.array?.first { $0["field"]?.string == field }
        guard let id = difference?["id"]?.string, let version = difference?["version"]?.string else { return nil }
        return (id, version)
      }
      #expect(try await found("phones") == nil)
      // The list says nothing of a file that is closed; who decides has said why they open it.
      #expect(try await duty.get("/return").text.contains("•••"))
      #expect(try await duty.post("/glass/\(Self.patient)?next=/return", ["reason": "retour"]).status == 303)
      let death = try #require(try await found("death"))
      let deathPage = try await duty.get("/return/\(death.id)").text
      #expect(deathPage.contains("vivant(e)") && deathPage.contains("21/08/2022") && deathPage.contains("03:00"))
      #expect(deathPage.contains("/patients/\(Self.patient)/death?next=/return/\(death.id)"))
      let answer = try await duty.post("/return/\(death.id)", ["version": death.version, "way": "correct"])
      #expect(answer.status == 303)
      #expect(try await duty.get("/return/\(death.id)").text.contains("pas encore corrigé"))
      #expect(try site.register.read { try $0.patient(patient)?.isDead } == false)
      let protection = try #require(try await found("protected"))
      let page = try await duty.get("/return/\(protection.id)").text
      #expect(page.contains("Garder le nôtre : ne pas divulguer la présence"))
      #expect(page.contains("Corriger ici : présence non protégée, la protection est levée"))
      let lifted = try await duty.post("/return/\(protection.id)", ["version": protection.version, "way": "correct"])
      #expect(lifted.status == 303)
      #expect(try site.register.read { try $0.patient(patient)?.protected } == false)
      #expect(try await duty.get("/return/\(protection.id)").text.contains("Corrigé ici · présence non protégée"))
    }
  }

  /// The main system's hour in the same commit, and the page says hours as people do.
  @Test func hoursOfAStay() async throws {
    let site = try await night()
    let stay = try #require(
      try site.register.read { reading in
        try reading.stays(ofPatient: "patient/\(Self.patient)").compactMap { try reading.stay($0) }.first
      })
    let number = try #require(stay.number)
    try await list(
      site, "NDA;IPP;Statut;UF;Entrée;Médecin\n\(number);7100;présent;4EST;2022-08-20 11:07;Martin\n",
      reading: "recovery/1")
    let differences = try comparison(site).differences.filter { $0.kind == .movement }
    #expect(differences.map(\.field) == [.admittedAt])
    #expect(try comparison(site).census.isEqual)
    let difference = try #require(differences.first)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let page = try await duty.get("/\(difference.id)").text
      #expect(page.contains("Un mouvement diffère · Entrée") && page.contains("20/08/2022") && page.contains("11:07"))
      let answer = try await duty.post("/\(difference.id)", ["version": difference.version, "way": "correct"])
      #expect(answer.status == 303)
    }
    #expect(try site.register.read { try $0.stay(stay.id) }?.admittedAt == Instant("2022-08-20T09:07:00.000Z"))
    #expect(try comparison(site).differences.filter { $0.kind == .movement }.isEmpty)
  }

  /// The same list again reopens nothing, another value does; so does the feed.
  @Test func aNewFactReopens() async throws {
    let site = try await night()
    func trait() throws -> Difference? { try comparison(site).differences.first { $0.kind == .trait } }
    let text = "IPP;Nom;Date de naissance\n7100;ZWEIFEL;14/03/1961\n"
    try await list(site, text, reading: "recovery/1")
    let duty = try await site.account("seconde", [.duty])
    let difference = try #require(try trait())
    _ = try await site.register.submit(
      Submission(DecideDifference(difference, .keep), key: site.clock.environment.newID(), author: duty))
    #expect(try trait()?.isSettled == true)
    try await list(site, text, reading: "recovery/2")
    #expect(try trait()?.isSettled == true)
    try await list(site, text.replacing("14", with: "15"), reading: "recovery/3")
    #expect(try trait()?.isSettled == false && trait()?.there?.text == "1961-03-15")
    site.clock.advance(seconds: 5)
    try await hear(site, [describe("1961-03-16")], control: "2")
    #expect(try trait()?.there?.text == "1961-03-16" && trait()?.here?.text == "1961-03-13")
  }

  /// Two files become one: what was decided of the first holds for as long as it is what that said.
  @Test func aMergeAsksNothingAgain() async throws {
    let site = try await night()
    func trait() throws -> Difference? { try comparison(site).differences.first { $0.kind == .trait } }
    try await list(site, "IPP;Nom;Date de naissance\n7100;ZWEIFEL;14/03/1961\n", reading: "recovery/1")
    let duty = try await site.account("seconde", [.duty])
    let difference = try #require(try trait())
    _ = try await site.register.submit(
      Submission(DecideDifference(difference, .keep), key: site.clock.environment.newID(), author: duty))
    let other = "patient/\(site.clock.environment.newID())"
    try await site.submit(
      Say(facts: [
        Fact(kind: "patient.registered", subject: other, at: site.clock.now, data: ["birthName": "ZWEIFEL"]),
        Fact(kind: "patient.merged", subject: difference.subject, at: site.clock.now, data: ["into": .string(other)]),
      ]))
    #expect(try trait()?.subject == other && trait()?.isSettled == true)
    try await site.submit(
      Say(facts: [
        Fact(kind: "patient.corrected", subject: other, at: site.clock.now, data: ["birthDate": "1961-03-17"])
      ]))
    #expect(try trait()?.isSettled == false)
  }

  /// Somebody lies there whom nobody knows here: whom the lists name is said, save where nobody is to be told. Nothing of
  /// it goes back, and nothing is offered that does.
  @Test(arguments: [("non", "IPP 7101 · LEROY ANNE 01/02/1980"), ("oui", "IPP 7101</p>")])
  func whomNobodyKnowsHere(protected: String, said: String) async throws {
    let site = try await night()
    try await list(
      site, "IPP;Nom;Prénom;Date de naissance;Non-divulgation\n7101;LEROY;ANNE;01/02/1980;\(protected)\n",
      reading: "recovery/1")
    try await list(site, "NDA;IPP;Statut;UF;Lit\n99;7101;présent;4EST;12\n", reading: "recovery/2")
    let differences = try comparison(site).differences
    let unknown = try #require(differences.first { $0.kind == .missingHere })
    let lost = try #require(differences.first { $0.kind == .missingThere })
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let page = try await duty.get("/\(unknown.id)").text
      #expect(page.contains(said) && page.contains("Médecine 4 Est, lit 12"))
      #expect(!page.contains("value=\"again\"") && page.contains("value=\"keep\""))
      #expect(try await duty.get("/\(lost.id)").text.contains("value=\"again\""))
    }
  }

  @Test func theCensusBedForBed() async throws {
    let site = try await night()
    let number = try #require(
      try site.register.read { reading in
        try reading.stays(ofPatient: "patient/\(Self.patient)").compactMap { try reading.stay($0)?.number }.first
      })
    #expect(try comparison(site).census.isUnknown)
    try await list(site, "NDA;IPP;Statut;UF\n\(number);7100;présent;4EST\n", reading: "recovery/1")
    #expect(try comparison(site).census.isEqual && comparison(site).census.same == 1)
    try await list(
      site, "NDA;IPP;Statut;UF\n\(number);7100;présent;CHIR\n99;7101;présent;4EST\n", reading: "recovery/2")
    let census = try comparison(site).census
    #expect(
      !census.isEqual && census.withoutBed == 0 && census.differing.map(\.number).sorted() == ["99", number].sorted())
    #expect(Set(try comparison(site).differences.map(\.kind)) == [.place, .missingHere])
    try await list(site, "NDA;IPP;Statut\n98;7102;sorti\n", reading: "recovery/3")
    #expect(try comparison(site).differences.map(\.kind) == [.missingThere])
    // In one unit, and one side does not say the bed: it is said of whom, here and before standby.
    try await list(site, "NDA;IPP;Statut;UF;Lit\n\(number);7100;présent;4EST;A\n", reading: "recovery/4")
    #expect(try !comparison(site).census.isEqual && comparison(site).census.withoutBed == 1)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/return").text.contains("<td>\(number)</td><td>4EST</td><td>4EST A</td>"))
      #expect(try await duty.get("/mode").text.contains("1 présents qui ne sont pas au même lit"))
    }
  }

  /// The list does not know a stay that was told by hand or by file: it is to be told again.
  @Test(arguments: [Reentry.Road.hand, .csv]) func whatWasEnteredAndLostIsOpenAgain(_ road: Reentry.Road) async throws {
    let site = try await night()
    func told() throws -> [CommitToHandBack] {
      try site.register.read { try $0.commitsToHandBack().filter { $0.kinds.contains("stay.admitted") } }
    }
    let admission = try #require(try told().first)
    let stay = try #require(admission.items.first)
    try await site.submit(NoteReentry([.init(item: stay, commits: [admission.place])], road: road))
    #expect(try told().map(\.isDone) == [true])
    try await list(site, "NDA;IPP;Statut\n98;7102;sorti\n", reading: "recovery/1")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let found = try await duty.get("/return", accept: "application/json").json?["differences"]?.array
      let difference = found?.first { $0["kind"]?.string == "missing-there" }
      let id = try #require(difference?["id"]?.string)
      let version = try #require(difference?["version"]?.string)
      #expect(try await duty.post("/return/\(id)", ["version": version, "way": "again"]).status == 303)
    }
    #expect(try told().map(\.isDone) == [false])
    #expect(try site.register.read { try $0.reentry(stay)?.entered } == [])
  }

  /// Made here without the number that the main system knows them by.
  @Test func onePersonTwoNumbers() async throws {
    let site = try await night()
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("OTTER", "JEAN", "99999")
    (traits.birthDate, traits.sex) = (PartialDate("1943-01-02"), .male)
    let made = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
    try await list(
      site, "IPP;Nom;Prénom;Date de naissance;Sexe\n7100;ZWEIFEL;LOUISE;13/03/1961;F\n8800;Otter;Jean;2/1/1943;M\n",
      reading: "recovery/1")
    let found = try comparison(site).differences.filter { $0.subject == made }
    #expect(found.map(\.kind) == [.twice] && found.first?.number == "8800")
  }
}
