import Hospital
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

  private func form(_ other: String, _ login: String, _ pin: String) -> KeyValuePairs<String, String> {
    [
      "with": other, "keeps": "this", "checkedTraits": "birthDate", "checkedTraits": "photograph", "reason": "doublon",
      "second": login, "secondPin": pin,
    ]
  }
}
