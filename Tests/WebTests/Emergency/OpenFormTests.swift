import Hospital
import Ledger
import Register
import Testing
import Web

/// Two people have one form open, and each changes something else: both stand. A program says what it sends, no more, and
/// nothing that is no answer to the question.
@Suite struct OpenFormTests {
  private static func site() async throws -> TestSite {
    let site = try await EmergencyPageTests().site()
    _ = try await site.account("tous", [.triage, .physician, .admission, .duty])
    return site
  }

  /// The form as a browser sends it with one field changed: the others as they stand.
  private static func typed(_ page: TestAnswer, _ changed: (String, String)) throws -> String {
    var pairs = page.text.matches(of: /name="(was\.[^"]+)" value="([^"]*)"/).flatMap { match in
      let (name, value) = (String(match.output.1), String(match.output.2).replacing("&#39;", with: "'"))
      let field = String(name.dropFirst(4))
      return [(name: name, value: value)] + (value.isEmpty || field == changed.0 ? [] : [(name: field, value: value)])
    }
    #expect(!pairs.isEmpty)
    pairs.append((name: changed.0, value: changed.1))
    pairs.append((name: "csrf", value: try #require(page.hidden("csrf"))))
    return Fields(pairs).urlencoded
  }

  private static func send(_ browser: TestBrowser, _ address: String, _ body: String) async throws -> TestAnswer {
    try await browser.send(
      .post, address, body, "text/html", [.contentType: "application/x-www-form-urlencoded"])
  }

  @Test(
    arguments: [
      ("arrival", ("complaintText", "chute"), ("accompaniedBy", "sa fille")),
      ("arrival", ("transport", "SMUR"), ("victimNumber", "FR0001")),
      ("note", ("doctor", "Leroy"), ("nextStep", "ECG")), ("note", ("awaited", "imaging"), ("nextStep", "scanner")),
      ("assess", ("diagnosis", "I21.9"), ("acts", "DEQP003")), ("assess", ("gemsa", "4"), ("diagnoses", "R07.4")),
      ("assess", ("ccmu", "3"), ("gemsa", "4")),
    ])
  func eachChangesWhatTheyChange(
    form: String, first: (String, String), second: (String, String)
  ) async throws {
    let site = try await Self.site()
    let stay = try await EmergencyPageTests().arrive(site, "MARTIN")
    try await site.run { client in
      let browser = try await TestBrowser(client, "tous")
      let address = "/emergency/\(stay)/\(form)"
      func said(_ field: String) async throws -> String? {
        let visit = try await browser.get("/emergency/\(stay)", accept: "application/json").json?["visit"]?[field]
        return visit?.array.map { $0.compactMap(\.string).joined(separator: " ") } ?? visit?.string
      }
      let (here, there) = (try await browser.get(address), try await browser.get(address))
      #expect(try await Self.send(browser, address, Self.typed(here, first)).status == 303)
      #expect(try await Self.send(browser, address, Self.typed(there, second)).status == 303)
      var visit = [try await said(first.0), try await said(second.0)]
      #expect(visit == [first.1, second.1])
      // On the form as it is by now, what is emptied is erased, and what the other said stays.
      let again = try await browser.get(address)
      #expect(try await Self.send(browser, address, Self.typed(again, (first.0, ""))).status == 303)
      visit = [try await said(first.0) ?? "", try await said(second.0)]
      #expect(visit == ["", second.1])
    }
  }

  @Test func aProgramErasesNothingThatItDoesNotSay() async throws {
    let site = try await Self.site()
    let stay = try await EmergencyPageTests().arrive(site, "MARTIN")
    try await site.run { client in
      let browser = try await TestBrowser(client, "tous")
      func say(_ form: String, _ members: String) async throws -> Int {
        let json = "{\"csrf\":\"\(browser.csrf)\",\(members)}"
        return try await browser.post("/emergency/\(stay)/\(form)", json: json).status
      }
      func visit() async throws -> JSON? {
        try await browser.get("/emergency/\(stay)", accept: "application/json").json?["visit"]
      }
      func texts(_ json: JSON?) -> [String] { json?.array?.compactMap(\.string) ?? [] }
      #expect(try await say("note", #""doctor":"Leroy","nextStep":"ECG","awaited":["imaging","bed"]"#) == 200)
      #expect(try await say("note", #""nextStep":"scanner""#) == 200)
      #expect(try await say("arrival", #""transport":"SMUR","complaint":"R07.4""#) == 200)
      #expect(try await say("arrival", #""complaint":"""#) == 200)
      #expect(try await say("assess", #""ccmu":"3","acts":"DEQP003""#) == 200)
      #expect(try await say("assess", #""diagnosis":"I21.9""#) == 200)
      let said = try await visit()
      #expect(said?["doctor"]?.string == "Leroy" && said?["nextStep"]?.string == "scanner")
      #expect(texts(said?["awaited"]) == ["imaging", "bed"])
      #expect(said?["transport"]?.string == "SMUR" && said?["complaint"] == nil)
      #expect(said?["ccmu"]?.string == "3" && texts(said?["acts"]) == ["DEQP003"])
      #expect(try await say("note", #""awaited":[]"#) == 200)
      #expect(try await visit()?["awaited"]?.array ?? [] == [])
    }
  }

  @Test func aPartnerIsChangedFieldByField() async throws {
    let site = try await Self.site()
    var known = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    (known.phone, known.minutes, known.capabilities) = ("01 60 00 00 00", 40, [.ct, .mri])
    try await site.submit(DeclarePartners([known]))
    let subject = Partner.subject(finess: "910000901")
    let address = "/partners/\(subject.afterSlash)"
    try await site.run { client in
      let browser = try await TestBrowser(client, "tous")
      func partner() throws -> Partner { try #require(try site.register.read { try $0.partner(subject) }) }
      let (here, there) = (try await browser.get(address), try await browser.get(address))
      #expect(try await Self.send(browser, address, Self.typed(here, ("phone", "01 60 11 11 11"))).status == 303)
      #expect(try await Self.send(browser, address, Self.typed(there, ("minutes", "35"))).status == 303)
      #expect(try partner().phone == "01 60 11 11 11" && partner().minutes == 35)
      #expect(try partner().capabilities == ["ct", "mri"])
      let json = "{\"csrf\":\"\(browser.csrf)\",\"kilometres\":30}"
      #expect(try await browser.post(address, json: json).status == 200)
      #expect(try partner().kilometres == 30 && partner().name == "Évry" && partner().capabilities.count == 2)
      for (said, kept) in [("4", "4"), ("", "1")] {
        let json = "{\"csrf\":\"\(browser.csrf)\",\"destination\":\"\(said)\"}"
        #expect(try await browser.post(address, json: json).status == 200)
        #expect(try partner().destination == kept)
      }
      // One that is there is not replaced by a new one.
      let new: KeyValuePairs = ["finess": "910000901", "name": "Autre"]
      let refused = try await browser.post("/partners/new", new)
      #expect(refused.status == 422 && refused.text.contains("href=\"\(address)\">Évry"))
      #expect(try partner().name == "Évry")
    }
  }

  @Test(
    arguments: [
      ("/emergency/STAY/arrival", #""transport":"TAXI""#, "transport"),
      ("/emergency/STAY/assess", #""ccmu":"9""#, "ccmu"),
      ("/emergency/STAY/orient", #""way":"zzz""#, "way"),
      ("/emergency/announcements/new", #""source":"zzz""#, "source"),
      ("/emergency/announcements/new", #""source":"samu","sex":"Q""#, "sex"),
      ("/stays/STAY/send", #""partner":["PARTNER"],"kind":"return""#, "kind"),
      ("/stays/STAY/send", #""partner":["PARTNER"],"need":["ct","zzz"]"#, "need"),
      ("/partners/PARTNER", #""capability":["zzz"]"#, "capability"),
      ("/partners/PARTNER/said", #""line":["zzz"],"state":"open""#, "line"),
    ])
  func aValueThatIsNoneOfThemIsRefused(path: String, members: String, field: String) async throws {
    let site = try await Self.site()
    let stay = try await EmergencyPageTests().arrive(site, "MARTIN")
    try await site.submit(DeclarePartners([.init(finess: "910000901", name: "Évry")]))
    let partner = Partner.subject(finess: "910000901").afterSlash
    try await site.run { client in
      let browser = try await TestBrowser(client, "tous")
      let address = path.replacing("STAY", with: stay).replacing("PARTNER", with: partner)
      let json = "{\"csrf\":\"\(browser.csrf)\",\(members.replacing("PARTNER", with: partner))}"
      let answer = try await browser.post(address, json: json)
      #expect(answer.status == 422 && answer.json?["code"]?.string == "choice-unknown", "\(answer.text)")
      #expect(answer.json?["field"]?.string == field)
    }
  }
}
