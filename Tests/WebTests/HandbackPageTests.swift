import Feeds
import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// The page that shows what goes back, what of it was refused, and the account of it all.
@Suite struct HandbackPageTests {
  private func night() async throws -> TestSite {
    let site = try await TestSite(handsBack: true)
    _ = try await site.account("garde", [.duty])
    _ = try await site.account("petit", [.nurse])
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("ZWEIFEL", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    let patient = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
    try await site.submit(Admit(patient: patient, stayClass: .inpatient, unit: "4EST", entryMode: "8"))
    return site
  }

  /// The identity was taken, the admission refused.
  private func refused(_ site: TestSite) async throws {
    let commits = try site.register.read { try $0.commitsToHandBack() }
    #expect(commits.map(\.kinds) == [["patient.registered"], ["stay.admitted"]])
    try await site.submit(
      NoteHandback([
        .init(commit: commits[0].place, count: 1, control: "C1", trigger: "A28", at: site.clock.environment.now()),
        .init(
          commit: commits[1].place, count: 1, control: "C2", trigger: "A01", at: site.clock.environment.now(),
          refusal: .init(answer: "AE", place: "PV1^1^3", reason: "<i>UF inconnue")),
      ]))
  }

  @Test func whatIsLeft() async throws {
    let site = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let json = try await duty.get("/handback", accept: "application/json").json
      #expect(json?["pending"] == .integer(2) && json?["acknowledged"] == .integer(0))
      try await refused(site)
      let page = try await duty.get("/handback").text
      #expect(page.contains("&lt;i&gt;UF inconnue") && page.contains("Admission"))
      #expect(page.contains("AE") && !page.contains("ZWEIFEL"))
      #expect(try await TestBrowser(client, "petit").get("/handback").status == 403)
    }
  }

