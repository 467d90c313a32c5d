import Hospital
import Hummingbird
import Ledger
import Testing
import Web

/// The desk's own way, without JavaScript: search, identity, stay, labels.
@Suite struct AdmissionTests {
  @Test func someoneNewIsFoundAdmittedAndPrinted() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let none = try await browser.get("/admissions?q=12031961+martin+louise")
      #expect(none.text.contains("/admissions/new?q=12031961%20martin%20louise"))
      let form = try await browser.get("/admissions/new?q=12031961%20martin%20louise")
      #expect(form.text.contains("name=\"birthDate\" value=\"12031961\""))
      #expect(form.text.contains("name=\"birthName\" value=\"MARTIN\""))
      #expect(form.text.contains("name=\"birthGivenName\" value=\"louise\""))

      let done = try await browser.admitNew()
      #expect(done.status == 303)
      let labels = try #require(done.location)
      #expect(labels.contains("/labels?stay=") && labels.hasSuffix("print=yes"))
      let sheet = try await browser.get(labels)
      #expect(sheet.text.contains("MARTIN") && sheet.text.contains("[PROV]"))

      let found = try await browser.get("/admissions?q=12031961+martin")
      #expect(found.text.contains("<bdi>MARTIN</bdi>"))
      #expect(found.text.contains("présent : Médecine 4 Est, depuis 03:00"))
      #expect(found.text.contains("née à Melun"))
    }
  }

  /// The link that the search offers opens once somebody said why; whoever may not is told so.
  @Test(arguments: ["protected", "secret"]) func whoIsNotToBeToldOfComesBack(mark: String) async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    _ = try await site.admit("CACHEE", "1", number: "N1", [mark: true])
    let patient = try #require(
      try site.register.read { reading in
        try reading.stays(withNumber: "N1").first.flatMap { try reading.stay($0)?.patient }
      })
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let answer = try await browser.get("/admissions/stay?patient=\(patient.split(separator: "/")[1])")
      #expect(answer.status == 403 && !answer.text.contains("CACHEE"))
      #expect(answer.text.contains("Dossier réservé") == (mark == "protected"))
      #expect(try await browser.get("/admissions").status == 200)
    }
  }

  @Test func aKnownPatientComesBack() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission, .records])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let created = try await browser.admitNew(["only": "identity"])
      let patient = try #require(created.location).uuid
      let line = try await browser.get("/admissions?q=martin+louise")
      #expect(line.text.contains("href=\"/admissions/stay?patient=\(patient)\""))
      let form = try await browser.get("/admissions/stay?patient=\(patient)")
      #expect(form.text.contains("data-ctrl-enter"))
      #expect(form.text.contains("<b>12/03/1961 (61 a)</b>"))
      let fields: KeyValuePairs = [
        "patient": patient, "stayClass": "inpatient", "unit": "4EST", "at": "il y a 3 h", "attending": "Dr Roux",
        "entryMode": "8", "command": try #require(form.hidden("command")),
      ]
      let done = try await browser.post("/admissions/stay", fields)
      #expect(done.status == 303)
      let stay = try #require(done.location?.split(separator: "stay=").last?.prefix(36)).lowercased()
      let page = try await browser.get("/stays/\(stay)")
      #expect(page.text.contains("Dr Roux"))
      // It happened three hours ago, and says when it was written.
      #expect(page.text.contains("00:00</time>") && page.text.contains("saisi à 03:00"))
      #expect(page.text.contains("CLERK"))
      let again = try await browser.post("/admissions/stay", fields)
      #expect(again.location == done.location, "the same form sent twice is one admission")
    }
  }

  @Test func severalUnknownPatientsNeverShareAName() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      var labels: Set<String> = []
      for _ in 0..<3 {
        let done = try await browser.post(
          "/admissions/unknown",
          ["sex": "M", "estimatedAge": "40", "marks": "tatouage", "stayClass": "emergency", "unit": "4EST"])
        #expect(done.status == 303)
        let sheet = try await browser.get(try #require(done.location)).text
        labels.insert(try #require(sheet.firstMatch(of: /INCONNU [A-Z0-9-]+-[0-9]+/).map { String($0.output) }))
        #expect(sheet.contains("[PROV]"))
      }
      #expect(labels.count == 3)
    }
  }

  @Test(arguments: [
    ("birthDate", "31/02/1961", "birthDate"), ("birthDate", "", "birthDate"), ("birthName", "", "birthName"),
    ("birthName", "<script>alert(1)</script>", "birthName"), ("birthPlace", "Trifouilly", "birthPlace"),
    ("sex", "", "sex"), ("unit", "", "unit"), ("at", "31/02/2022 02:10", "at"), ("at", "demain", "at"),
    ("stayClass", "hotel", "stayClass"), ("bed", "nonsense", "bed"),
  ])
  func aRefusalStandsBesideItsFieldAndKeepsWhatWasTyped(field: String, value: String, at: String) async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let refused = try await browser.admitNew([field: value, "usedName": "DURAND"])
      #expect(refused.status == 422)
      #expect(refused.text.contains("id=\"\(at)-error\""))
      #expect(refused.text.contains("name=\"usedName\" value=\"DURAND\""))
      #expect(!refused.text.contains("<script>alert"))
      #expect(!refused.text.contains("refusal."))
      let program = try await browser.admitNew([field: value], accept: "application/json")
      #expect(program.status == 422)
      #expect(program.json?["field"]?.string == at)
      #expect(program.json?["code"]?.string != nil)
    }
  }

  @Test func likelyTwinsAreShownBeforeAnythingIsCreated() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let first = try #require(try await browser.admitNew(["only": "identity"]).location).uuid
      let shown = try await browser.admitNew(["birthGivenName": "Louisa", "only": "identity"])
      #expect(shown.status == 409)
      #expect(shown.text.contains("même date de naissance"))
      #expect(shown.text.contains("name=\"same\" value=\"\(first)\""))
      #expect(shown.text.contains("name=\"birthGivenName\" value=\"Louisa\""))
      let program = try await browser.admitNew(["birthGivenName": "Louisa"], accept: "application/json")
      #expect(program.json?["twins"]?.array?.count == 1)

      let same = try await browser.admitNew(["birthGivenName": "Louisa", "same": first, "reason": "chute"])
      #expect(same.text.contains("action=\"/admissions/stay\"") && same.text.contains("value=\"chute\""))

      let anyway = try await browser.admitNew(["birthGivenName": "Louisa", "anyway": "yes", "only": "identity"])
      #expect(anyway.status == 303)
      #expect(anyway.location?.uuid != first)
    }
  }

  /// A browser that lost the answer sends the same form: the identity made by the first is no twin of itself.
  @Test func theSameFormAfterALostAnswerAnswersTheSame() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let key = ["command": "5e8f0f0a-6a52-4f0b-9d2f-1b1c2d3e4f50"]
      let first = try await browser.admitNew(key)
      #expect(first.status == 303)
      #expect(try await browser.admitNew(key).location == first.location)
      // Gone back to, and filled in for the next patient: nobody gets the labels of the one before.
      let durand = ["birthName": "Durand", "birthGivenName": "Paul", "sex": "M", "birthDate": "01021950"]
      let next = try await browser.admitNew(durand.merging(key) { $1 })
      #expect(next.status == 200 && next.text.contains("avait déjà été envoyé") && next.text.contains("Durand"))
      let fresh = try #require(next.hidden("command"))
      #expect(fresh != key["command"])
      let sent = try await browser.admitNew(durand.merging(["command": fresh]) { $1 })
      #expect(sent.status == 303 && sent.location != first.location)
      let program = try await browser.admitNew(key.merging(["birthName": "Petit"]) { $1 }, accept: "application/json")
      #expect(program.status == 422)
    }
  }

  @Test func aScanOpensThatNumberOrNothing() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let done = try #require(try await browser.admitNew().location)
      let sheet = try await browser.get(done).text
      let ipp = try #require(sheet.firstMatch(of: /IPP ([0-9]+)/).map { String($0.output.1) })
      let number = try #require(sheet.firstMatch(of: /N° ([0-9]+)/).map { String($0.output.1) })
      #expect(try await browser.get("/admissions?scan=\(ipp)").location?.hasPrefix("/patients/") == true)
      #expect(try await browser.get("/admissions?scan=\(number)").location?.hasPrefix("/stays/") == true)
      let nothing = try await browser.get("/admissions?scan=123456")
      #expect(nothing.status == 200 && nothing.text.contains("123456") && !nothing.text.contains("MARTIN"))
    }
  }

  @Test func whatIsExpectedIsProposedUnderItsNumber() async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let patient = try #require(try await browser.admitNew(["only": "identity"]).location).uuid
      let expected = try await browser.post(
        "/patients/\(patient)/expected", ["stayClass": "inpatient", "unit": "4EST", "expectedAt": "08:00"])
      #expect(expected.status == 303)
      let desk = try await browser.get("/admissions").text
      #expect(desk.contains("attendu 08:00"))
      let form = try await browser.get("/admissions/stay?patient=\(patient)")
      let stay = try #require(form.hidden("preadmission"))
      let done = try await browser.post(
        "/admissions/stay", ["patient": patient, "preadmission": stay, "stayClass": "inpatient", "unit": "4EST"])
      #expect(done.location?.contains("stay=\(stay)") == true)
    }
  }
}

