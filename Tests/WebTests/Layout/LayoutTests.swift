import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

@Suite struct LayoutTests {
  /// Every kind of answer: pages, redirects, refusals, things that are not there, assets, streams of programs.
  @Test func everyAnswerForbidsWhatItMust() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let addresses = [
        "/", "/mode", "/staff", "/staff/new", "/audit", "/account", "/welcome", "/sign-in", "/nowhere",
        "/language?set=en",
        "/assets/0/look.css", "/assets/0/nothing.css", "/staff/%ff",
      ]
      for address in addresses {
        let answer = try await browser.get(address)
        let policy = answer.headers[.contentSecurityPolicy] ?? ""
        #expect(policy.contains("default-src 'none'"), "\(address)")
        #expect(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "\(address)")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(address)")
      }
    }
  }

  @Test func noPageHasScriptOrStyleInside() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      for address in ["/", "/mode", "/staff", "/staff/new", "/audit", "/account", "/welcome", "/sign-in", "/nowhere"] {
        let page = try await browser.get(address).text
        #expect(!page.contains("style=") && !page.contains("<style"), "\(address)")
        #expect(!page.contains("<script>") && !page.contains("onclick"), "\(address)")
        #expect(page.contains("Hôpital de &lt;Valmont&gt;"), "\(address): the banner says where one is, escaped")
        #expect(page.contains("href=\"#main\"") && page.contains("<main id=\"main\""), "\(address)")
      }
    }
  }

  /// A clock that once ran ahead dates no copy and no proof of today; by one that may be behind, no copy is said to lack.
  @Test func theBannerTellsTheNewestCopy() async throws {
    let site = try await TestSite()
    let night = site.clock.now
    @Sendable func keep(_ path: String, hours: Int) throws {
      try site.register.addVaultTarget("/media/coffre")
      try site.register.keep(
        SealedObject(
          target: "/media/coffre", path: path, version: nil, kind: .snapshot, at: night.adding(seconds: hours * 3600),
          bytes: 1, lockedUntil: nil))
    }
    site.clock.advance(seconds: 600 * 3600)
    try await site.submit(NoteProof(path: "snapshots/a", sealedAt: night, counts: [:]))
    site.clock.advance(seconds: -600 * 3600)
    try keep("snapshots/ahead", hours: 600)
    try await site.run { client in
      let browser = TestBrowser(client)
      func banner() async throws -> String {
        site.clock.advance(seconds: 2)
        return try await browser.get("/sign-in").text
      }
      let doubtful = try await banner()
      #expect(doubtful.contains("horloge à vérifier") && !doubtful.contains("copie de"))
      try keep("snapshots/a", hours: -1)
      #expect(try await banner().contains("copie de 02:00<"))
      try await site.submit(NoteProof(path: "snapshots/a", sealedAt: night, counts: ["patients": 3]))
      #expect(try await banner().contains("copie de 03:00, 3 identités, 0 lits, restaurée et recomptée"))
      // Lines are sealed between two proofs.
      try keep("segments/a", hours: 0)
      #expect(try await banner().contains("restaurée et recomptée</span><span>dernier scellement : 03:00<"))
    }
  }

  /// A vault that was taken away: said once it has lasted, until something is sealed there again.
  @Test func theBannerSaysThatNothingCanBeSealed() async throws {
    let site = try await TestSite()
    let night = site.clock.now
    @Sendable func fail(_ reason: String, _ kind: SealingFailure.Kind = .lines, in target: String = "/coffre") throws {
      try site.register.noteSealingFailed(
        SealingFailure(target: target, kind: kind, since: site.clock.now, reason: reason))
    }
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let said = "<b>coffre : scellement en échec depuis 03:00</b>"
      func banner(after seconds: Int) async throws -> String {
        site.clock.advance(seconds: seconds)
        return try await browser.get("/").text
      }
      // One that this station does not seal to by itself.
      try fail("no folder", in: "/elsewhere")
      try site.register.addVaultTarget("/coffre")
      try fail("no folder")
      #expect(try await !banner(after: 60).contains("en échec"))
      try fail("not mounted")
      #expect(try await banner(after: SealingFailure.toldAfterSeconds).contains(said))
      let page = try await browser.get("/vault").text
      #expect(page.contains("<li>/coffre : rien n’y est scellé depuis 03:00. not mounted.</li>"))
      let json = try await browser.get("/vault", accept: "application/json").json?["unsealed"]?.array
      #expect(json?.count == 1 && json?[0]["target"]?.string == "/coffre" && json?[0]["since"]?.string == night.text)
      #expect(json?[0]["kind"]?.string == "lines" && json?[0]["reason"]?.string == "not mounted")
      // Lines go there again, and end what is said of them alone.
      try fail("too large", .snapshot)
      try site.register.noteSealed(to: "/coffre", [.lines])
      #expect(try await !banner(after: 2).contains("en échec"))
      #expect(try await banner(after: 120).contains("scellement en échec depuis 03:03"))
      #expect(try await browser.get("/vault").text.contains("aucune copie entière depuis 03:03. too large."))
      try site.register.noteSealed(to: "/coffre", [.lines, .snapshot])
      #expect(try await !banner(after: 2).contains("en échec"))
      // All is sealed there, and what lies there will be anybody's to erase.
      try fail("AccessDenied", .locks)
      let unrenewed = try await banner(after: 120)
      #expect(
        unrenewed.contains("<b>coffre : verrous non prolongés depuis 03:05</b>") && !unrenewed.contains("en échec"))
      #expect(try await browser.get("/vault").text.contains("leurs verrous ne sont plus prolongés"))
      try site.register.noteSealed(to: "/coffre", [.locks])
      #expect(try await !banner(after: 2).contains("prolongés"))
    }
  }

  /// The machine's clock lost its battery: what this station wrote is dated later than now.
  @Test func theBannerSaysThatTheClockIsBehind() async throws {
    let site = try await TestSite()
    try await site.submit(NoteProof(path: "snapshots/a", sealedAt: site.clock.now, counts: [:]))
    try await site.run { client in
      let browser = TestBrowser(client)
      func banner(after seconds: Int) async throws -> String {
        site.clock.advance(seconds: seconds)
        return try await browser.get("/sign-in").text
      }
      #expect(try await !banner(after: 2).contains("horloge à vérifier"))
      let page = try await banner(after: -600)
      #expect(page.contains("<b>horloge à vérifier") && !page.contains("sans coffre"))
      #expect(try await !banner(after: 600).contains("horloge à vérifier"))
    }
  }

  @Test func theLanguageIsTheReadersChoice() async throws {
    let site = try await TestSite()
    try await site.run { client in
      var browser = TestBrowser(client)
      #expect(try await browser.get("/sign-in").text.contains("<html lang=\"fr\""))
      let chosen = try await browser.get("/language?set=en&next=/mode")
      #expect(chosen.status == 303 && chosen.location == "/mode")
      #expect(chosen.headers[.setCookie]?.hasPrefix("language=en;") == true)
      browser.language = "en"
      let page = try await browser.get("/sign-in").text
      #expect(page.contains("<html lang=\"en\"") && page.contains("Who are you?"))
    }
  }

  @Test func problemsAreSaidWithoutAPatientsData() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let page = try await browser.get("/patients/MARTIN-Louise")
      #expect(page.status == 404 && page.text.contains("n’existe pas"))
      let problem = try await browser.get("/patients/MARTIN-Louise", accept: "application/json")
      #expect(problem.status == 404 && problem.headers[.contentType] == "application/problem+json")
      #expect(problem.json?["status"]?.integer == 404 && !problem.text.contains("MARTIN"))
      let long = String(repeating: "a", count: 300_000)
      #expect(try await browser.post("/mode", ["reason": long]).status == 413)
      #expect(try await browser.post("/mode", json: "{\"a\":1,\"a\":2}").status == 400)
    }
  }

  @Test func anAddressSaysWhatItKnows() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = try await TestBrowser(client, "admin", site.admin.secret)
      let deleted = try await browser.send(.delete, "/mode", nil, "application/json", [:])
      #expect(deleted.status == 405 && deleted.headers[.allow] == "GET, HEAD, POST")
      #expect(deleted.json?["status"]?.integer == 405)
      let read = try await browser.get("/sign-out")
      #expect(read.status == 405 && read.headers[.allow] == "POST" && read.text.contains("ne fait pas cela"))
      #expect(try await browser.send(.head, "/mode", nil, "text/html", [:]).status == 200)
      #expect(try await browser.send(.delete, "/nowhere", nil, "text/html", [:]).status == 404)
    }
  }

  @Test func assetsAreKeptUntilTheyChange() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let page = try await browser.get("/sign-in").text
      let start = try #require(page.range(of: "<link rel=\"stylesheet\" href=\""))
      let address = String(page[start.upperBound...].prefix { $0 != "\"" })
      let sheet = try await browser.get(address)
      #expect(sheet.status == 200 && sheet.headers[.contentType] == "text/css; charset=utf-8")
      #expect(sheet.headers[.cacheControl]?.contains("immutable") == true)
      #expect(sheet.text.contains("--accent") && sheet.text.contains(".board") && !sheet.text.contains("@import"))
      let tag = try #require(sheet.headers[.eTag])
      #expect(try await browser.get(address, [.ifNoneMatch: tag]).status == 304)
      let old = try await browser.get("/assets/0000/look.css")
      #expect(old.status == 200 && old.headers[.cacheControl] == "no-cache")
    }
  }
}
