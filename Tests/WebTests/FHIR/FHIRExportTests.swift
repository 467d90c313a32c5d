import Foundation
import Hospital
import Hummingbird
import Testing
import Web

/// What an export is asked for, and that it is no more.
@Suite struct FHIRExportTests {
  @Test(arguments: [
    ("", 202), ("?_type=Patient&_type=Encounter&_since=2022-08-21", 202), ("?_outputFormat=ndjson", 202),
    ("?_outputFormat=application/ndjson", 202), ("?_outputFormat=application/fhir%2Bndjson", 202),
    ("?_outputFormat=application/fhir+ndjson", 202), ("?_outputFormat=text/csv", 400),
    ("?_typeFilter=Patient%3Factive%3Dtrue", 400), ("?_elements=id", 400), ("?patient=Patient/1", 400),
    ("?_since=2022&_since=2023", 400), ("?_type=Nothing", 400),
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
