import Hospital
import Ledger
import Register
import Testing
import Web

@Suite struct EnquiryPageTests {
  private static func ask(
    _ desk: TestBrowser, _ name: String = "PETIT Louise", birth: String = "12/03/1961", caller: String = "relative",
    accept: String = "text/html"
  ) async throws -> TestAnswer {
    try await desk.post(
      "/enquiries",
      ["name": name, "birth": birth, "asker": "Paul, son fils", "caller": caller, "channel": "desk"], accept: accept)
  }

  /// What differs from one answer to another of the same question: keys and hours.
  private static func bytes(_ answer: TestAnswer) -> String {
    answer.text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "")
      .replacing(/<header class="banner".*?<\/header>/.dotMatchesNewlines(), with: "")
      .replacing(/data-events-after="[^"]*"/, with: "")
  }

  @Test func theThreeAnswers() async throws {
    let site = try await TestSite()
    _ = try await site.account("standard", [.switchboard])
    _ = try await site.admit("MARTIN", "1")
    try await site.run { client in
      let desk = try await TestBrowser(client, "standard")
      #expect(try await desk.get("/enquiries").status == 200)
      let new = try await Self.ask(desk, "martin louise", accept: "application/json").json
      #expect(new?["answer"] == "ward" && new?["sentence"] == "Je vous passe l’unité.")
      #expect(new?["unit"] == "Médecine 4 Est")
      site.clock.advance(seconds: 2 * 3600)
      let desk2 = try await TestBrowser(client, "standard")
      let found = try await Self.ask(desk2, "martin louise", birth: "61 ans")
      #expect(found.text.contains("Unité Médecine 4 Est, chambre 412."))
      let unknown = try await Self.ask(desk2, "martin jeanne")
      #expect(unknown.text.contains("Je n’ai pas d’information à vous donner."))
      let police = try await Self.ask(desk2, "martin louise", caller: "police")
      #expect(police.text.contains("administrateur de garde") && !police.text.contains("4 Est"))
      // The file stays closed to the desk, and nothing of the question is in an address.
      #expect(try await desk2.get("/admissions").status == 403)
      let refused = try await desk2.post("/enquiries", ["name": "martin", "birth": "12/3/61"])
      #expect(refused.status == 422 && refused.text.contains("Notez qui demande"))
    }
  }

  /// Not a byte tells somebody who must not be told of from somebody who is not here.
  @Test(
    arguments: [
      ["protected": true], ["secret": true], ["situations": [["kind": "prisoner"]]],
      ["situations": [["kind": "custody"]]], ["situations": [["kind": "psychiatric", "code": "SDRE"]]],
      ["situations": [["kind": "minor", "code": "OPP"]]],
    ] as [JSON])
  func sameBytesAsForNobody(marks: JSON) async throws {
    let site = try await TestSite()
    _ = try await site.account("standard", [.switchboard])
    _ = try await site.account("auditeur", [.auditor])
    _ = try await site.admit("MARTIN", "1")
    try await site.run { client in
      let desk = try await TestBrowser(client, "standard")
      let before = try await Self.ask(desk)
      #expect(before.text.contains("Je n’ai pas d’information à vous donner."))
      _ = try await site.admit("PETIT", "2", marks)
      let after = try await Self.ask(desk)
      #expect(Self.bytes(after) == Self.bytes(before))
      let same = { (answer: TestAnswer) in answer.headers.filter { $0.name != .contentLength } }
      #expect(after.status == before.status && same(after) == same(before))

      // Who asked is kept for both; the name that was typed is not, even of whoever is not here.
      try site.register.flushReads()
      let reads = try site.register.read { try $0.newestReads() }.filter { $0.where.hasPrefix("enquiry") }
      #expect(reads.map(\.why) == Array(repeating: "guichet · proche · Paul, son fils", count: 2))
      #expect(reads.map { $0.patient == nil } == [false, true])
      let auditor = try await TestBrowser(client, "auditeur")
      let audit = try await auditor.get("/audit")
      #expect(audit.status == 200 && audit.text.contains("Paul, son fils"))
    }
  }

  /// The same marks rule the wall and the lists of other services, whoever looks.
  @Test(
    arguments: [
      ["protected": true], ["secret": true], ["situations": [["kind": "prisoner"]]],
      ["situations": [["kind": "minor", "code": "OPP"]]],
    ] as [JSON])
  func everySurfaceAsksTheSameRule(marks: JSON) async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse], units: ["4EST"])
    _ = try await site.admit("MARTIN", "1")
    _ = try await site.admit("PETIT", "2", marks)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let wall = try await nurse.get("/beds?mur").text
      #expect(wall.components(separatedBy: "sex-f").count == 2 && wall.contains("bed-discreet"))
      for version in ["catering", "porters", "pharmacy"] {
        for address in ["/units/4EST?version=\(version)", "/units/4EST/print?version=\(version)"] {
          let list = try await nurse.get(address).text
          #expect(list.contains("MARTIN") && !list.contains("PETIT"), "\(address)")
        }
        let json = try await nurse.get("/units/4EST?version=\(version)", accept: "application/json").text
        #expect(json.contains("MARTIN") && !json.contains("PETIT"))
      }
      // The unit itself knows whom it looks after.
      #expect(try await nurse.get("/units/4EST").text.contains("PETIT"))
    }
  }

  /// Nor is a newborn whose mother is told of to nobody.
  @Test(arguments: [false, true])
  func aNewbornIsOnTheListsThatItsMotherIsOn(isProtected: Bool) async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse], units: ["4EST"])
    let stay = try await site.admit("PETIT", "1", ["protected": .bool(isProtected)])
    let mother = try #require(try site.register.read { try $0.stay("stay/\(stay)")?.patient })
    _ = try await site.admit("ENFANT", "2", ["mother": .string(mother)])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      for version in ["catering", "porters", "pharmacy"] {
        let list = try await nurse.get("/units/4EST?version=\(version)").text
        for name in ["PETIT", "ENFANT"] { #expect(list.contains(name) == !isProtected, "\(version)") }
      }
      let wall = try await nurse.get("/beds?mur").text
      #expect(wall.components(separatedBy: "sex-f").count == (isProtected ? 1 : 3))
      #expect(try await nurse.get("/units/4EST").text.contains("ENFANT"))
    }
  }

  /// Whoever was sent to another hospital is told of by its name and the hour, for two days; if they may be told of.
  @Test(arguments: [false, true])
  func whoWasTransferred(isProtected: Bool) async throws {
    let site = try await TestSite()
    _ = try await site.account("standard", [.switchboard])
    let degraded: JSON = ["mode": "degrade", "reason": "essai"]
    try await site.say(Fact(kind: "mode.declared", subject: "mode/hospital", at: site.clock.now, data: degraded))
    let stay = "stay/\(try await site.admit("PETIT", "1", ["protected": .bool(isProtected)]))"
    let partner = Partner.subject(finess: "910000901")
    try await site.submit(DeclarePartners([.init(finess: "910000901", name: "CH d’Évry")]))
    let asked = try await site.submit(AskTransfer(stay: stay, partners: [partner]))
    let transfer = try #require(asked.subject("transfer"))
    try await site.submit(StepTransfer(transfer, .accepted))
    site.clock.advance(seconds: 7200)
    try await site.submit(StepTransfer(transfer, .left, transport: "AMBU"))
    let nothing = "Je n’ai pas d’information à vous donner."
    try await site.run { client in
      func answer() async throws -> JSON? {
        try await Self.ask(try await TestBrowser(client, "standard"), accept: "application/json").json
      }
      let left = try await answer()
      #expect(left?["answer"]?.string == (isProtected ? "nothing" : "elsewhere"))
      #expect(left?["sentence"]?.string?.contains(isProtected ? nothing : "pour un autre hôpital : CH d’Évry") == true)
      site.clock.advance(seconds: 1800)
      try await site.submit(StepTransfer(transfer, .arrived))
      let arrived = try await answer()
      #expect(arrived?["sentence"]?.string?.contains(isProtected ? nothing : "CH d’Évry, arrivée là-bas à") == true)
      #expect(arrived?["unit"]?.isNull == true)
      site.clock.advance(seconds: 48 * 3600)
      #expect(try await answer()?["answer"]?.string == "nothing")
    }
  }

  @Test func onlyWhoMayAnswers() async throws {
    let site = try await TestSite()
    _ = try await site.account("auditeur", [.auditor])
    try await site.run { client in
      let auditor = try await TestBrowser(client, "auditeur")
      #expect(try await auditor.get("/enquiries").status == 403)
      #expect(try await Self.ask(auditor).status == 403)
    }
  }
}
