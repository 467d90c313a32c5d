import Hospital
import Hummingbird
import Ledger
import Register
import Synchronization
import Testing
import Web

/// Patients whom programs make: each once, and known to have been made by a program.
@Suite struct FHIRCreatingTests {
  private static let scopes = ["system/*.rs", "system/Patient.crs"]

  /// - Parameter ins: a number that the INSi gives.
  private static func body(
    _ family: String = "Neuf", _ given: String = "Octave", born: String = "1944-05-06", ins: String? = nil
  ) -> String {
    let commune: JSON = [
      "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
      "valueCoding": ["code": "75112"],
    ]
    var patient = JSONObject([
      ("resourceType", "Patient"), ("gender", "male"), ("birthDate", .string(born)),
      ("name", [["use": "official", "family": .string(family), "given": [.string(given)]]]),
      (
        "extension",
        [
          [
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
            "valueAddress": ["extension": [commune]],
          ]
        ]
      ),
    ])
    if let ins {
      patient.append("identifier", [["system": "urn:oid:1.2.250.1.213.1.4.8", "value": .string(ins)]])
    }
    return String(decoding: JSON.object(patient).bytes, as: UTF8.self)
  }

  private static func asking(_ token: HTTPFields, _ condition: String?) -> HTTPFields {
    var headers = token
    headers[HTTPFields.Element.Name("If-None-Exist")!] = condition
    return headers
  }

