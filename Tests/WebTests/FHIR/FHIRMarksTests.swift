import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// Programs are told of nobody whom a list would not name to a person.
@Suite struct FHIRMarksTests {
  private struct Told {
    var site: TestSite
    var patient: String
  }

  private func site(_ protected: Bool) async throws -> Told {
    let site = try await TestSite()
    var traits = Traits()
    traits.birthName = "Discret"
    traits.birthGivenName = "Jean"
    traits.birthDate = PartialDate(year: 1950, month: 1, day: 2)
    traits.sex = .male
    traits.birthPlace = "75101"
    let command = RegisterPatient(traits: traits, protected: protected)
    let receipt = try await site.register.submit(
      Submission(command, key: site.clock.environment.newID(), author: "system"))
    return Told(site: site, patient: String(try #require(receipt.subject("patient")).dropFirst(8)))
  }

  @Test(arguments: [false, true])
  func whoeverIsProtectedIsOnNoList(protected: Bool) async throws {
    let told = try await site(protected)
    try await told.site.run { client in
      let browser = TestBrowser(client)
      let token = try await told.site.program(browser, ["system/*.rs"])
      let found = try await browser.get("/fhir/Patient?family=discret", accept: "application/fhir+json", token)
      #expect(found.status == 200)
      #expect(found.json?["total"]?.integer == (protected ? 0 : 1))
      #expect(found.text.contains("DISCRET") == !protected)
      let counted = try await browser.get("/fhir/Patient?_summary=count", accept: "application/fhir+json", token)
      #expect(counted.json?["total"]?.integer == (protected ? 0 : 1))
      let read = try await browser.get("/fhir/Patient/\(told.patient)", accept: "application/fhir+json", token)
      #expect(read.status == (protected ? 403 : 200))
      #expect(read.text.contains("DISCRET") == !protected)
      let history = try await browser.get(
        "/fhir/Patient/\(told.patient)/_history", accept: "application/fhir+json", token)
      #expect(history.status == (protected ? 403 : 200))
      let lines = try await browser.get("/fhir/$export/Patient", accept: "*/*", token)
      #expect(lines.text.contains("DISCRET") == !protected)
    }
  }

  /// The one rule of disclosure: why somebody is here, or where they go next, takes them and all that is about them out
  /// of every list and number; the unit's own program is told.
  @Test(
    arguments: [
      (["situations": [["kind": "prisoner"]]], nil),
      (["situations": [["kind": "psychiatric", "code": "SDRE"]]], nil), ([:], .psychiatry), ([:], .ct),
    ] as [(JSON, CareKey?)])
  func whoeverIsToldOfToNobodyIsInNoNumber(marks: JSON, asked: CareKey?) async throws {
    let site = try await TestSite()
    var more = try #require(marks.object)
    more.append("identifiers", [["value": "000059284275", "authority": "1.2.250.1.999.1", "type": "PI"]])
    let stay = "stay/\(try await site.admit("PETIT", "1", .object(more)))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient }).dropFirst(8)
    if let asked { try await site.askTransfer(stay, [asked]) }
    let isTold = asked == .ct
    try await site.run { client in
      let browser = TestBrowser(client)
      let stranger = try await site.program(browser, ["system/*.rs"])
      let own = try await site.program(browser, ["system/*.rs"], "service", units: ["4EST"])
      // Somebody knows the file, which is read by its id.
      let read = try await browser.get("/fhir/Patient/\(patient)", accept: "application/fhir+json", stranger)
      #expect(read.status == 200)
      let identifiers = try #require(read.json?["identifier"])
      for (token, isTold) in [(stranger, isTold), (own, true)] {
        for search in [
          "Patient?family=petit", "Encounter?patient=Patient/\(patient)", "EpisodeOfCare?patient=Patient/\(patient)",
          "Encounter?_id=\(stay.dropFirst(5))", "Encounter?location=Location/unit-4EST",
        ] {
          for count in ["", "&_summary=count"] {
            let found = try await browser.get("/fhir/\(search)\(count)", accept: "application/fhir+json", token)
            #expect(found.json?["total"]?.integer == (isTold ? 1 : 0), "\(search)\(count)")
          }
        }
        let lines = try await browser.get(
          "/fhir/Provenance?patient=Patient/\(patient)", accept: "application/fhir+json", token)
        #expect((lines.json?["entry"]?.array ?? []).isEmpty == !isTold)
        for (type, text) in [("Patient", "PETIT"), ("Encounter", String(stay.dropFirst(5)))] {
          let lines = try await browser.get("/fhir/$export/\(type)", accept: "*/*", token)
          #expect(lines.text.contains(text) == isTold, "\(type)")
        }
        let described: JSON = ["resourceType": "Patient", "identifier": identifiers]
        let body: JSON = [
          "resourceType": "Parameters", "parameter": [["name": "resource", "resource": described]],
        ]
        let match = try await browser.post(
          "/fhir/Patient/$match", json: String(decoding: body.bytes, as: UTF8.self), token)
        // Its scores are decimals, which the ledger's JSON has not.
        #expect(match.status == 200 && match.text.contains("\"total\":1") == isTold)
      }
    }
  }

  /// A newborn's stay, and what is asked for it, bears the label of its mother's own marks.
  @Test(arguments: [(true, "R"), (false, nil)] as [(Bool, String?)])
  func aNewbornIsTreatedAsItsMotherIs(isProtected: Bool, label: String?) async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1", ["protected": .bool(isProtected)]))"
    let mother = try #require(try site.register.read { try $0.stay(stay)?.patient })
    let child = try await site.admit("ENFANT", "2", ["mother": .string(mother)])
    try await site.askTransfer("stay/\(child)", [.ct])
    try await site.submit(RequestBed(stay: "stay/\(child)", from: .ward, needs: BedNeeds(unit: "4EST")))
    let asked = try site.register.read { try $0.transfers(ofStay: "stay/\(child)").map(\.id) }
    let requests = (asked + [BedRequest.subject(ofStay: "stay/\(child)")]).map { "ServiceRequest/\($0.afterSlash)" }
    #expect(requests.count == 2)
    let born = try #require(try site.register.read { try $0.stay("stay/\(child)")?.patient }).afterSlash
    try await site.run { client in
      let browser = TestBrowser(client)
      let own = try await site.program(browser, ["system/*.rs"], units: ["4EST"])
      for address in ["Patient/\(born)", "Encounter/\(child)", "EpisodeOfCare/\(child)"] + requests {
        let read = try await browser.get("/fhir/\(address)", accept: "application/fhir+json", own)
        #expect(read.status == 200, "\(address)")
        #expect(read.json?["meta"]?["security"]?.array?.first?["code"]?.string == label, "\(address)")
      }
    }
  }

  /// Somebody is protected after another file of theirs was absorbed: that one tells of them no more than theirs does.
  @Test func whoeverWasAbsorbedBearsTheMarksOfWhoLivesOn() async throws {
    let told = try await site(false)
    let (register, newID) = (told.site.register, told.site.clock.environment.newID)
    @Sendable func submit(_ command: any Command) async throws -> Receipt {
      try await register.submit(Submission(command, key: newID(), author: "system"))
    }
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("Autre", "Jean", "75101")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1950, month: 1, day: 2), .male)
    let heir = try #require(try await submit(RegisterPatient(traits: traits)).subject("patient"))
    _ = try await submit(LinkHandedBack(here: "patient/\(told.patient)", there: heir))
    try await told.site.run { client in
      let browser = TestBrowser(client)
      let token = try await told.site.program(browser, ["system/*.rs"])
      let read = "/fhir/Patient/\(told.patient)"
      #expect(try await browser.get(read, accept: "application/fhir+json", token).status == 200)
      _ = try await submit(ProtectPresence(patient: heir, protected: true))
      #expect(try await browser.get(read, accept: "application/fhir+json", token).status == 403)
      var asking = token
      asking[HTTPFields.Element.Name("X-Read-Reason")!] = "essai"
      let opened = try await browser.get(read, accept: "application/fhir+json", asking)
      #expect(opened.json?["meta"]?["security"]?.array?.first?["code"]?.string == "R")
      let found = try await browser.get("/fhir/Patient?family=discret", accept: "application/fhir+json", token)
      #expect(found.json?["total"]?.integer == 0)
      #expect(try await TestBrowser(client).get("/patients/\(told.patient)").text.contains("DISCRET") == false)
    }
  }

  /// Somebody is on the way to psychiatry under a file of theirs that was absorbed: nothing of either is told.
  @Test(arguments: [CareKey.psychiatry, .ct])
  func whereAnAbsorbedFileGoesCountsForBoth(asked: CareKey) async throws {
    let site = try await TestSite()
    let stays = ["stay/\(try await site.admit("PETIT", "1"))", "stay/\(try await site.admit("PETIT", "2"))"]
    let people = try site.register.read { reading in try stays.map { try #require(try reading.stay($0)?.patient) } }
    try await site.say(
      Fact(
        kind: "patient.merged", subject: people[0], at: site.clock.now, data: ["into": .string(people[1])]))
    try await site.askTransfer(stays[0], [asked])
    let isTold = asked == .ct
    try await site.run { client in
      let browser = TestBrowser(client)
      let stranger = try await site.program(browser, ["system/*.rs"])
      for (search, count) in [
        ("Patient?_id=\(people[0].dropFirst(8))", 1), ("Patient?_id=\(people[1].dropFirst(8))", 1),
        ("Encounter?location=Location/unit-4EST", 2), ("Encounter?patient=Patient/\(people[1].dropFirst(8))", 2),
        ("Encounter?patient=Patient/\(people[0].dropFirst(8))", 2), ("Encounter?_id=\(stays[1].dropFirst(5))", 1),
        ("ServiceRequest?patient=\(people[0].dropFirst(8))", 1),
        ("ServiceRequest?patient=\(people[1].dropFirst(8))", 1),
      ] {
        let found = try await browser.get("/fhir/\(search)", accept: "application/fhir+json", stranger)
        #expect(found.json?["total"]?.integer == (isTold ? count : 0), "\(search)")
      }
    }
  }

  /// Somebody's custody was said of a file of theirs that was absorbed: nothing of either is told.
  @Test func whatIsSaidOfAnAbsorbedFileCountsForBoth() async throws {
    let site = try await TestSite()
    let stays = ["stay/\(try await site.admit("PETIT", "1"))", "stay/\(try await site.admit("PETIT", "2"))"]
    let people = try site.register.read { reading in try stays.map { try #require(try reading.stay($0)?.patient) } }
    let now = site.clock.now
    try await site.say(
      Fact(kind: "patient.situation-set", subject: people[0], at: now, data: ["kind": "custody"]),
      Fact(kind: "patient.merged", subject: people[0], at: now, data: ["into": .string(people[1])]))
    try await site.run { client in
      let browser = TestBrowser(client)
      let stranger = try await site.program(browser, ["system/*.rs"])
      for search in [
        "Patient?_id=\(people[0].dropFirst(8))", "Patient?_id=\(people[1].dropFirst(8))",
        "Encounter?location=Location/unit-4EST", "Encounter?_id=\(stays[1].dropFirst(5))",
      ] {
        let found = try await browser.get("/fhir/\(search)", accept: "application/fhir+json", stranger)
        #expect(found.json?["total"]?.integer == 0, "\(search)")
      }
    }
  }

  @Test func sayingWhyOpensAFileAndIsRecorded() async throws {
    let told = try await site(true)
    try await told.site.run { client in
      let browser = TestBrowser(client)
      var headers = try await told.site.program(browser, ["system/Patient.r", "system/AuditEvent.rs"])
      headers[HTTPFields.Element.Name("X-Read-Reason")!] = "bloc en attente"
      let read = try await browser.get("/fhir/Patient/\(told.patient)", accept: "application/fhir+json", headers)
      #expect(read.status == 200 && read.text.contains("DISCRET"))
      #expect(read.json?["meta"]?["security"]?.array?.first?["code"]?.string == "R")
      try told.site.register.flushReads()
      let audit = try await browser.get(
        "/fhir/AuditEvent?patient=Patient/\(told.patient)", accept: "application/fhir+json", headers)
      let event = audit.json?["entry"]?.array?.first?["resource"]
      #expect(event?["purposeOfEvent"]?.array?.first?["text"]?.string == "bloc en attente")
      #expect(event?["agent"]?.array?.first?["who"]?["display"]?.string == "PROGRAMME")
    }
  }

  @Test func aClosedAccountEndsItsTokens() async throws {
    let told = try await site(false)
    try await told.site.run { client in
      let browser = TestBrowser(client)
      let token = try await told.site.program(browser, ["system/*.rs"])
      let admin = try await TestBrowser(client, "admin", told.site.admin.secret)
      let id = try await admin.get("/staff", accept: "application/json").json?["accounts"]?.array?
        .first { $0["name"]?.string == "PROGRAMME" }?["id"]?.string
      let account = try #require(id)
      #expect(try await admin.post("/staff/\(account.dropFirst(8))/close", [:]).status < 400)
      let read = try await browser.get("/fhir/Patient/\(told.patient)", accept: "application/fhir+json", token)
      #expect(read.status == 401)
    }
  }

  @Test func aTokenEndsAfterItsTime() async throws {
    let told = try await site(false)
    try await told.site.run { client in
      let browser = TestBrowser(client)
      let token = try await told.site.program(browser, ["system/*.rs"])
      told.site.clock.advance(seconds: 901)
      let read = try await browser.get("/fhir/Patient/\(told.patient)", accept: "application/fhir+json", token)
      #expect(read.status == 401)
    }
  }
}
