import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// What an export is asked for, and that it is no more.
@Suite struct FHIRExportTests {
  private struct Say: Command {
    var fact: Fact

    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: [fact]) }
  }

  @Test(arguments: [
    ("", 202), ("?_type=Patient&_type=Encounter&_since=2022-08-21", 202), ("?_outputFormat=ndjson", 202),
    ("?_outputFormat=application/ndjson", 202), ("?_outputFormat=application/fhir%2Bndjson", 202),
    ("?_outputFormat=application/fhir+ndjson", 202), ("?_outputFormat=text/csv", 400),
    ("?_typeFilter=Patient%3Factive%3Dtrue", 400), ("?_elements=id", 400), ("?patient=Patient/1", 400),
    ("?_since=2022&_since=2023", 400), ("?_type=Nothing", 400),
    ("?_type=", 400), ("?_type=,", 400), ("?_since=hier", 400), ("?_since=2022-08-21,lt1900", 400),
    ("?_since=2022-08-21T10:00:00.123,lt1900", 400), ("?_since=lt1900", 400), ("?_since=", 400),
  ])
  func anExportIsWhatWasAsked(query: String, status: Int) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let begun = try await browser.fhir(
        "$export\(query)", token, [HTTPFields.Element.Name("Prefer")!: "respond-async"])
      #expect(begun.status == status)
      guard status == 202 else { return }
      let address = try #require(begun.headers[.contentLocation]?.components(separatedBy: "/fhir/").last)
      let manifest = try await browser.fhir(address, token)
      let request = try #require(manifest.json?["request"]?.string?.removingPercentEncoding)
      let asked = query.replacingOccurrences(of: "fhir+", with: "fhir ").removingPercentEncoding ?? ""
      #expect(request.hasSuffix("/fhir/$export\(asked)"))
      let types = manifest.json?["output"]?.array?.compactMap { $0["type"]?.string } ?? []
      #expect(query.contains("_type") ? types == ["Patient", "Encounter"] : types.count == 8)
      #expect(try await browser.fhir("$export/Patient?_elements=id", token).status == 400)
      #expect(try await browser.fhir("\(address)&_elements=id", token).status == 400)
    }
  }

  /// Everybody's files without the hospital's places: the same files, asked for at Patient.
  @Test(arguments: [
    ("Patient/$export", 202), ("Patient/$export?_type=Encounter,Patient", 202), ("Patient/$export?_type=Location", 400),
    ("Patient/$export?patient=Patient/1", 400), ("Encounter/$export", 404),
  ])
  func anExportOfPatients(path: String, status: Int) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      #expect(try await browser.fhir("Patient/$export", token).status == 400)
      let begun = try await browser.fhir(path, token, [HTTPFields.Element.Name("Prefer")!: "respond-async"])
      #expect(begun.status == status)
      guard status == 202 else { return }
      let address = try #require(begun.headers[.contentLocation]?.components(separatedBy: "/fhir/").last)
      let manifest = try await browser.fhir(address, token)
      #expect(manifest.json?["request"]?.string?.removingPercentEncoding?.hasSuffix("/fhir/\(path)") == true)
      #expect(
        manifest.json?["output"]?.array?.compactMap { $0["type"]?.string }
          == ["Patient", "Encounter"]
          + (path.contains("_type") ? [] : ["EpisodeOfCare", "Appointment", "ServiceRequest"])
      )
    }
  }

  /// Cut off, the other station corrects somebody before this one does, and is heard after the export.
  @Test func whatComesFromElsewhereIsExportedSinceItCame() async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1"))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    let other = try Neighbour(of: site)
    try await other.exchange(with: site)
    @Sendable func correct(_ name: String, _ register: Register) async throws {
      site.clock.advance(seconds: 600)
      let fact = Fact(
        kind: "patient.corrected", subject: patient, at: site.clock.now, data: ["usedName": .string(name)])
      _ = try await register.submit(
        Submission(Say(fact: fact), key: site.clock.environment.newID(), author: "system"))
    }
    try await correct("UN", other.register)
    try await correct("DEUX", site.register)
    site.clock.advance(seconds: 600)
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let begun = try await browser.fhir("$export", token, [HTTPFields.Element.Name("Prefer")!: "respond-async"])
      let address = try #require(begun.headers[.contentLocation]?.components(separatedBy: "/fhir/").last)
      let manifest = try await browser.fhir(address, token)
      let since = try #require(manifest.json?["transactionTime"]?.string)
      func hour() async throws -> String? {
        try await browser.fhir("Patient/\(patient.afterSlash)", token).json?["meta"]?["lastUpdated"]?.string
      }
      let before = try #require(try await hour())
      site.clock.advance(seconds: 300)
      #expect(try await browser.fhir("$export/Patient?_since=\(since)", token).text.isEmpty)
      try await other.exchange(with: site)
      let told = try await browser.fhir("$export/Patient?_since=\(since)", token).text
      #expect(told.contains("\"id\":\"\(patient.afterSlash)\""))
      #expect(try #require(try await hour()) > before)
    }
  }

  @Test func accountsAreExportedSinceTheyChanged() async throws {
    let site = try await TestSite()
    _ = try await site.account("before", [.nurse])
    site.clock.advance(seconds: 60)
    let since = site.clock.now.text
    _ = try await site.account("after", [.nurse])
    try await site.run { client in
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/*.rs"])
      let lines = try await browser.fhir("$export/Practitioner?_since=\(since)", token)
      #expect(lines.text.contains("AFTER") && !lines.text.contains("BEFORE"))
    }
  }
}