  /// It is asked of everybody, protected or not: nothing is found out so of where they live.
  @Test(arguments: ["address-city=Q", "phone=0601020304"]) func noConditionIsOfAnAddress(asked: String) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      let condition = "birthdate=1961-03-12&family=MARTIN&\(asked)"
      let answer = try await browser.post("/fhir/Patient", json: Self.body(), Self.asking(token, condition))
      #expect(answer.status == 400)
    }
  }

  /// Nor of what no criteria know: asked of nobody, it would be answered by anybody.
  @Test(arguments: ["deceased=false", "gender:not=male", "phone:missing=true", "address-city:missing=false"])
  func noConditionIsOfWords(asked: String) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      let condition = "birthdate=1961-03-12&\(asked)"
      let answer = try await browser.post("/fhir/Patient", json: Self.body(), Self.asking(token, condition))
      #expect(answer.status == 400)
    }
  }

  /// A refusal says which element it is about, by R4's own name.
  @Test func whichElementIsRefused() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      let answer = try await browser.post("/fhir/Patient", json: Self.body(born: "2199-01-01"), token)
      #expect(answer.status == 422)
      #expect(answer.json?["issue"]?.array?.first?["expression"] == ["Patient.birthDate"])
    }
  }

  /// Who asks for no body is told where it lies.
  @Test(arguments: [
    ("return=minimal", true), ("handling=strict; return=minimal", true), ("return=representation", false),
  ])
  func whatIsSentBack(prefer: String, isEmpty: Bool) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      var headers = Self.asking(try await site.program(browser, Self.scopes), "identifier=urn:oid:1.2.250.1.77|L-9")
      headers[HTTPFields.Element.Name("Prefer")!] = prefer
      for status in [201, 200] {
        let answer = try await browser.post("/fhir/Patient", json: Self.body(), headers)
        #expect(answer.status == status && answer.text.isEmpty == isEmpty)
        #expect(answer.headers[.eTag] != nil && answer.headers[.location]?.contains("/_history/") == true)
      }
    }
  }

  /// Whoever was made does not answer to the condition: the first answer alone tells who they are.
  @Test(arguments: ["", "?anyway=yes"]) func oneConditionIsOnePatient(query: String) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let one = try await site.program(browser, Self.scopes, "one")
      let other = try await site.program(browser, Self.scopes, "other")
      let condition = "identifier=urn:oid:1.2.250.1.77|L-9"
      var made: Set<String> = []
      for (token, asked, status) in [
        (one, condition, 201), (one, condition, 200), (other, condition, 200),
        (one, "Patient?identifier=urn:oid:1.2.250.1.77%7CL-9", 200),
      ] {
        let answer = try await browser.post("/fhir/Patient\(query)", json: Self.body(), Self.asking(token, asked))
        #expect(answer.status == status, "\(asked)")
        made.insert(answer.json?["id"]?.string ?? "")
      }
      #expect(made.count == 1)
      // Nobody is answered with a stranger.
      let answer = try await browser.post(
        "/fhir/Patient\(query)", json: Self.body("Autre"), Self.asking(other, condition))
      #expect(answer.status == 422 && answer.text.contains("refusal.command-used"))
      let counted = try await browser.fhir("Patient?_summary=count", one)
      #expect(counted.json?["total"]?.integer == 1)
    }
  }

  /// The answer is lost, and the program asks another station that has heard of it all. Whom it sends there under the same
  /// words is somebody else, and one patient too: whatever another station said, true or not, stops nobody here.
  @Test(arguments: ["", "?anyway=yes"]) func oneConditionIsOnePatientOnEveryStation(query: String) async throws {
    let site = try await TestSite()
    let other = try Neighbour(of: site)
    let numbers = CedeNumbers(to: other.register.station)
    _ = try await site.register.submit(Submission(numbers, key: "numbers", author: "system"))
    let condition = "identifier=urn:oid:1.2.250.1.77|L-9"
    let made = Mutex("")
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      let answer = try await browser.post("/fhir/Patient\(query)", json: Self.body(), Self.asking(token, condition))
      #expect(answer.status == 201)
      made.withLock { $0 = answer.json?["id"]?.string ?? "" }
    }
    try await other.exchange(with: site)
    try await other.run(site.clock) { client in
      let browser = TestBrowser(client)
      let accounts = try other.register.read { try $0.accounts() }
      let program = try #require(accounts.first { $0.login == "programme" }).id
      try other.register.keep(Client(account: program, secret: "s3cret", scopes: Self.scopes))
      let token = try await browser.token(of: program)
      let another = Self.body("Autre", "Ferdinand", born: "1987-11-30")
      var ids: [String] = []
      for (body, status) in [
        (Self.body(), 200), (another, 201), (Self.body(), 200), (another, 200),
      ] {
        let answer = try await browser.post("/fhir/Patient\(query)", json: body, Self.asking(token, condition))
        #expect(answer.status == status, "\(ids)")
        ids.append(answer.json?["id"]?.string ?? "")
      }
      #expect([ids[0], ids[2]] == Array(repeating: made.withLock { $0 }, count: 2))
      #expect(ids[1] == ids[3] && ids[1] != ids[0])
      let counted = try await browser.fhir("Patient?_summary=count", token)
      #expect(counted.json?["total"]?.integer == 2)
    }
  }

  @Test func oneConditionAtTheSameMomentIsOnePatient() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let tokens = [
        try await site.program(browser, Self.scopes, "one"), try await site.program(browser, Self.scopes, "other"),
      ]
      let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
        for number in 0..<8 {
          group.addTask {
            try await browser.post(
              "/fhir/Patient", json: Self.body(),
              Self.asking(tokens[number % 2], "identifier=urn:oid:1.2.250.1.77|L-9"))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 200, 200, 200, 201])
      #expect(Set(answers.map { $0.json?["id"]?.string }).count == 1)
    }
  }

  /// It is fetched here and qualified by a person: dropped in silence, the program would send the patient again.
  @Test(
    arguments: [
      ("identifier=urn:oid:1.2.250.1.213.1.4.8|144057511200192", nil),
      ("identifier=urn:OID:1.2.250.1.213.1.4.8|144057511200192", nil),
      ("identifier=urn:oid:1.2.250.1.213.1.4.8|144057511200192", "144057511200192"), (nil, "144057511200192"),
    ] as [(String?, String?)])
  func anINSIsTakenFromNoProgram(condition: String?, ins: String?) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      for query in ["", "?anyway=yes"] {
        let answer = try await browser.post(
          "/fhir/Patient\(query)", json: Self.body(ins: ins), Self.asking(token, condition))
        #expect(answer.status == 422)
        let details = answer.json?["issue"]?.array?.first?["details"]
        #expect(details?["coding"]?.array?.first?["code"]?.string == "fhir.ins")
        #expect(details?["text"]?.string?.contains("If-None-Exist") == true)
      }
      let counted = try await browser.fhir("Patient?_summary=count", token)
      #expect(counted.json?["total"]?.integer == 0)
    }
  }

  /// Registered without it, somebody dead would be alive.
  @Test(
    arguments: [
      ("deceasedBoolean", true), ("deceasedDateTime", "2022-08-20"), ("active", false),
      ("modifierExtension", [["url": "urn:x", "valueBoolean": true]]),
    ] as [(String, JSON)])
  func whatWouldChangeTheMeaningIsRefused(key: String, value: JSON) async throws {
    let site = try await TestSite()
    var sent = try #require(JSON(parsing: Array(Self.body().utf8)).object)
    sent.append(key, value)
    let body = String(decoding: JSON.object(sent).bytes, as: UTF8.self)
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes)
      let answer = try await browser.post("/fhir/Patient", json: body, token)
      let details = answer.json?["issue"]?.array?.first?["details"]
      #expect(answer.status == 422 && details?["coding"]?.array?.first?["code"]?.string == "fhir.untaken")
      #expect(details?["text"]?.string?.contains("Patient.\(key)") == true)
      let counted = try await browser.fhir("Patient?_summary=count", token)
      #expect(counted.json?["total"]?.integer == 0)
    }
  }

  /// A program that made or read somebody is named, and is no Practitioner.
  @Test func aProgramIsNoPractitioner() async throws {
    let site = try await TestSite()
    let nurse = try await site.account("petit", [.nurse])
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, Self.scopes + ["system/AuditEvent.rs"])
      let accounts = try site.register.read { try $0.accounts() }
      let program = try #require(accounts.first { $0.login == "programme" }).id.afterSlash
      #expect(try await browser.fhir("Practitioner/\(nurse.afterSlash)", token).status == 200)
      #expect(try await browser.fhir("Practitioner/\(program)", token).status == 404)
      let made = try await browser.post("/fhir/Patient", json: Self.body(), token)
      let patient = try #require(made.json?["id"]?.string)
      #expect(try await browser.fhir("Patient/\(patient)", token).status == 200)
      try site.register.flushReads()
      for search in [
        "Provenance?patient=Patient/\(patient)", "AuditEvent?patient=Patient/\(patient)",
        "AuditEvent?agent=Device/\(program)", "AuditEvent?agent=\(program)",
      ] {
        let who = try await browser.fhir(search, token).resources.first?["agent"]?.array?.first?["who"]
        #expect(who?["identifier"]?["value"]?.string == "urn:uuid:\(program)", "\(search)")
        #expect(who?["type"]?.string == "Device" && who?["display"]?.string == "PROGRAMME", "\(search)")
        #expect(who?["reference"] == nil, "\(search)")
      }
    }
  }
}
