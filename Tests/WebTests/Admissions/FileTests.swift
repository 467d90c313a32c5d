import Hospital
import Hummingbird
import Ledger
import Testing
import Web

/// Patients and stays as their pages show and change them.
@Suite struct FileTests {
  /// An admitted patient: UUIDs of patient and stay.
  private func admitted(_ browser: TestBrowser, _ changes: [String: String] = [:]) async throws -> (String, String) {
    let location = try #require(try await browser.admitNew(changes).location)
    let stay = try #require(location.split(separator: "stay=").last?.prefix(36))
    return (location.uuid, String(stay))
  }

  @Test func everyMovementHasItsFormAndItsLine() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission, .supervisor])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let (_, stay) = try await admitted(browser)
      let transfer = try await browser.get("/stays/\(stay)/transfer?unit=4EST")
      #expect(transfer.text.contains("<b>12/03/1961 (61 a)</b>"))
      let bed = try #require(transfer.text.firstMatch(of: /<option value="([0-9a-f-]{36})" selected>/)).output.1
      #expect(try await browser.post("/stays/\(stay)/transfer", ["unit": "4EST", "bed": String(bed)]).status == 303)
      site.clock.advance(seconds: 1800)
      #expect(
        try await browser.post("/stays/\(stay)/leave", ["kind": "round-trip", "to": "Évry", "until": "17:00"]).status
          == 303)
      #expect(try await browser.get("/stays/\(stay)").text.contains("aller-retour : Évry · retour attendu 17:00"))
      site.clock.advance(seconds: 1800)
      #expect(try await browser.post("/stays/\(stay)/return", [:]).status == 303)
      site.clock.advance(seconds: 1800)
      #expect(try await browser.post("/stays/\(stay)/discharge", ["exitMode": "8"]).status == 303)
      let page = try await browser.get("/stays/\(stay)")
      for word in ["Mutation", "Départ temporaire", "Retour", "Sortie", "lit 1"] { #expect(page.text.contains(word)) }
      let json = try #require(try await browser.get("/stays/\(stay)", accept: "application/json").json)
      #expect(json["status"]?.string == "discharged")
      #expect(json["movements"]?.array?.compactMap { $0["trigger"]?.string } == ["A01", "A02", "A21", "A22", "A03"])

      let last = try #require(json["movements"]?.array?.last?["key"]?.string)
      #expect(try await browser.get("/stays/\(stay)/cancel?movement=\(last)").text.contains("Sortie"))
      #expect(try await browser.post("/stays/\(stay)/cancel", ["movement": last]).status == 303)
      let after = try await browser.get("/stays/\(stay)", accept: "application/json").json
      #expect(after?["status"]?.string == "admitted")
    }
  }

  @Test func whatWasWrittenByWhomIsInTheHistory() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let (patient, _) = try await admitted(browser)
      let form = try await browser.get("/patients/\(patient)/edit")
      #expect(form.text.contains("name=\"birthPlace\" value=\"Melun (77288)\""))
      #expect(
        try await browser.post("/patients/\(patient)/edit", ["phone": "06 12 34 56 78", "usedName": "Durand"]).status
          == 303)
      let page = try await browser.get("/patients/\(patient)")
      #expect(page.text.contains("(<bdi>DURAND</bdi>)"))
      #expect(page.text.contains("Identité corrigée") && page.text.contains("CLERK"))
      let json = try await browser.get("/patients/\(patient)", accept: "application/json").json
      #expect(
        json?["history"]?.array?.compactMap { $0["kind"]?.string } == ["patient.corrected", "patient.registered"])
      #expect(json?["birthName"]?.string == "MARTIN", "what the form left out stays")
    }
  }

  /// A form that was open while somebody else corrected must not undo it.
  @Test func twoPeopleEachChangeTheirPart() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let (patient, _) = try await admitted(browser)
      let mine: KeyValuePairs = ["phone": "0611111111", "was.phone": "", "city": "", "was.city": ""]
      let theirs: KeyValuePairs = ["phone": "", "was.phone": "", "city": "Melun", "was.city": ""]
      #expect(try await browser.post("/patients/\(patient)/edit", mine).status == 303)
      #expect(try await browser.post("/patients/\(patient)/edit", theirs).status == 303)
      let page = try await browser.get("/patients/\(patient)").text
      #expect(page.contains("0611111111") && page.contains("Melun"))
    }
  }

  @Test func hostileWordsStayTextOnEveryPage() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let hostile = "\"><script>alert('x')</script>\u{202E}𝔊"
      let done = try await browser.post(
        "/admissions/unknown",
        [
          "sex": "F", "marks": hostile, "belongings": hostile, "stayClass": "inpatient", "unit": "4EST",
          "reason": hostile, "attending": hostile,
        ])
      let location = try #require(done.location)
      let stay = try #require(location.split(separator: "stay=").last?.prefix(36))
      for address in [location, "/patients/\(location.uuid)", "/stays/\(stay)", "/stays/\(stay)/transfer"] {
        let page = try await browser.get(address)
        #expect(page.status == 200)
        #expect(!page.text.contains("<script>alert"))
        #expect(!page.text.unicodeScalars.contains("\u{202E}"))
      }
    }
  }

  @Test func aTrustedDocumentValidatesAndLabelsSaySo() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let (patient, stay) = try await admitted(browser)
      let refused = try await browser.post("/patients/\(patient)/status", ["status": "VALI"])
      #expect(refused.status == 422 && refused.text.contains("id=\"document-error\""))
      site.clock.advance(seconds: 60)
      #expect(
        try await browser.post("/patients/\(patient)/status", ["status": "VALI", "document": "CN"]).status == 303)
      for address in ["/patients/\(patient)/labels?stay=\(stay)", "/patients/\(patient)/wristband"] {
        #expect(try await browser.get(address).text.contains("[VALI]"))
      }
      #expect(try await browser.get("/patients/\(patient)/wristband").text.contains("Retirer l’ancien bracelet"))
      let zpl = try await browser.get("/patients/\(patient)/labels/zpl?count=2")
      #expect(zpl.text.hasPrefix("^XA") && zpl.text.contains("[VALI]") && zpl.text.contains("^PQ2"))
      // What was proved was proved of another name.
      site.clock.advance(seconds: 60)
      #expect(try await browser.get("/patients/\(patient)/edit").text.contains("remet l’identité en provisoire"))
      let corrected = try await browser.post("/patients/\(patient)/edit", ["birthName": "Martinez"])
      let told = try await browser.get(try #require(corrected.location)).text
      #expect(told.contains("l’identité redevient provisoire, sans INS") && told.contains("réimprimez bracelet"))
      #expect(try await browser.get("/patients/\(patient)/wristband").text.contains("[PROV]"))
    }
  }

  /// An act asks what its page asks: a form sent straight to its address is no way round.
  @Test func whoMayNotOpenAFileDoesNothingToIt() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    _ = try await site.account("nurse", [.nurse])
    _ = try await site.account("ward", [.nurse], units: ["4EST"])
    _ = try await site.account("door", [.auditor])
    try await site.run { client in
      let clerk = try await TestBrowser(client, "clerk")
      let (patient, stay) = try await admitted(clerk, ["protected": "yes"])
      let nurse = try await TestBrowser(client, "nurse")
      for (address, fields) in [
        ("/patients/\(patient)/protect", ["protected": "no", "reason": "x"]),
        ("/stays/\(stay)/discharge", ["exitMode": "8"]), ("/stays/\(stay)/transfer", ["unit": "4EST"]),
      ] {
        let answer = try await nurse.post(address, all: fields.merging(["csrf": nurse.csrf]) { one, _ in one })
        #expect(answer.status == 403, "\(address)")
      }
      #expect(try site.register.read { try $0.patient("patient/\(patient)") }?.protected == true)
      // Whoever cares for them need not say why.
      let ward = try await TestBrowser(client, "ward")
      #expect(try await ward.get("/patients/\(patient)").status == 200)
      // Traits guessed by somebody who opens no files are answered by nothing.
      let auditor = try await TestBrowser(client, "door")
      let guess = try await auditor.admitNew()
      #expect(guess.status == 403 && !guess.text.contains("MARTIN"))
    }
  }

  @Test func twinsGetNumbersOfTheirOwnAndASetOfWristbands() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let (_, stay) = try await admitted(browser)
      #expect(try await browser.get("/stays/\(stay)/birth").status == 200)
      let born = try await browser.post(
        "/stays/\(stay)/birth", ["sex1": "F", "sex2": "M", "at1": "02:40", "at2": "02:52"])
      #expect(born.status == 303)
      let set = try await browser.get(try #require(born.location)).text
      for rank in ["1/3", "2/3", "3/3"] { #expect(set.contains(">\(rank)<")) }
      let none = try await browser.post("/stays/\(stay)/birth", [:])
      #expect(none.status == 422 && none.text.contains("id=\"sex1-error\""))
    }
  }

  @Test func twoFilesOfOnePersonAreLinkedByTwoPeopleAndPartedAgain() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission, .records])
    _ = try await site.account("second", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let one = try #require(try await browser.admitNew(["only": "identity"]).location).uuid
      let other = try #require(
        try await browser.admitNew(["birthName": "Martyn", "anyway": "yes", "only": "identity"]).location
      ).uuid
      let compared = try await browser.get("/patients/\(one)/merge?with=\(other)").text
      #expect(compared.contains("<mark>MARTYN</mark>") && compared.contains("<mark>MARTIN</mark>"))
      let alone: [String: String] = ["with": other, "keeps": "this", "csrf": browser.csrf]
      let needed = try await browser.post("/patients/\(one)/merge", all: alone)
      #expect(needed.status == 422 && needed.text.contains("id=\"second-error\""))
      var wrong = alone
      (wrong["second"], wrong["secondPin"]) = ("second", "not-it")
      let refused = try await browser.post("/patients/\(one)/merge", all: wrong)
      #expect(refused.text.contains("id=\"secondPin-error\"") && !refused.text.contains("not-it"))
      let done = try await browser.post(
        "/patients/\(one)/merge",
        [
          "with": other, "keeps": "this", "checkedTraits": "birthDate", "checkedTraits": "sex", "second": "second",
          "secondPin": TestSite.secret,
        ])
      #expect(done.location == "/patients/\(one)")
      #expect(try await browser.get("/patients/\(other)").text.contains("Ce dossier vit dans un autre"))
      #expect(try await browser.post("/patients/\(other)/unmerge", ["reason": "erreur"]).status == 303)
      #expect(try await browser.get("/patients/\(other)").text.contains("Ce dossier vit dans un autre") == false)
    }
  }

  @Test(arguments: [
    "/patients/nonsense", "/stays/nonsense", "/stays/00000000-0000-4000-8000-000000000000",
    "/patients/00000000-0000-4000-8000-000000000000/labels", "/admissions/stay", "/admissions/stay?patient=x",
  ])
  func whatIsNotThereIsNotFound(address: String) async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      #expect(try await browser.get(address).status == 404)
    }
  }
}
