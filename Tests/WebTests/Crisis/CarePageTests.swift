import Hospital
import Ledger
import Register
import Testing
import Web

/// What the hospital can give, ticked by the crisis room and seen by everybody.
@Suite struct CarePageTests {
  @Test func severalLinesInOneCommit() async throws {
    let site = try await TestSite()
    for (login, role) in [("garde", Role.duty), ("agent", .admission)] { _ = try await site.account(login, [role]) }
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let empty = try await duty.get("/care").text
      #expect(empty.contains("Tout est ouvert") && empty.contains("value=\"intensive-care\""))
      let closed: KeyValuePairs = [
        "line": "ct", "line": "mri", "state": "closed", "reason": "system", "reviewAt": "dans 4 h", "note": "PACS",
      ]
      let before = try site.register.read { try $0.digest().commits }
      #expect(try await duty.post("/care", closed).status == 303)
      #expect(try site.register.read { try $0.digest().commits } == before + 1)
      let page = try await duty.get("/care").text
      #expect(page.contains("Scanner (fermé)") && page.contains("panne informatique") && page.contains("PACS"))
      let json = try await duty.get("/care", accept: "application/json").json
      #expect(json?["lines"]?.array?.map { $0["line"]?.string } == ["ct", "mri"])
      #expect(json?["lines"]?.array?.first?["overdue"]?.bool == false)
      // A link ticks the line beforehand; hours later its review is overdue.
      #expect(try await duty.get("/care?line=mri").text.contains("value=\"mri\" checked"))
      site.clock.advance(seconds: 4 * 3600)
      let later = try await TestBrowser(client, "garde")
      #expect(try await later.get("/care").text.contains("revue dépassée"))
      // Everybody sees it, and whoever may not declare has no form.
      let agent = try await TestBrowser(client, "agent")
      let seen = try await agent.get("/care").text
      #expect(seen.contains("Scanner") && !seen.contains("<form method=\"post\" action=\"/care\""))
      #expect(try await agent.post("/care", ["line": "ct", "state": "open"]).status == 422)
      #expect(try await later.post("/care", ["line": "ct", "line": "mri", "state": "open"]).status == 303)
      #expect(try await later.get("/care").text.contains("Tout est ouvert"))
    }
  }

  @Test(
    arguments: [
      (["state": "closed"], "Cochez au moins un soin"), (["line": "ct"], "Choisissez"),
      (["line": "ct", "state": "closed", "reviewAt": "dans 4 h"], "Dites pourquoi"),
      (["line": "ct", "state": "closed", "reason": "staff"], "Dites quand"),
      (["line": "ct", "state": "closed", "reason": "staff", "reviewAt": "hier 10:00"], "encore à venir"),
      (["line": "nothing", "state": "open"], "Cochez au moins un soin"),
    ] as [(KeyValuePairs<String, String>, String)])
  func refusalsAreBesideTheirField(fields: KeyValuePairs<String, String>, sentence: String) async throws {
    let site = try await TestSite()
    _ = try await site.account("garde", [.duty])
    try await site.run { client in
      let answer = try await TestBrowser(client, "garde").post("/care", fields)
      #expect(answer.status == 422)
      #expect(answer.text.contains(sentence) || sentence == "encore à venir" && answer.text.contains("est à venir"))
      if fields.contains(where: { $0.key == "line" && $0.value == "ct" }) {
        #expect(answer.text.contains("value=\"ct\" checked"))
      }
    }
  }

  @Test func whatTwoStationsSaidDifferentlyIsToBeSettled() async throws {
    let site = try await TestSite()
    _ = try await site.account("garde", [.duty])
    let subject = CareKey.ct.subject(finess: "910000000")
    for (state, after) in [("closed", "a"), ("open", "b")] {
      // Neither names the other's.
      let fact = Fact(
        kind: "care.declared", subject: subject, at: site.clock.now,
        data: ["line": "ct", "state": .string(state), "reason": "staff", "after": [.string(after)]])
      _ = try await site.register.submit(
        Submission(CareSaid(fact: fact), key: site.clock.environment.newID(), author: "system"))
    }
    site.clock.advance(seconds: 2)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/care").text.contains("dit autrement par deux postes"))
      let conflicts = try await duty.get("/conflicts")
      #expect(conflicts.text.contains("Soins possibles : Scanner") && !conflicts.text.contains("Rien à trancher"))
      #expect(
        try await duty.get("/conflicts", accept: "application/json").json?["care"]?.array?.map(\.string) == ["ct"])
      #expect(try await duty.post("/care", ["line": "ct", "state": "open"]).status == 303)
      #expect(try await duty.get("/conflicts", accept: "application/json").json?["care"]?.array?.isEmpty == true)
    }
  }
}

private struct CareSaid: Command {
  let fact: Fact
  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: [fact]) }
}