  @Test func aPersonSettlesARefusal() async throws {
    let site = try await night()
    try await refused(site)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let row = try await duty.get("/handback", accept: "application/json").json?["refused"]?.array?.first
      let handback = try #require(row?["handback"]?.string)
      let fields: KeyValuePairs = ["handback": handback, "control": "C2", "way": "byHand", "note": "saisi"]
      #expect(try await duty.post("/handback/settle", fields).status == 303)
      let after = try await duty.get("/handback", accept: "application/json").json
      #expect(after?["settled"] == .integer(1) && after?["refused"]?.array?.isEmpty == true)
      #expect(try await duty.get("/handback").text.contains("Tout est rendu"))
      // Somebody else did meanwhile.
      #expect(try await duty.post("/handback/settle", fields).status == 422)
    }
  }

  /// Somebody typed what was refused: it waits for nobody, among the exchanges neither. Nor is what they typed beside a
  /// message offered to be sent again: it would not go.
  @Test func whatWasTypedSinceWaitsForNobody() async throws {
    let site = try await night()
    try await refused(site)
    let commits = try site.register.read { try $0.commitsToHandBack() }
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func shown() async throws -> [Int?] {
        let json = try await duty.get("/exchanges", accept: "application/json").json
        return [json?["sentWaiting"]?.integer, json?["sentBack"]?.array?.count]
      }
      #expect(try await shown() == [1, 1])
      let parts = commits.map { NoteReentry.Part(item: $0.items[0], commits: [$0.place]) }
      try await site.submit(NoteReentry([parts[1]], road: .hand))
      #expect(try await shown() == [0, 1])
      try await site.submit(NoteReentry([parts[0]], road: .hand))
      #expect(try await shown() == [0, 0])
    }
  }

  /// One that was taken goes again alone, found by whose it is; what was refused has a page of its own.
  @Test func oneThatWentGoesAgain() async throws {
    let site = try await night()
    try await refused(site)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func went(_ query: String = "") async throws -> [JSON] {
        try await duty.get("/exchanges\(query)", accept: "application/json").json?["sentBack"]?.array ?? []
      }
      let row = try #require(try await went().first)
      #expect(row["control"] == "C1" && row["status"] == "acknowledged")
      let (handback, number) = (try #require(row["handback"]?.string), try #require(row["number"]?.string))
      let all = try await went()
      #expect(try await went("?number=\(number)") == all)
      #expect(all.count == 1)
      #expect(try await duty.get("/exchanges?number=0").text.contains("Aucun message n’est parti pour ce numéro"))
      let fields: KeyValuePairs = ["handback": handback, "control": "C1", "number": number]
      #expect(try await TestBrowser(client, "petit").post("/exchanges/send-again", fields).status == 403)
      let sent = try await duty.post("/exchanges/send-again", fields)
      #expect(sent.location == "/exchanges?number=\(number)#sent-back")
      #expect(try await went().map { $0["status"] } == ["again"])
      #expect(try await duty.get("/exchanges").text.contains("à renvoyer"))
      let after = try await duty.get("/handback", accept: "application/json").json
      #expect(after?["acknowledged"] == 0 && after?["refused"]?.array?.count == 1)
      // It is to go already, or was never taken.
      #expect(try await duty.post("/exchanges/send-again", fields).status == 409)
      let other = try #require(after?["refused"]?.array?.first?["handback"]?.string)
      let refused: KeyValuePairs = ["handback": other, "control": "C2"]
      #expect(try await duty.post("/exchanges/send-again", refused).status == 409)
    }
  }

  /// It bears no name, and the station's own key vouches for it.
  @Test func theAccountIsSigned() async throws {
    let site = try await night()
    try await refused(site)
    try await site.submit(CloseBed(bed: "bed/\(site.bed("1"))", reason: "fuite"))
    try await site.run { client in
      let text = try await TestBrowser(client, "garde").get("/handback/account").text
      #expect(!text.contains("ZWEIFEL"))
      #expect(text.contains("total acknowledged 1\n") && text.contains("total refused 1\n"))
      #expect(text.contains("  fact 0 stay.admitted message ") && text.contains("total facts 2\n"))
      // What no message carries is told too, and is nothing that was not sent.
      #expect(text.contains("  fact 0 mode.declared kept beside\n"))
      #expect(text.contains("  fact 0 bed.closed kept beside\n"))
      #expect(text.contains("total kept 2\n") && !text.contains("fuite"))
      #expect(!text.contains("nothing sent") && !text.contains("total untold"))
      let parts = text.split(separator: "signed ")
      let words = parts[1].split(separator: " ")
      #expect(words[0] == site.register.station)
      let signature = try #require(Base64.bytes(url: words[1].dropLast().utf8))
      #expect(site.register.publicKey.isValid(signature: signature, for: Array(parts[0].utf8)))
    }
  }

  @Test func anAddressIsAskedForAgain() async throws {
    let site = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.post("/handback/send", ["address": "10.0.3.7"]).status == 422)
    }
  }

  /// Encrypted as the files of the data folder have it, or not sent at all.
  @Test func aFileThatIsNoUseIsSaid() async throws {
    let site = try await night()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/handback").text.contains("name=\"tls\" value=\"yes\">"))
      try Data("no certificate".utf8).write(to: URL(filePath: "\(site.register.path)/handback-authority.pem"))
      #expect(try await duty.get("/handback").text.contains("name=\"tls\" value=\"yes\" checked>"))
      let answer = try await duty.post("/handback/send", ["address": "127.0.0.1:1", "tls": "yes"])
      #expect(answer.status == 422 && answer.text.contains("handback-….pem"))
      #expect(await site.app.handbacks?.run == nil)
    }
  }

  /// Whoever codes finds what is lacking from here.
  @Test func theCodingListIsOnePressAway() async throws {
    let site = try await night()
    _ = try await site.account("dim", [.records])
    try await site.run { client in
      for (who, address) in [("garde", "/handback"), ("dim", "/handback/reentry")] {
        let page = try await TestBrowser(client, who).get(address).text
        #expect(page.contains("href=\"/coding\""))
      }
    }
  }
}