extension TestBrowser {
  /// A new identity, Louise Martin unless told otherwise, and her stay.
  func admitNew(_ changes: [String: String] = [:], accept: String = "text/html") async throws -> TestAnswer {
    var fields = [
      "birthName": "Martin", "birthGivenName": "Louise", "birthDate": "12031961", "sex": "F", "birthPlace": "Melun",
      "stayClass": "inpatient", "unit": "4EST", "entryMode": "8", "csrf": csrf,
    ]
    for (name, value) in changes { fields[name] = value }
    let pairs = JSONObject(fields.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSON.string($0.value)) })
    if accept == "application/json" {
      return try await post("/admissions/new", json: String(decoding: JSON.object(pairs).bytes, as: UTF8.self))
    }
    return try await post("/admissions/new", all: fields)
  }

  func post(_ address: String, all fields: [String: String]) async throws -> TestAnswer {
    let body = fields.map { "\(encoded($0))=\(encoded($1))" }.joined(separator: "&")
    return try await send(
      .post, address, body, "text/html", [.contentType: "application/x-www-form-urlencoded"])
  }
}

extension String {
  /// The UUID in an address.
  var uuid: String {
    firstMatch(of: /[0-9a-f]{8}-[0-9a-f-]{27}/).map { String($0.output) } ?? ""
  }
}
