import Hospital
import Ledger
import Register
import Testing
import Web

@Suite struct HomePageTests {
  @Test func figuresLeadToTheirLists() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let page = try await browser.get("/")
      #expect(page.text.contains("lits occupés sur 3") && page.text.contains("<svg class=\"chart\""))
      #expect(page.text.contains("href=\"/beds?filter=free\" data-means=\"fine\"><b>3</b>"))
      #expect(page.text.components(separatedBy: "<tr><th scope=\"row\">").count == 8, "seven days beneath the line")
      #expect(page.text.contains("poste seul") && page.text.contains("sans coffre"))
      #expect(page.text.contains("<b>FICTIF</b>") && page.text.contains("<b>adm-1</b>"))
      let json = try await browser.get("/", accept: "application/json").json
      #expect(json?["happening"]?["free"]?.integer == 3 && json?["happening"]?["occupied"]?.integer == 0)
      #expect(json?["occupancy"]?.array?.last?["at"]?.string == "2022-08-21T03:00:00+02:00")
    }
  }

  /// It is 03:00 at the station: yesterday evening's late one is still awaited, tomorrow evening's not yet.
  @Test func thoseExpectedAreAsManyInTheFigureAsInTheList() async throws {
    let site = try await TestSite()
    let now = site.clock.environment.now()
    for hours in [-13, -7, 25] + Array(repeating: 5, count: 22) {
      try await site.expect(now.adding(seconds: hours * 3600))
    }
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let home = try await browser.get("/", accept: "application/json").json
      #expect(home?["happening"]?["expected"]?.integer == 23)
      #expect(try await browser.get("/").text.contains("href=\"/admissions#expected\"><b>23</b>"))
      let first = try await browser.get("/admissions").text
      #expect(first.components(separatedBy: "attendu ").count == 21 && first.contains("<small>23, attendus"))
      #expect(
        first.contains("href=\"/admissions?page=2#expected\">Voir les 3 suivants") && !first.contains("précédents"))
      for address in ["/admissions?page=2", "/admissions?page=9223372036854775807"] {
        let last = try await browser.get(address).text
        #expect(last.components(separatedBy: "attendu ").count == 4 && !last.contains("suivants"), "\(address)")
        #expect(last.contains("href=\"/admissions?page=1#expected\">Voir les précédents"), "\(address)")
      }
      let json = try await browser.get("/admissions?page=2", accept: "application/json").json
      #expect(json?["expected"]?.array?.count == 3 && json?["expectedTotal"]?.integer == 23)
    }
  }

  /// A hospital that has not answered, and somebody who was to be back an hour ago.
  @Test func transfersThatNeedAPerson() async throws {
    let site = try await TestSite()
    let stays = ["stay/\(try await site.admit("MARTIN", "1"))", "stay/\(try await site.admit("PETIT", "2"))"]
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let waiting = try await browser.get("/", accept: "application/json").json?["waiting"]
      #expect(waiting != nil && waiting?["transfers"] == nil && waiting?["returns"] == nil)
      try await site.askTransfer(stays[0], [.ct])
      let partner = Partner.subject(finess: "910000901")
      let asked = try await site.submit(AskTransfer(stay: stays[1], partners: [partner], kind: .roundTrip))
      let transfer = try #require(asked.subject("transfer"))
      let until = site.clock.now.adding(seconds: -3600)
      try await site.say(
        Fact(kind: "transfer.accepted", subject: transfer, at: site.clock.now, data: [:]),
        Fact(kind: "transfer.left", subject: transfer, at: site.clock.now, data: ["until": .string(until.text)]))
      let json = try await browser.get("/", accept: "application/json").json?["waiting"]
      #expect(json?["transfers"]?.integer == 1 && json?["returns"]?.integer == 1)
      let page = try await browser.get("/").text
      #expect(page.contains("href=\"/transfers\" data-means=\"waiting\"><b>1</b>transferts sans réponse"))
      #expect(page.contains("href=\"/transfers\" data-means=\"alert\"><b>1</b>retours en retard"))
      // One is back, by a movement; the other has gone home.
      site.clock.advance(seconds: 60)
      try await site.submit(Transfer(stay: stays[1], bed: "bed/\(site.bed("3"))"))
      try await site.submit(Discharge(stay: stays[0], exitMode: "8"))
      let after = try await browser.get("/", accept: "application/json").json?["waiting"]
      #expect(after != nil && after?["transfers"] == nil && after?["returns"] == nil)
    }
  }

  @Test func theBannerSaysWhoIsInCharge() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.admission])
    try await site.run { client in
      let clerk = try await TestBrowser(client, "petit")
      #expect(try await clerk.get("/").text.contains("data-mode=\"veille\""))
      // Two presses: the banner's link, and its one button.
      let press = try await clerk.get("/mode/local")
      let command = try #require(press.hidden("command"))
      #expect(try await clerk.post("/mode/local", ["command": command]).status == 303)
      let page = try await clerk.get("/")
      #expect(page.text.contains("data-mode=\"degrade\"") && page.text.contains("MODE DÉGRADÉ LOCAL"))
      #expect(page.text.contains("par PETIT"))
      #expect(
        try await clerk.post("/mode", ["mode": "degrade", "reason": "x"]).status == 422, "the hospital's is not hers")
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      site.clock.advance(seconds: 60)
      let declared = try await admin.post("/mode", ["mode": "degrade", "reason": "GAM perdue"])
      #expect(declared.status == 303)
      let mode = try await clerk.get("/mode", accept: "application/json").json
      #expect(mode?["scope"]?.string == "hospital" && mode?["reason"]?.string == "GAM perdue")
      let history = try await clerk.get("/mode").text
      #expect(history.contains("GAM perdue") && history.contains("ce poste") && history.contains("hôpital"))
    }
  }
}
