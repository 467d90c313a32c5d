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

  private static func other(
    _ name: String, heard: Int? = -5, isConnected: Bool = true, behind: Int = 0, since: Int? = nil, clock: Int64? = nil
  ) -> OtherStation {
    let now = TestClock().now
    return OtherStation(
      name: "\(name)-3fa9c2d1", isConnected: isConnected, lastHeard: heard.map { now.adding(seconds: $0) },
      behind: behind, ahead: 0, lacksSince: since.map { now.adding(seconds: $0) },
      holdsAllSaidHere: behind == 0 && heard != nil,
      version: heard.map { _ in "1.7" }, clockDifference: clock)
  }

  /// One never heard, one cut off, one that lacks what was said this instant, one that answers and takes nothing.
  @Test func howFreshEachStationIs() async throws {
    let site = try await TestSite(others: [
      Self.other("adm-5", heard: nil, isConnected: false),
      Self.other("bloc-2", heard: -420, isConnected: false, behind: 1200, since: -400),
      Self.other("lits-3", clock: -75_400), Self.other("sas-6", behind: 2, since: -1),
      Self.other("urg-4", behind: 3, since: -120),
    ])
    func ago(_ time: String, _ words: String) -> String {
      "<time datetime=\"2022-08-21T\(time)Z\" data-ago>\(words)</time>"
    }
    let french =
      "autres postes : 2 à jour, 1 en retard (urg-4, \(ago("00:58:00.000", "il y a 2 min"))), "
      + "2 muets (adm-5, jamais entendu · bloc-2, \(ago("00:53:00.000", "il y a 7 min")))"
    try await site.run { client in
      #expect(try await TestBrowser(client).get("/sign-in").text.contains("<span><b>\(french)</b></span>"))
      var browser = try await TestBrowser(client, "admin", site.admin.secret)
      let page = try await browser.get("/").text
      #expect(page.contains("<a href=\"/#stations\"><b>\(french)</b></a>"))
      #expect(page.contains("la dernière, tenue par 1 sur 5 des autres postes"))
      #expect(page.contains("<th scope=\"row\">bloc-2</th><td><span class=\"tag\" data-means=\"alert\">! muet</span>"))
      #expect(page.contains("<td>1\u{202F}200 <span class=\"quiet\">depuis "))
      #expect(page.contains("<td>−75 s</td>"))
      let stations = try await browser.get("/", accept: "application/json").json?["stations"]?.array
      #expect(
        stations?.map { $0["standing"]?.string } == ["silent", "silent", "up-to-date", "up-to-date", "late"])
      browser.language = "en"
      #expect(try await browser.get("/").text.contains("other stations: 2 up to date, 1 behind (urg-4, "))
    }
  }

  @Test(arguments: [
    (29, false, "up-to-date"), (31, false, "silent"), (89, true, "up-to-date"), (91, true, "silent"),
    // By a clock that ran ahead then.
    (-200, false, "up-to-date"), (-600, false, "silent"), (-600, true, "silent"),
  ])
  func oneThatWasCutIsSilentSooner(_ seconds: Int, _ isConnected: Bool, _ standing: String) async throws {
    let site = try await TestSite(others: [Self.other("bloc-2", heard: -seconds, isConnected: isConnected)])
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let json = try await browser.get("/", accept: "application/json").json
      #expect(json?["stations"]?.array?.first?["standing"]?.string == standing)
      let page = try await browser.get("/").text
      #expect(page.contains("autre poste : 1 "))
      #expect(page.contains("autre poste : 1 muet (bloc-2)") == (seconds < -300))
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
