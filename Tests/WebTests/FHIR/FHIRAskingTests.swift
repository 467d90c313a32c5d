import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// How an answer is put in order, cut, and told with what refers to it.
@Suite struct FHIRAskingTests {
  /// Pages of a sorted answer are met once each and in order, whoever comes meanwhile.
  @Test(arguments: [("family", false), ("-family", true)])
  func pagesOfASortedAnswer(sort: String, isDescending: Bool) async throws {
    let site = try await TestSite()
    for (name, number) in [("CORBEAU", "1"), ("ABEILLE", "2"), ("DAIM", "3"), ("BELETTE", "4")] {
      _ = try await site.admit(name, nil, number: number)
    }
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      var next: String? = "Patient?birthdate=1961-03-12&_count=1&_sort=\(sort)"
      var names: [String] = []
      while let path = next {
        let page = try await browser.fhir(path, token)
        #expect(page.status == 200)
        names += page.resources.compactMap { $0["name"]?.array?.first?["family"]?.string }
        if names.count == 2 { _ = try await site.admit("BELLEAU", nil, number: "5") }
        next =
          page.json?["link"]?.array?.first { $0["relation"] == "next" }?["url"]?.string?
          .components(separatedBy: "/fhir/").last
      }
      let met = ["ABEILLE", "BELETTE", "BELLEAU", "CORBEAU", "DAIM"]
      // Whoever came stands behind the second page one way, and before its end the other.
      #expect(names == (isDescending ? met.reversed() : met))
      let refused = try await browser.fhir("Patient?_sort=phone", token)
      #expect(refused.status == 400 && refused.text.contains("birthdate"))
      let alone = try await browser.fhir("Patient?phone=0601020304", token)
      #expect(alone.status == 400 && alone.text.contains("birthdate"))
    }
  }

  /// What refers to a page is told by the rules of a search of its own: its scope, and the rule of disclosure.
  @Test func whatRefersToAPageIsToldAsASearchTellsIt() async throws {
    let site = try await TestSite()
    let stays = ["PETIT", "GRAND"].map { ($0, $0 == "PETIT") }
    var people: [String] = []
    for (name, isProtected) in stays {
      let stay = "stay/\(try await site.admit(name, nil, ["protected": .bool(isProtected)]))"
      people.append(try #require(try site.register.read { try $0.stay(stay)?.patient }).afterSlash)
    }
    let asked = "Patient?birthdate=1961-03-12&_revinclude=Encounter:subject&_revinclude=Provenance:target"
    try await site.run { [people] client in
      let browser = TestBrowser(client)
      let stranger = try await site.program(browser, ["system/*.rs"])
      let own = try await site.program(browser, ["system/*.rs"], "service", units: ["4EST"])
      for (token, told) in [(stranger, [people[1]]), (own, people)] {
        let found = try await browser.fhir(asked, token)
        #expect(found.status == 200)
        func referred(_ type: String, _ element: (JSON) -> String?) -> Set<String> {
          Set(found.resources.filter { $0["resourceType"]?.string == type }.compactMap(element))
        }
        #expect(referred("Patient") { $0["id"]?.string } == Set(told))
        #expect(referred("Encounter") { $0["subject"]?["reference"]?.string } == Set(told.map { "Patient/\($0)" }))
        let targets = referred("Provenance") { $0["target"]?.array?.first?["reference"]?.string }
        #expect(targets.count == told.count)
        #expect(targets.allSatisfy { target in told.contains { target.hasPrefix("Patient/\($0)/_history/") } })
        let modes = found.json?["entry"]?.array?.compactMap { $0["search"]?["mode"]?.string } ?? []
        #expect(modes.filter { $0 == "match" }.count == told.count)
      }
      let narrow = try await site.program(browser, ["system/Patient.rs", "system/Encounter.r"], "étroit")
      #expect(try await browser.fhir(asked, narrow).status == 403)
    }
  }

  /// Somebody with so many stays, numbered from 1; in lines of at most 500 facts.
  private func attend(_ site: TestSite, _ patient: String, _ numbers: Range<Int>) async throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 500) {
      try await site.say(
        (start..<min(start + 500, numbers.upperBound)).map { number in
          Fact(
            kind: "stay.admitted", subject: "stay/\(site.clock.environment.newID())", at: site.clock.now,
            data: [
              "patient": .string(patient), "number": .string("S\(number)"),
              "movement": ["key": .string("\(number)"), "trigger": "A04", "unit": "4EST", "class": "outpatient"],
            ])
        })
    }
  }

  private func register(_ site: TestSite) async throws -> String {
    let patient = "patient/\(site.clock.environment.newID())"
    try await site.say(
      Fact(kind: "patient.registered", subject: patient, at: site.clock.now, data: ["birthName": "PETIT"]))
    return patient
  }

  /// A thousand that refer to a page are told with it, of whatever type; one more is refused, which says how many may.
  @Test func howManyMayReferToAPage() async throws {
    let site = try await TestSite()
    let patient = try await register(site)
    try await attend(site, patient, 1..<1000)
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let stays = "Patient?_id=\(patient.afterSlash)&_revinclude=Encounter:subject"
      // The line that registered them is one that refers.
      func told(_ asked: String) async throws -> Int {
        let answer = try await browser.fhir(asked, token)
        #expect(answer.status == 200)
        return answer.resources.count - 1
      }
      func isRefused(_ asked: String) async throws {
        let answer = try await browser.fhir(asked, token)
        #expect(answer.status == 400)
        #expect(answer.text.contains("fhir.revinclude-many") && answer.text.contains("1000"))
      }
      #expect(try await told(stays + "&_revinclude=Provenance:target") == 1000)
      try await attend(site, patient, 1000..<1001)
      #expect(try await told(stays) == 1000)
      try await isRefused(stays + "&_revinclude=Provenance:target")
      try await isRefused(
        "Patient?_id=\(patient.afterSlash)&_revinclude=Provenance:target&_revinclude=Encounter:subject")
      try await attend(site, patient, 1001..<1002)
      try await isRefused(stays)
    }
  }

  /// Two thousand are looked through and put in order; one more is refused.
  @Test func howManyAreSorted() async throws {
    let site = try await TestSite()
    let patient = try await register(site)
    try await attend(site, patient, 1..<2001)
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let asked = "Encounter?patient=\(patient.afterSlash)&_sort=-date&_count=1"
      let sorted = try await browser.fhir(asked, token)
      #expect(sorted.status == 200 && sorted.json?["total"] == 2000 && sorted.resources.count == 1)
      try await attend(site, patient, 2001..<2002)
      let refused = try await browser.fhir(asked, token)
      #expect(refused.status == 400)
      #expect(refused.text.contains("fhir.sort-many") && refused.text.contains("2000"))
      // Unsorted they come a page after the other.
      #expect(try await browser.fhir("Encounter?patient=\(patient.afterSlash)&_count=1", token).status == 200)
    }
  }

  /// A subset of a closed file is as closed, and one that is read is as recorded.
  @Test(arguments: [false, true]) func elementsOfARead(isProtected: Bool) async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", nil, ["protected": .bool(isProtected)]))"
    let id = try #require(try site.register.read { try $0.stay(stay)?.patient }).afterSlash
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let read = try await browser.fhir("Patient/\(id)?_elements=birthDate", token)
      #expect(read.status == (isProtected ? 403 : 200))
      #expect(!read.text.contains("PETIT"))
      guard !isProtected else { return }
      #expect(read.json?.object?.members.map(\.key) == ["resourceType", "id", "meta", "active", "birthDate"])
      let whole = try await browser.fhir("Patient/\(id)", token)
      #expect(whole.text.contains("PETIT") && whole.headers[.eTag] != read.headers[.eTag])
      #expect(try await browser.fhir("Patient/\(id)?_elements=*", token).status == 400)
      let history = try await browser.fhir("Patient/\(id)/_history?_elements=birthDate", token)
      #expect(history.resources.count == 1 && !history.text.contains("PETIT"))
    }
  }

  /// JSON alone; what the address says goes before the header.
  @Test(
    arguments: [
      ("", nil, 200), ("", "*/*", 200), ("", "application/fhir+xml", 406), ("", "text/turtle", 406),
      ("", "application/fhir+xml, application/fhir+json;q=0.5", 200), ("", "text/html,application/xml,*/*;q=0.8", 200),
      ("?_format=xml", "application/fhir+json", 406), ("?_format=json", "application/fhir+xml", 200),
      ("?_format=application/fhir%2Bjson", nil, 200), ("?_format=text/turtle", nil, 406),
    ] as [(String, String?, Int)])
  func oneFormat(query: String, accept: String?, status: Int) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let headers: HTTPFields = accept.map { [.accept: $0] } ?? [:]
      let answer = TestAnswer(
        try await client.executeRequest(uri: "/fhir/metadata\(query)", method: .get, headers: headers, body: nil))
      #expect(answer.status == status)
      #expect(answer.json?["resourceType"]?.string == (status == 200 ? "CapabilityStatement" : "OperationOutcome"))
      let sent = TestAnswer(
        try await client.executeRequest(
          uri: "/fhir/Patient\(query)", method: .post, headers: [.contentType: "application/fhir+xml"], body: nil))
      #expect(sent.status == (query.isEmpty || status == 200 ? 415 : 406))
    }
  }

  /// Weakly, in a list, or whatever there is; nothing is the same as nothing at all.
  @Test(arguments: [
    ("W/TAG", 304), ("TAG", 304), (#""x", W/TAG"#, 304), ("*", 304), (#""x""#, 200), (",", 200), (#"""#, 200),
  ])
  func whatIsUnchanged(header: String, status: Int) async throws {
    let site = try await TestSite()
    _ = try await site.admit("PETIT", "1")
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let id = try #require(try await browser.fhir("Patient", token).resources.first?["id"]?.string)
      let tag = try #require(try await browser.fhir("Patient/\(id)", token).headers[.eTag])
      let known = header.replacingOccurrences(of: "TAG", with: tag.dropFirst(2))
      #expect(try await browser.fhir("Patient/\(id)", token, [.ifNoneMatch: known]).status == status)
    }
  }

  /// A page says how it was asked for, and so does a number alone.
  @Test(arguments: ["Patient", "Patient?family=PETIT&_count=0", "Patient?_count=1&_after=1"])
  func howAPageWasAskedFor(query: String) async throws {
    let site = try await TestSite()
    for name in ["PETIT", "GRAND"] { _ = try await site.admit(name, nil) }
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let link = try await browser.fhir(query, token).json?["link"]?.array?.first
      #expect(link?["relation"] == "self" && link?["url"]?.string?.hasSuffix("/fhir/\(query)") == true)
    }
  }

  /// A token that holds no more is told from none (RFC 6750), and its scheme is the same in either case.
  @Test(arguments: ["Bearer", "bearer", "BEARER"]) func theSchemeOfAToken(scheme: String) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try #require(try await site.program(browser, ["system/*.rs"])[.authorization])
      let authorization = "\(scheme) \(token.split(separator: " ")[1])"
      #expect(try await browser.fhir("Patient", [.authorization: authorization]).status == 200)
    }
  }

  @Test(arguments: [(nil, false), ("Bearer 00", true)] as [(String?, Bool)])
  func whoIsNotLetIn(authorization: String?, isShown: Bool) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let answer = try await TestBrowser(client).fhir("Patient", authorization.map { [.authorization: $0] } ?? [:])
      #expect(answer.status == 401)
      #expect(answer.headers[.wwwAuthenticate]?.contains("invalid_token") == isShown)
    }
  }

  /// What is served is what is said to be served.
  @Test func theFeedOfChangesIsSaid() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let said = try await browser.fhir("metadata", [:])
      let operations = said.json?["rest"]?.array?.first?["operation"]?.array ?? []
      #expect(operations.compactMap { $0["name"]?.string } == ["changes", "export"])
      let path = try #require(operations.first?["definition"]?.string?.components(separatedBy: "/fhir/").last)
      let definition = try await browser.fhir(path, [:])
      #expect(definition.json?["resourceType"] == "OperationDefinition")
      #expect(definition.json?["code"] == "changes")
    }
  }
}
