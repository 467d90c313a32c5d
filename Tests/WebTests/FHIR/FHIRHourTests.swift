import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// What programs find is so at this hour, and they hear of it when it changes.
@Suite struct FHIRHourTests {
  private func movement(
    _ site: TestSite, _ kind: String, _ stay: String, _ trigger: String, at: Instant, unit: String? = "4EST",
    patient: String? = nil
  ) async throws {
    var movement = JSONObject([("key", .string("\(stay)-\(trigger)-\(at.text)")), ("trigger", .string(trigger))])
    movement["unit"] = unit.map { .string($0) }
    var data = JSONObject([("movement", .object(movement))])
    data["patient"] = patient.map { .string($0) }
    try await site.say(Fact(kind: "stay.\(kind)", subject: stay, at: at, data: .object(data)))
  }

  private static let hours: [(search: String, now: Set<String>, later: Set<String>)] = [
    ("Encounter?status=in-progress,onleave", ["leaving"], ["coming"]),
    ("Encounter?status=in-progress&location=Location/unit-4EST", ["leaving"], ["coming"]),
    ("EpisodeOfCare?status=active", ["leaving"], ["coming"]), ("Encounter?status=finished", [], ["leaving"]),
    ("EpisodeOfCare?status=finished", [], ["leaving"]),
    ("Encounter?status=planned", ["coming", "expected"], ["expected"]),
    ("Encounter?status=planned&location=Location/unit-4EST", ["coming", "expected"], ["expected"]),
    ("EpisodeOfCare?status=planned", ["coming", "expected"], ["expected"]),
    ("Encounter?location=Location/unit-4EST", ["leaving", "coming", "expected"], ["leaving", "coming", "expected"]),
    ("Encounter?status=cancelled", [], []),
  ]

  /// A discharge and an admission that are still to come change nothing before their hour.
  @Test(arguments: hours.indices) func statusesAreOfThisHour(index: Int) async throws {
    let (search, now, later) = Self.hours[index]
    let site = try await TestSite()
    let leaving = "stay/\(try await site.admit("PETIT", "1"))"
    let patient = try #require(try site.register.read { try $0.stay(leaving)?.patient })
    let (coming, expected) = ("stay/\(site.clock.environment.newID())", "stay/\(site.clock.environment.newID())")
    let soon = site.clock.now.adding(seconds: 3600)
    try await movement(site, "discharged", leaving, "A03", at: soon, unit: nil)
    try await movement(site, "admitted", coming, "A01", at: soon, patient: patient)
    try await movement(
      site, "preadmitted", expected, "A05", at: soon.adding(seconds: 3600), patient: patient)
    let names = [leaving: "leaving", coming: "coming", expected: "expected"]
    try await site.run { client in
      let browser = TestBrowser(client)
      for (wanted, login) in [(now, "now"), (later, "later")] {
        let token = try await site.program(browser, ["system/*.rs"], login)
        let found = try await browser.fhir(search, token).resources.compactMap { $0["id"]?.string }
        #expect(Set(found.map { names["stay/\($0)"] ?? $0 }) == wanted, "\(login)")
        site.clock.advance(seconds: 3600)
      }
    }
  }

  /// Somebody leaves a unit that tells of nobody: no line speaks of them or of what they did before, and an export since
  /// then brings both all the same.
  @Test func whoeverMayBeToldOfAgainIsExported() async throws {
    let site = try await TestSite()
    try await site.say(
      Fact(
        kind: "unit.declared", subject: "unit/\(site.clock.environment.newID())", at: site.clock.now,
        data: ["code": "ADDICTO", "name": "Addictologie", "site": "910000001", "discreet": true]))
    let stay = "stay/\(try await site.admit("PETIT", "1"))"
    _ = try await site.admit("AUTRE", "2")
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    let earlier = "stay/\(site.clock.environment.newID())"
    let before = site.clock.now.adding(seconds: -86_400)
    try await movement(site, "admitted", earlier, "A01", at: before, patient: patient)
    try await movement(site, "discharged", earlier, "A03", at: before.adding(seconds: 3600), unit: nil)
    try await movement(site, "transferred", stay, "A02", at: site.clock.now, unit: "ADDICTO")
    site.clock.advance(seconds: 60)
    let since = site.clock.now.text
    let told = ["Patient": [patient], "Encounter": [stay, earlier], "EpisodeOfCare": [stay, earlier]]
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      func exported(_ type: String, _ query: String = "") async throws -> Set<String> {
        let lines = try await browser.fhir("$export/\(type)\(query)", token).text
        return Set(
          try lines.split(separator: "\n").compactMap { try JSON(parsing: String($0))["id"]?.string })
      }
      for (type, subjects) in told {
        let whole = try await exported(type)
        #expect(!whole.isEmpty && whole.isDisjoint(with: subjects.map(\.afterSlash)), "\(type)")
        #expect(try await exported(type, "?_since=\(since)") == [], "\(type)")
      }
      try await movement(site, "transferred", stay, "A02", at: site.clock.now)
      for (type, subjects) in told {
        #expect(try await exported(type, "?_since=\(since)") == Set(subjects.map(\.afterSlash)), "\(type)")
      }
    }
  }

  /// Where somebody is says whether they are told of.
  @Test func withAStayWhoeverItIsOfIsTold() async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1"))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      async let answer = browser.fhir("$changes", token)
      while site.app.pages.listenerCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
      site.app.pages.send("change", stay)
      site.app.pages.close()
      let told = try await answer.text
      #expect(told.contains("Encounter/\(stay.afterSlash)") && told.contains("Patient/\(patient.afterSlash)"))
    }
  }
}
