import Hospital
import Ledger
import Register
import Testing
import Web

/// Two identities with one number, as two feeds may say it.
@Suite struct ConflictPageTests {
  private struct Say: Command {
    let facts: [Fact]
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
  }

  private static let ids = ["0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e", "1c0a5d2f-8b66-4c7d-9e3f-4a2b3c4d5e6f"]

  private func site(protected: Bool) async throws -> TestSite {
    let site = try await TestSite()
    _ = try await site.account("petit", [.admission])
    let facts = Self.ids.enumerated().map { index, id in
      Fact(
        kind: "patient.described", subject: "patient/\(id)", at: site.clock.now,
        data: [
          "birthName": index == 0 ? "MARTIN" : "DURAND", "protected": .bool(protected && index == 1),
          "identifiers": [["value": "000059284275", "authority": "1.2.250.1.999.1", "type": "PI"]],
        ])
    }
    _ = try await site.register.submit(
      Submission(Say(facts: facts), key: site.clock.environment.newID(), author: "system"))
    return site
  }

  @Test func bothSidesAreShown() async throws {
    let site = try await site(protected: false)
    try await site.run { client in
      let clerk = try await TestBrowser(client, "petit")
      site.clock.advance(seconds: 2)
      let page = try await clerk.get("/conflicts").text
      #expect(page.contains("MARTIN") && page.contains("DURAND") && page.contains("000059284275"))
      for id in Self.ids { #expect(page.contains("href=\"/patients/\(id)\"")) }
      #expect(page.contains("<a href=\"/conflicts\">1 conflit</a>"), "the banner counts it")
      let json = try await clerk.get("/conflicts", accept: "application/json").json?["conflicts"]?.array
      #expect(json?.count == 1 && json?.first?["kind"]?.string == "identifier")
    }
  }

  @Test func twoUnknownPatientsOfOneName() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.admission])
    let facts = Self.ids.map { id in
      Fact(
        kind: "patient.registered", subject: "patient/\(id)", at: site.clock.now,
        data: ["unknown": ["label": "LITS-2-001"]])
    }
    _ = try await site.register.submit(
      Submission(Say(facts: facts), key: site.clock.environment.newID(), author: "system"))
    try await site.run { client in
      let clerk = try await TestBrowser(client, "petit")
      let page = try await clerk.get("/conflicts").text
      #expect(page.contains("Un même nom pour deux inconnus") && page.contains("INCONNU LITS-2-001"))
      let json = try await clerk.get("/conflicts", accept: "application/json").json?["conflicts"]?.array
      #expect(json?.map { $0["kind"]?.string } == ["label"] && json?.first?["key"]?.string == "LITS-2-001")
    }
  }

  @Test func aRestrictedNameStandsOnNoList() async throws {
    let site = try await site(protected: true)
    try await site.run { client in
      let page = try await TestBrowser(client, "petit").get("/conflicts").text
      #expect(page.contains("MARTIN") && !page.contains("DURAND") && page.contains("Dossier réservé"))
    }
  }
}
