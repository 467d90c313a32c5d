import Hospital
import Ledger
import Register
import Testing
import Web

/// What protects somebody, on the page of their file: whoever said it lifts it.
@Suite struct ProtectionPageTests {
  private static let patient = "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4711"))"

  private struct Said: Command {
    var facts: [(kind: String, data: JSON)]

    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
      Decision(facts: facts.map { Fact(kind: $0.kind, subject: patient, at: moment.now, data: $0.data) })
    }
  }

  /// In standby, of a file of the main system's; in degraded mode everything is done here.
  @Test(arguments: [true, false], [Mode.standby, .degraded]) func whoSaidItLiftsIt(
    isOfFeed: Bool, mode: Mode
  ) async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    if mode != .standby { try await site.submit(DeclareMode(mode: mode, isLocal: false, reason: "essai")) }
    site.clock.advance(seconds: 1)
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: site.clock.now)
    let care = LegalSituation(kind: "psychiatric", code: "SDT", since: site.clock.now, id: isOfFeed ? "Z1" : nil)
    let marks: [(kind: String, data: JSON)] = [
      isOfFeed ? ("patient.described", ["protected": true]) : ("patient.protected", ["protected": true]),
      ("patient.situation-set", care.json),
    ]
    let described: [(kind: String, data: JSON)] = [("patient.described", ["birthName": "MARTIN"])]
    _ = try await site.register.submit(
      Submission(
        Said(facts: described + (isOfFeed ? marks : [])), key: site.clock.environment.newID(), author: "system",
        source: source))
    site.clock.advance(seconds: 1)
    if !isOfFeed { try await site.submit(Said(facts: marks)) }
    site.clock.advance(seconds: 1)
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let address = "/patients/\(Self.patient.uuid)"
      #expect(try await browser.post("/glass/\(Self.patient.uuid)?next=/", ["reason": "essai"]).status == 303)
      let isHeld = isOfFeed && mode == .standby
      let page = try await browser.get(address).text
      #expect(page.contains("Divulguer à nouveau") != isHeld)
      #expect(page.contains("<button class=\"link\">terminer</button>") != isHeld)
      #expect(try await browser.post("\(address)/protect", ["protected": "no"]).status == (isHeld ? 422 : 303))
      let ended = try await browser.post("\(address)/situation-ended", ["kind": "psychiatric"]).status
      #expect(ended == (isHeld ? 422 : 303))
      site.clock.advance(seconds: 1)
      // Whoever is to be told to nobody is so at once.
      if !isHeld {
        #expect(try await browser.get(address).text.contains("name=\"protected\" value=\"yes\""))
        #expect(try await browser.post("\(address)/protect", ["protected": "yes"]).status == 303)
      }
    }
  }
}
