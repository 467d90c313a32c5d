import Feeds
import Foundation
import Hospital
import Hummingbird
import HummingbirdTesting
import Interop
import Ledger
import Register
import Testing
import Web

/// The screens from which people type into the main system, and the message that they edit.
@Suite struct ReentryPageTests {
  private func night(_ people: Int = 1, reentry: ReentryForm = .usual) async throws -> TestSite {
    let site = try await TestSite(reentry: reentry)
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

  /// Whoever types sees first that nobody may be told, whatever fields their screen has; and that it was lifted.
  @Test(arguments: [nil, "fields:\n  - {value: birthName, name: Nom}\n"])
  func protectionComesFirst(yaml: String?) async throws {
    let site = try await night(reentry: try yaml.map { try ReentryForm(yaml: $0) } ?? .usual)
    try await site.run { client in
      let agent = try await TestBrowser(client, "un")
      let item = try #require(try await next(agent))
      let patient = try #require(try site.register.read { try $0.stay("stay/\(item)")?.patient })
      func screen(_ language: String) async throws -> (page: String, first: String) {
        var agent = agent
        agent.language = language
        let page = try await agent.get(
          "/handback/reentry/\(item)", [HTTPFields.Element.Name("X-Read-Reason")!: "reprise"]
        ).text
        let first = try #require(page.firstMatch(of: #/for="v1">([^<]*)</label><input id="v1" value="([^"]*)"/#))
        return (page, "\(first.1): \(first.2)")
      }
      #expect(!(try await screen("fr").page.contains("Ne pas divulguer")))
      for isProtected in [true, false] {
        try await site.submit(ProtectPresence(patient: patient, protected: isProtected))
        let (french, english) = (try await screen("fr"), try await screen("en"))
        #expect(french.first == "Ne pas divulguer la présence: \(isProtected ? "oui" : "non")")
        #expect(english.first == "Do not disclose presence: \(isProtected ? "yes" : "no")")
        #expect(french.page.contains("NE PAS DIVULGUER") == isProtected && french.page.contains("ZWEIFEL"))
        #expect(french.page.contains("value=\"99999\"") == (yaml == nil))
      }
    }
  }

  /// Codes are words there, and what was asked is there too.
  @Test(arguments: [
    ("fr", ["homonyme détecté", "carte nationale d’identité", "latex", "aucun régime particulier"]),
    ("en", ["detected namesake", "identity card", "latex", "no special diet"]),
  ])
  func marksAndWhatWasAsked(language: String, words: [String]) async throws {
    let site = try await night()
    try await site.run { client in
      var agent = try await TestBrowser(client, "un")
      let item = try #require(try await next(agent))
      let patient = try #require(try site.register.read { try $0.stay("stay/\(item)")?.patient })
      try await site.submit(
        ChangeIdentityStatus(patient: patient, status: .validated, document: IdentityDocument(kind: "CN")))
      try await site.submit(MarkIdentity(patient: patient, attribute: "HOMD", isSet: true))
      try await site.submit(
        NoteAnswers(stay: "stay/\(item)", answers: [.allergies: .text("latex"), .diet: NoteAnswers.Said.none]))
      agent.language = language
      let page = try await agent.get("/handback/reentry/\(item)").text
      for word in words { #expect(page.contains("value=\"\(word)\""), "\(word)") }
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

  @Test func aNumberOfSomebodyElseIsRefused() async throws {
    let site = try await night(2)
    try await site.run { client in
      let agent = try await TestBrowser(client, "un")
      let first = try #require(try await next(agent))
      var traits = Traits()
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("NOMA", "PAUL", "99999")
      (traits.birthDate, traits.sex) = (PartialDate(year: 1970, month: 1, day: 2), .male)
      let other = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
      let stay = try #require(
        try await site.submit(Admit(patient: other, stayClass: .inpatient, unit: "4EST", entryMode: "8")).subject(
          "stay"))
      let (ipp, number) = try site.register.read { reading in
        (try reading.patient(other)?.identifiers.first?.value, try reading.stay(stay)?.number)
      }
      let address = "/handback/reentry/\(first)"
      #expect(try await agent.post(address, ["way": "enter", "ipp": try #require(ipp)]).status == 422)
      #expect(try await agent.post(address, ["way": "enter", "number": try #require(number)]).status == 422)
      let counts = try await agent.get("/handback/reentry", accept: "application/json").json
      #expect(counts?["entered"] == .integer(0))
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
      #expect(page.contains("value=\"à prévenir, EXERCICE LEO, 01 99 00 12 35\""))
      #expect(page.contains("value=\"EXERCICE\"") && !page.contains("method=\"post\" action=\"/handback"))
      #expect(try site.register.read { try $0.reentries() }.isEmpty)
    }
  }

  /// The identity was taken, the admission refused for its unit.
  @Test func aRefusedMessageIsEdited() async throws {
    let site = try await night()
    let commits = try site.register.read { try $0.commitsToHandBack() }
    let control = try #require(try controls(site.register, commits[1]).first)
    try await site.submit(
      NoteHandback([
        .init(commit: commits[0].place, count: 1, control: "C1", trigger: "A28", at: site.clock.environment.now()),
        .init(
          commit: commits[1].place, count: 1, control: control, trigger: "A01", at: site.clock.environment.now(),
          refusal: .init(answer: "AE", place: "PV1^1^3", reason: "<i>UF inconnue")),
      ]))
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let row = try await duty.get("/handback", accept: "application/json").json?["refused"]?.array?.first
      let id = try #require(row?["handback"]?.string?.split(separator: "/").last)
      let address = "/handback/messages/\(id)"
      let page = try await duty.get("\(address)?control=\(control)").text
      #expect(
        page.contains("&lt;i&gt;UF inconnue") && page.contains("name=\"PV1-3\"") && !page.contains("name=\"PID-3\""))
      for (fields, word) in [
        (["PV1-3": "A|B", "reason": "x"], "PV1-3"), (["PV1-3": "A\\T", "reason": "x"], "PV1-3"),
        (["PID-3": "666", "reason": "x"], "PID-3"), (["PV1-3": "4E", "reason": ""], "pourquoi"),
        (["reason": "x"], "Rien"),
      ] as [(KeyValuePairs<String, String>, String)] {
        let answer = try await duty.send(address, fields, control)
        #expect(answer.status == 422 && answer.text.contains(word), "\(word)")
      }
      #expect(try await duty.send(address, ["PV1-3": "4E", "reason": "code du SIH"], control).status == 303)
      #expect(try await duty.get(address + "?control=\(control)").status == 404)
      let account = try await duty.get("/handback/account").text
      #expect(account.contains("edit \(control) PV1-3") && !account.contains("code du SIH"))
    }
  }
}

/// The numbers of the messages that a commit comes to.
private func controls(_ register: Register, _ commit: CommitToHandBack) throws -> [String] {
  try register.read { reading in
    let structure = try #require(try reading.structure)
    let zone = try #require(LocalTime(zone: structure.timeZone))
    var story = HandbackStory(
      SendingSettings(structure: structure, localTime: zone), patientNow: { _ in nil }, stayNow: { _ in nil })
    let patient = try commit.subjects.first.flatMap { try reading.stay($0)?.patient }
    return try reading.story(of: Set(commit.subjects + [patient].compactMap(\.self)))
      .flatMap { story.hear($0, tells: true) }.filter { $0.commit == commit.place }.map(\.control)
  }
}

extension TestBrowser {
  fileprivate func send(
    _ address: String, _ fields: KeyValuePairs<String, String>, _ control: String
  ) async throws -> TestAnswer {
    let body = (fields.map { ($0.key, $0.value) } + [("control", control), ("csrf", csrf)])
      .map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    return try await send(
      .post, address, body, "text/html", [.contentType: "application/x-www-form-urlencoded"])
  }
}
