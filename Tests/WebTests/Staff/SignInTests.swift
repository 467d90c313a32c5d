import Hospital
import Hummingbird
import Ledger
import Testing
import Web

@Suite struct SignInTests {
  @Test func theFirstAccountComesIn() async throws {
    let site = try await TestSite()
    try await site.run { client in
      var browser = TestBrowser(client)
      let asked = try await browser.get("/mode")
      #expect(asked.status == 303 && asked.location == "/sign-in?next=%2Fmode")
      let wrong = try await browser.post("/sign-in", ["login": "admin", "pin": "nonsense"])
      #expect(wrong.status == 401 && wrong.text.contains("ne vont pas ensemble") && wrong.sessionCookie == nil)
      #expect(wrong.text.contains("value=\"admin\"") && !wrong.text.contains("nonsense"))
      let right = try await browser.post("/sign-in", ["login": "Admin", "pin": site.admin.secret, "next": "/mode"])
      let cookie = try #require(right.headers[.setCookie])
      #expect(right.status == 303 && right.location == "/welcome?next=%2Fmode")
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"))
      browser.session = try #require(right.sessionCookie)
      let welcome = try await browser.get("/welcome?next=/mode")
      #expect(welcome.status == 200 && welcome.text.components(separatedBy: "<li>").count == 7)
      browser.csrf = try #require(welcome.hidden("csrf"))
      #expect(try await browser.post("/welcome", ["next": "/mode"]).location == "/mode")
      #expect(try await browser.get("/mode").status == 200)
      // The second time nobody is shown their gestures again.
      let again = try await browser.post("/sign-in", ["login": "admin", "pin": site.admin.secret])
      #expect(again.location == "/")
    }
  }

  @Test func aSessionEnds() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    try await site.run { client in
      let browser = try await TestBrowser(client, "petit")
      #expect(try await browser.get("/account").status == 200)
      #expect(try await browser.post("/sign-out", [:]).location == "/sign-in")
      #expect(try await browser.get("/account").status == 303)
      let other = try await TestBrowser(client, "petit")
      for _ in 1...13 {
        #expect(try await other.get("/account").status == 200)
        site.clock.advance(seconds: 3500)
      }
      #expect(try await other.get("/account").status == 303, "twelve hours, however busy")
      let idle = try await TestBrowser(client, "petit")
      site.clock.advance(seconds: 3601)
      #expect(try await idle.get("/account").status == 303, "an hour without a word")
    }
  }

  @Test func aRestartSendsNobodyBackToSignIn() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    _ = try await site.account("morel", [.duty])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "petit")
      let gone = try await TestBrowser(client, "morel")
      #expect(try await gone.post("/sign-out", [:]).status == 303)
      try await site.runRestarted { client in
        var again = nurse
        again.client = client
        let held = try await again.post("/mode/local", [:])
        #expect(held.status == 303, "session and token hold")
        var out = gone
        out.client = client
        let refused = try await out.get("/account")
        #expect(refused.status == 303, "signed out is signed out")
      }
    }
  }

  @Test func guessesGrowSlow() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    try await site.run { client in
      let browser = TestBrowser(client)
      for _ in 1...4 { #expect(try await browser.post("/sign-in", ["login": "petit", "pin": "0"]).status == 401) }
      let stopped = try await browser.post("/sign-in", ["login": "petit", "pin": TestSite.secret])
      #expect(stopped.status == 429 && stopped.text.contains("Recommencez dans 2 s"))
      #expect(stopped.headers[.retryAfter] == "2")
      site.clock.advance(seconds: 2)
      #expect(try await browser.post("/sign-in", ["login": "petit", "pin": TestSite.secret]).status == 303)
      #expect(try await browser.post("/sign-in", ["login": "petit", "pin": "0"]).status == 401)
    }
  }

  /// Rows: how often, how long the next attempt of the same person waits, of another person there, of that account
  /// elsewhere.
  @Test(arguments: [(3, 0, 0, 0), (4, 2, 0, 0), (6, 8, 0, 0), (13, 900, 0, 0), (21, 900, 0, 2), (31, 900, 2, 60)])
  func limits(times: Int, same: Int, otherPerson: Int, elsewhere: Int) throws {
    let now = try #require(Instant("2022-08-21T01:00:00.000Z"))
    let attempts = Attempts()
    for _ in 1...times { attempts.failed(login: "petit", address: "10.0.0.1", at: now) }
    #expect(attempts.wait(login: "petit", address: "10.0.0.1", at: now) == same)
    #expect(attempts.wait(login: "morel", address: "10.0.0.1", at: now) == otherPerson)
    #expect(attempts.wait(login: "petit", address: "10.0.0.2", at: now) == elsewhere)
    #expect(attempts.wait(login: "petit", address: "10.0.0.1", at: now.adding(seconds: 901)) == 0)
  }

  @Test func programsSignInToo() async throws {
    let site = try await TestSite()
    _ = try await site.account("robot", [.admission])
    try await site.run { client in
      let browser = TestBrowser(client)
      let answer = try await browser.post("/sign-in", json: #"{"login":"robot","pin":"secret-of-test"}"#)
      #expect(answer.status == 200 && answer.json?["account"]?["login"]?.string == "robot")
      let token = try #require(answer.json?["token"]?.string)
      // A header that no other site can make a browser send needs no other token.
      let done = try await browser.post(
        "/mode/local", json: #"{"reason":"essai"}"#, [.authorization: "Bearer \(token)"])
      #expect(done.status == 200 && done.json?["mode"]?.string == "degrade")
      #expect(try await browser.post("/mode/local", json: "{}").status == 401)
      #expect(try await browser.get("/mode", accept: "application/json").status == 401)
    }
  }

  /// What somebody typed while their session ended comes back after sign-in, and is sent with one press.
  @Test func whatWasTypedWaits() async throws {
    let site = try await TestSite()
    try await site.run { client in
      var browser = TestBrowser(client)
      let command = "7b0f9a52-2d53-4a57-9b70-0d8a7f1c2e44"
      let lost = try await browser.post("/mode", ["mode": "degrade", "reason": "GAM <chiffrée>", "command": command])
      #expect(lost.status == 401 && lost.hidden("action") == "/mode")
      let typed = try #require(lost.hidden("typed"))
      let back = try await browser.post(
        "/sign-in", ["login": "admin", "pin": site.admin.secret, "action": "/mode", "typed": typed])
      #expect(back.status == 200 && back.text.contains("GAM &lt;chiffrée&gt;"))
      #expect(back.hidden("command") == command && back.hidden("reason") == "GAM <chiffrée>")
      browser.session = try #require(back.sessionCookie)
      browser.csrf = try #require(back.hidden("csrf"))
      let sent = try await browser.post(
        "/mode", ["mode": "degrade", "reason": "GAM <chiffrée>", "command": command])
      #expect(sent.status == 303)
      #expect(try site.register.read { try $0.mode }.reason == "GAM <chiffrée>")
    }
  }

  @Test func anAccountThatEndedIsToldSo() async throws {
    let site = try await TestSite()
    let id = try await site.account("petit", [.nurse])
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let nurse = try await TestBrowser(client, "petit")
      #expect(try await admin.post("/staff/\(id.dropFirst(8))/close", ["reason": "départ"]).status == 303)
      #expect(try await nurse.get("/account").status == 303, "what it had open is closed")
      let refused = try await TestBrowser(client).post("/sign-in", ["login": "petit", "pin": TestSite.secret])
      #expect(refused.status == 401 && refused.text.contains("Ce compte est fermé"))
    }
  }
}
