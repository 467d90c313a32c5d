import Hospital
import Hummingbird
import Ledger
import Testing
import Web

@Suite struct StaffPageTests {
  /// Who may open which page. 303 leads to sign-in.
  @Test(arguments: [
    ("/", "nobody", 303), ("/", "nurse", 200), ("/", "auditor", 200),
    ("/mode", "nurse", 200), ("/mode/local", "nurse", 200),
    ("/staff", "nobody", 303), ("/staff", "nurse", 403), ("/staff", "supervisor", 200), ("/staff", "admin", 200),
    ("/staff/new", "supervisor", 403), ("/staff/new", "admin", 200),
    ("/staff/temporary", "supervisor", 200), ("/staff/temporary", "nurse", 403),
    ("/staff/envelopes", "supervisor", 403), ("/staff/envelopes", "admin", 200),
    ("/audit", "nurse", 403), ("/audit", "supervisor", 403), ("/audit", "auditor", 200), ("/audit", "admin", 200),
    ("/live", "nobody", 401),
  ])
  func whoMayOpenWhat(address: String, who: String, status: Int) async throws {
    let site = try await TestSite()
    for (login, role) in [("nurse", Role.nurse), ("supervisor", .supervisor), ("auditor", .auditor)] {
      _ = try await site.account(login, [role])
    }
    try await site.run { client in
      let browser =
        switch who {
        case "nobody": TestBrowser(client)
        case "admin": try await TestBrowser(client, "admin", site.admin.secret)
        default: try await TestBrowser(client, who)
        }
      #expect(try await browser.get(address).status == status)
      let program = try await browser.get(address, accept: "application/json")
      #expect(program.status == (status == 303 ? 401 : status))
      #expect(program.json != nil)
    }
  }

  @Test func aRefusalStandsBesideItsFieldAndKeepsWhatWasTyped() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let name = "<script>alert(1)</script> \u{202E}PETIT"
      let page = try await admin.post("/staff/new", ["name": name, "function": "IDE & co", "units": "4EST"])
      #expect(page.status == 422)
      #expect(!page.text.contains("<script>alert") && page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
      #expect(page.text.contains("value=\"IDE &amp; co\"") && page.text.contains("value=\"4EST\" checked"))
      let field = try #require(page.text.components(separatedBy: "<fieldset").first { $0.contains("Rôles") })
      #expect(field.contains("data-error") && field.contains("class=\"error\""))
      let program = try await admin.post(
        "/staff/new", json: #"{"name":"PETIT Anne","csrf":"\#(admin.csrf)"}"#)
      #expect(program.status == 422 && program.json?["field"]?.string == "roles")
    }
  }

  @Test func aTempIsInWithinAMinute() async throws {
    let site = try await TestSite()
    _ = try await site.account("cadre", [.supervisor], units: ["4EST"])
    try await site.run { client in
      let cadre = try await TestBrowser(client, "cadre")
      let form = try await cadre.get("/staff/temporary")
      let command = try #require(form.hidden("command"))
      let fields: KeyValuePairs = ["name": "DURAND Luc", "roles": "nurse", "units": "4EST", "command": command]
      let card = try await cadre.post("/staff/temporary", fields)
      #expect(card.status == 200 && card.text.contains("durand.luc") && card.text.contains("<svg"))
      let secret = try #require(card.text.components(separatedBy: "class=\"secret\">").last?.prefix(6))
      let temp = try await TestBrowser(client, "durand.luc", String(secret))
      #expect(try await temp.get("/account").status == 200)
      // The same form sent twice makes nobody twice, and tells no secret again.
      let again = try await cadre.post("/staff/temporary", fields)
      #expect(again.status == 303 && !again.text.contains(secret))
      #expect(try site.register.read { try $0.accounts() }.filter { $0.name == "DURAND Luc" }.count == 1)
      site.clock.advance(seconds: 12 * 3600)
      let late = try await TestBrowser(client).post("/sign-in", ["login": "durand.luc", "pin": String(secret)])
      #expect(late.status == 401 && late.text.contains("n’est plus valable"))
    }
  }

  @Test func anEnvelopeAsksWhoOpenedIt() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let token = [HTTPFields.Element.Name("X-CSRF-Token")!: admin.csrf]
      var headers = HTTPFields()
      for (name, value) in token { headers[name] = value }
      let made = try await admin.post(
        "/staff/envelopes", json: #"{"units":["4EST"],"roles":["nurse"],"count":2}"#, headers)
      let envelopes = try #require(made.json?["accounts"]?.array)
      #expect(made.status == 201 && envelopes.count == 2)
      let login = try #require(envelopes[0]["login"]?.string)
      let secret = try #require(envelopes[0]["secret"]?.string)
      #expect(login != envelopes[1]["login"]?.string && secret.count == 6)
      var opener = TestBrowser(client)
      let opened = try await opener.post("/sign-in", ["login": login, "pin": secret, "next": "/beds"])
      #expect(opened.location == "/first-use?next=%2Fbeds")
      opener.session = try #require(opened.sessionCookie)
      #expect(try await opener.get("/").location == "/first-use?next=%2F", "nothing before a name")
      #expect(try await opener.get("/", accept: "application/json").status == 403)
      let form = try await opener.get("/first-use?next=%2Fbeds")
      opener.csrf = try #require(form.hidden("csrf"))
      let refused = try await opener.post("/first-use", ["surname": "ROUX", "givenName": "", "function": "IDE"])
      #expect(refused.status == 422 && refused.text.contains("value=\"ROUX\""))
      let named = try await opener.post(
        "/first-use?next=%2Fbeds", ["surname": "ROUX", "givenName": "Zoé", "function": "IDE"])
      #expect(named.location == "/welcome?next=%2Fbeds")
      let home = try await opener.get("/")
      #expect(home.status == 200 && home.text.contains("ROUX Zoé"))
    }
  }

  @Test func aChangedSecretHolds() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "petit")
      let rows = [
        ("wrong", "harpe-verte", "harpe-verte", "Ce n’est pas votre code"),
        (TestSite.secret, "123456", "123456", "Trop facile"),
        (TestSite.secret, "aaaaaa", "aaaaaa", "Trop facile"),
        (TestSite.secret, "harpe-verte", "harpe-vert", "diffèrent"),
      ]
      for (current, new, again, said) in rows {
        let answer = try await nurse.post("/account", ["pin": current, "new": new, "again": again])
        #expect(answer.status == 422 && answer.text.contains(said), "\(new)")
      }
      let done = try await nurse.post(
        "/account", ["pin": TestSite.secret, "new": "harpe-verte", "again": "harpe-verte"])
      #expect(done.status == 200 && done.text.contains("C’est changé"))
      let browser = TestBrowser(client)
      #expect(try await browser.post("/sign-in", ["login": "petit", "pin": TestSite.secret]).status == 401)
      #expect(try await browser.post("/sign-in", ["login": "petit", "pin": "harpe-verte"]).status == 303)
    }
  }

  /// A ledger is copied, sealed and handed over: it must not help anybody to sign in.
  @Test func noSecretIsInALine() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      _ = try await admin.post("/staff/new", ["name": "PETIT Anne", "roles": "nurse"])
      let accounts = try site.register.read { try $0.accounts() }
      for account in accounts {
        for said in try site.register.read({ try $0.history(of: account.id) }) {
          let keys = Set(said.heard.fact.data.object?.members.map(\.key) ?? [])
          #expect(keys.isSubset(of: ["login", "name", "function", "roles", "units", "emergency", "validUntil"]))
        }
      }
      #expect(accounts.count == 2)
    }
  }
}
