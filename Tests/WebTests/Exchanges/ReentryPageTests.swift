import Feeds
import Foundation
import Hospital
import Hummingbird
import HummingbirdTesting
import Ledger
import Register
import Testing
import Web

/// The screens from which people type into the main system, and the file that is carried there.
@Suite struct ReentryPageTests {
  private func night(_ people: Int = 1) async throws -> TestSite {
    let site = try await TestSite()
    for login in ["un", "deux"] { _ = try await site.account(login, [.admission]) }
    _ = try await site.account("garde", [.duty])
    _ = try await site.account("petit", [.nurse])
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    for number in 0..<people {
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = (
        "ZWEIFEL\("ABC".dropFirst(number).prefix(1))", "ZOÉ", "99999"
      )
      (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
      let patient = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
      try await site.submit(Admit(patient: patient, stayClass: .inpatient, unit: "4EST", entryMode: "8"))
    }
    return site
  }

  private func next(_ browser: TestBrowser) async throws -> String? {
    try await browser.post("/handback/reentry/next", [:], accept: "application/json").json?["id"]?.string
  }

  @Test func twoAgentsAreGivenTwoStays() async throws {
    let site = try await night(2)
    try await site.run { client in
      let (one, two) = (try await TestBrowser(client, "un"), try await TestBrowser(client, "deux"))
      let first = try #require(try await next(one))
      let second = try #require(try await next(two))
      #expect(first != second)
      // A reload, and asking again, give one's own.
      #expect(try await next(one) == first)
      let page = try await one.get("/handback/reentry/\(first)").text
      #expect(page.contains("ZWEIFEL") && page.contains("value=\"12/03/1961\"") && page.contains("readonly"))
      #expect(page.contains("<svg") && page.contains("value=\"enter\""))
      #expect(!(try await two.get("/handback/reentry/\(first)").text.contains("value=\"enter\"")))
      #expect(try await two.post("/handback/reentry/\(first)", ["way": "enter"]).status == 422)
      let list = try await one.get("/handback/reentry").text
      #expect(list.contains("Sur l’écran de DEUX") && !list.contains("ZWEIFEL"))
      #expect(try await TestBrowser(client, "petit").get("/handback/reentry").status == 403)
    }
  }

  @Test func enteredParkedAndReopened() async throws {
    let site = try await night(2)
    try await site.run { client in
      let agent = try await TestBrowser(client, "un")
      let first = try #require(try await next(agent))
      #expect(try await agent.post("/handback/reentry/\(first)", ["way": "enter", "number": "26001"]).status == 303)
      let second = try #require(try await next(agent))
      #expect(try await agent.post("/handback/reentry/\(second)", ["way": "park", "reason": ""]).status == 422)
      #expect(
        try await agent.post("/handback/reentry/\(second)", ["way": "park", "reason": "<b>UF"]).status == 303)
      #expect(try await next(agent) == nil)
      let list = try await agent.get("/handback/reentry")
      #expect(list.text.contains("&lt;b&gt;UF") && list.text.contains("26001"))
      let counts = try await agent.get("/handback/reentry", accept: "application/json").json
      #expect(counts?["toEnter"] == .integer(1) && counts?["parked"] == .integer(1))
      #expect(counts?["entered"] == .integer(1) && counts?["unconfirmed"] == .integer(1))
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/handback", accept: "application/json").json?["pending"] == .integer(2))
      let account = try await duty.get("/handback/account").text
      #expect(account.contains("total hand 2\n") && account.contains("total unconfirmed 2\n"))
      #expect(try await agent.post("/handback/reentry/\(first)", ["way": "reopen"]).status == 303)
      #expect(try await next(agent) == first)
    }
  }

  @Test func whatWasSaidMeanwhileIsNotTicked() async throws {
    let site = try await night()
    try await site.run { client in
      let agent = try await TestBrowser(client, "un")
      let item = try #require(try await next(agent))
      func seen() async throws -> String {
        let page = try await agent.get("/handback/reentry/\(item)").text
        return String(try #require(page.firstMatch(of: #/name="seen" value="([0-9a-f-]+)"/#)).output.1)
      }
      let before = try await seen()
      try await site.submit(Discharge(stay: "stay/\(item)", exitMode: "8"))
      let refused = try await agent.post("/handback/reentry/\(item)", ["way": "enter", "seen": before, "number": "26"])
      #expect(refused.status == 422 && refused.text.contains("value=\"26\""))
      #expect(try await seen() != before)
      #expect(
        try await agent.post("/handback/reentry/\(item)", ["way": "enter", "seen": try await seen()]).status == 303)
      let counts = try await agent.get("/handback/reentry", accept: "application/json").json
      #expect(counts?["toEnter"] == .integer(0))
    }
  }

  @Test func theFile() async throws {
    let site = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await TestBrowser(client, "un").get("/handback.csv").status == 403)
      let looked = try await duty.get("/handback.csv?mark=no")
      #expect(looked.text.hasPrefix("\"line\",\"ipp\"") && looked.text.contains("ZWEIFEL"))
      #expect(try await duty.get("/handback", accept: "application/json").json?["pending"] == .integer(2))
      #expect(try await duty.post("/handback/csv", ["mark": "no"]).text == looked.text)
      #expect(try await duty.get("/handback", accept: "application/json").json?["pending"] == .integer(0))
      #expect(try await duty.post("/handback/csv", ["mark": "no"]).text == looked.text)
      #expect(try await duty.post("/handback/csv", ["separator": ";"]).text.hasPrefix("\u{FEFF}\"line\";"))
      #expect(try await duty.post("/handback/csv/reopen", [:]).status == 303)
      #expect(try await duty.get("/handback", accept: "application/json").json?["pending"] == .integer(2))
    }
  }

  @Test func anExerciseKeepsNothing() async throws {
    let site = try await TestSite()
    _ = try await site.account("garde", [.duty])
    try await site.run { client in
      let page = try await TestBrowser(client, "garde").get("/handback/exercise").text
      #expect(page.contains("value=\"EXERCICE\"") && !page.contains("method=\"post\" action=\"/handback"))
      #expect(try site.register.read { try $0.reentries() }.isEmpty)
    }
  }
}

extension TestSite {
  @discardableResult
  fileprivate func submit(_ command: any Command) async throws -> Receipt {
    try await register.submit(Submission(command, key: clock.environment.newID(), author: "system"))
  }
}
