import Hospital
import Ledger
import Register
import Testing
import Web

/// A death as the page of a file tells it, beside its traits and in its history.
@Suite struct DeathPageTests {
  private static let patient = "patient/\(Name.subject("patient", "1.2.250.1.99.1", "4711"))"

  private struct Described: Command {
    var before: String?

    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
      var data = JSONObject([
        ("birthName", "MARTIN"), ("deceased", true), ("deathAt", "2022-05-31T22:00:00.000Z"),
      ])
      if let before { data.append("deathBefore", .string(before)) }
      return Decision(
        facts: [Fact(kind: "patient.described", subject: patient, at: moment.now, data: .object(data))])
    }
  }

  /// No hour is shown of a death of which the day alone is known, nor a day where it is the month.
  @Test(
    arguments: [
      (nil, "01/06 00:00", nil), ("2022-06-01T22:00:00.000Z", "01/06/2022", "01/06 00:00"),
      ("2022-06-30T22:00:00.000Z", "06/2022", "01/06"),
    ] as [(String?, String, String?)])
  func asMuchAsIsKnown(before: String?, shown: String, hidden: String?) async throws {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: site.clock.now)
    _ = try await site.register.submit(
      Submission(Described(before: before), key: site.clock.environment.newID(), author: "system", source: source))
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let page = try await browser.get("/patients/\(Self.patient.uuid)").text
      #expect(page.contains(shown))
      if let hidden { #expect(!page.contains(hidden)) }
    }
  }
}
