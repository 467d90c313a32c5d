import Hospital
import Ledger
import Testing
import Web

/// Two files of one person: two people compare them, each with their own account.
@Suite struct MergePageTests {
  @Test func aSecondPersonShowsWhoTheyAre() async throws {
    let site = try await TestSite()
    _ = try await site.account("records", [.admission, .records])
    _ = try await site.account("petit", [.nurse])
    try await site.run { client in
      let browser = try await TestBrowser(client, "records")
      let one = try #require(try await browser.admitNew([:]).location).uuid
      let other = try #require(try await browser.admitNew(["birthGivenName": "Jeanne", "anyway": "yes"]).location).uuid
      let compared = try await browser.get("/patients/\(one)/merge?with=\(other)")
      #expect(compared.status == 200 && compared.text.contains("JEANNE"))
      // Account, PIN, and the field that says what is wrong.
      let rows = [
        ("", "", "second"), ("petit", "not-theirs", "secondPin"), ("nobody", TestSite.secret, "secondPin"),
        ("records", TestSite.secret, "second"),
      ]
      for (login, pin, field) in rows {
        let answer = try await browser.post("/patients/\(one)/merge", form(other, login, pin))
        #expect(answer.status == 422 && answer.text.contains("id=\"\(field)-error\""), "\(login)")
        #expect(!answer.text.contains(TestSite.secret), "a PIN comes back on no page")
      }
      let done = try await browser.post("/patients/\(one)/merge", form(other, "petit", TestSite.secret))
      #expect(done.location == "/patients/\(one)")
      #expect(try await browser.get("/patients/\(one)").text.contains("/patients/\(other)"))
      let page = try await browser.get("/patients/\(other)").text
      #expect(page.contains("doublon") && page.contains("RECORDS") && page.contains("PETIT"))
      #expect(try site.register.read { try $0.patient("patient/\(other)") }?.mergedInto == "patient/\(one)")
      #expect(try await browser.post("/patients/\(other)/unmerge", ["reason": "erreur"]).status == 303)
      #expect(try site.register.read { try $0.patient("patient/\(other)") }?.mergedInto == nil)
    }
  }

  @Test func aDeathSaidOfTheAbsorbedFileIsShownOnTheOther() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let one = try #require(try await browser.admitNew(["only": "identity"]).location).uuid
      let other = try #require(
        try await browser.admitNew(["birthGivenName": "Jeanne", "only": "identity", "anyway": "yes"]).location
      ).uuid
      let now = site.clock.environment.now()
      try await site.say(Fact(kind: "patient.died", subject: "patient/\(other)", at: now, data: [:]))
      let address = "/patients/\(one)"
      #expect(try await browser.get(address, accept: "application/json").json?["deceased"] == false)
      try await site.say(
        Fact(
          kind: "patient.merged", subject: "patient/\(other)", at: now, data: ["into": .string("patient/\(one)")]))
      #expect(try await browser.get(address, accept: "application/json").json?["deceased"] == true)
      let page = try await browser.get(address).text
      #expect(page.contains("DÉCÉDÉ") && page.contains("03:00"))
      #expect(!page.contains("\(address)/death") && !page.contains("/admissions/stay?patient=\(one)"))
      #expect(try await browser.get("/admissions?q=12031961").text.contains("DÉCÉDÉ"))
      try await site.say(Fact(kind: "patient.unmerged", subject: "patient/\(other)", at: now, data: [:]))
      #expect(try await browser.get(address, accept: "application/json").json?["deceased"] == false)
    }
  }

  private func form(_ other: String, _ login: String, _ pin: String) -> KeyValuePairs<String, String> {
    [
      "with": other, "keeps": "this", "checkedTraits": "birthDate", "checkedTraits": "photograph", "reason": "doublon",
      "second": login, "secondPin": pin,
    ]
  }
}
