import Hospital
import Ledger
import Register
import Testing
import Web

/// One person proposes, another confirms; and the list of whom INSi is to be asked.
@Suite struct LinkPageTests {
  private func night() async throws -> (site: TestSite, patients: [String]) {
    let site = try await TestSite()
    for login in ["garde", "seconde"] { _ = try await site.account(login, [.duty]) }
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var patients: [String] = []
    for _ in 0..<2 {
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("ZWEIFEL", "LOUISE", "99999")
      (traits.birthDate, traits.sex) = (PartialDate("1961-03-12"), .female)
      patients.append(
        try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient")).afterSlash)
    }
    return (site, patients)
  }

  @Test func whomToAskINSiAbout() async throws {
    let (site, patients) = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func asked() async throws -> [String?] {
        let json = try await duty.get("/identities/to-confirm", accept: "application/json").json
        return json?["toQuery"]?.array?.map { $0["patient"]?.string } ?? []
      }
      #expect(try await asked() == patients)
      let csv = try await duty.get("/identities/to-query.csv").text
      #expect(csv.contains("\"ZWEIFEL\";\"LOUISE\";\"12/03/1961\";\"F\";\"99999\";\"PROV\";\"lieu de naissance\""))
      let fact = Fact(
        kind: "patient.status-changed", subject: "patient/\(patients[0])", at: site.clock.now,
        data: ["status": "RECUP", "ins": ["matricule": "296032116623634", "oid": "1.2.250.1.213.1.4.8"]])
      try await site.submit(Say(facts: [fact]))
      #expect(try await asked() == [patients[1]])
    }
  }

  private struct Say: Command {
    let facts: [Fact]
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
  }
}

extension TestSite {
  @discardableResult
  fileprivate func submit(_ command: any Command) async throws -> Receipt {
    try await register.submit(Submission(command, key: clock.environment.newID(), author: "system"))
  }
}
