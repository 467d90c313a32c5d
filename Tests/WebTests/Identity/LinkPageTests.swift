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

  @Test func twoPeople() async throws {
    let (site, patients) = try await night()
    let address = "/patients/\(patients[0])/link"
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("\(address)?with=\(patients[1])").text.contains("ZWEIFEL"))
      #expect(try await duty.post(address, ["with": patients[1], "checked": "birthName"]).status == 422)
      let fields: KeyValuePairs = ["with": patients[1], "checked": "birthName", "checked": "birthDate"]
      #expect(try await duty.post(address, fields).status == 303)
      let id = try #require(
        try await duty.get("/links", accept: "application/json").json?["links"]?.array?.first?["id"]?.string)
      #expect(try await duty.get("/links").text.contains("date de naissance"))
      #expect(try await duty.get("/links/\(id)").text.contains("sous son propre compte"))
      #expect(try await duty.post("/links/\(id)", ["way": "confirm"]).status == 422)
      #expect(try site.register.read { try $0.patient("patient/\(patients[0])")?.mergedInto } == nil)
      let second = try await TestBrowser(client, "seconde")
      #expect(try await second.post("/links/\(id)", ["way": "confirm"]).status == 303)
      let into = try site.register.read { try $0.patient("patient/\(patients[0])")?.mergedInto }
      #expect(into == "patient/\(patients[1])")
      #expect(try await second.get("/links", accept: "application/json").json?["links"]?.array?.isEmpty == true)
      #expect(try await second.post("/links/\(id)", ["way": "confirm"]).status == 422)
    }
  }

  /// Proposed in both directions: once one of them is confirmed, nothing is left of the other.
  @Test func bothDirections() async throws {
    let (site, patients) = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      for (one, other) in [(0, 1), (1, 0)] {
        let fields: KeyValuePairs = ["with": patients[other], "checked": "birthName", "checked": "birthDate"]
        #expect(try await duty.post("/patients/\(patients[one])/link", fields).status == 303)
      }
      func waiting() async throws -> [JSON] {
        try await duty.get("/links", accept: "application/json").json?["links"]?.array ?? []
      }
      let open = try await waiting()
      #expect(open.count == 2)
      let second = try await TestBrowser(client, "seconde")
      let id = try #require(open.last?["id"]?.string)
      #expect(try await second.post("/links/\(id)", ["way": "confirm"]).status == 303)
      #expect(try await waiting().isEmpty)
    }
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
