import Feeds
import Foundation
import Hospital
import Hummingbird
import Interop
import Ledger
import Register
import Testing
import Web

/// The page of exchanges, with a feed that really answers.
@Suite struct ExchangesPageTests {
  private static let header = "MSH|^~\\&|GAM<b>|CH|PERM|CH|20220821010000||ADT^A28|77|P|2.5^FRA^2.11|||||FRA|8859/1"
  private static let refused = "\(header)\rPID|||||D<script>UPONT^ANNE\rNTE|\u{07}\u{202E}a\r"

  private func site() async throws -> TestSite {
    let site = try await TestSite(
      feeds: { register in
        Answering(
          try #require(try Reception(register: register)),
          FeedSettings(
            refusal: \.code, warning: \.code, tellsWarnings: false, now: { Instant(milliseconds: 1_661_043_600_000) }))
      }, handsBack: true)
    _ = try await site.account("garde", [.duty])
    _ = try await site.account("rssi", [.security])
    _ = try await site.account("petit", [.nurse])
    return site
  }

  @Test func whoSendsAndWhatWasRefused() async throws {
    let site = try await site()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/exchanges").text.contains("Aucun message refusé"))
      _ = try await #require(site.app.feeds).answer([.whole(Array(Self.refused.utf8))], from: "10.0.3.9")
      let page = try await duty.get("/exchanges").text
      #expect(page.contains("10.0.3.9") && page.contains("GAM&lt;b&gt;|CH") && page.contains("PID-1-3"))
      #expect(page.contains("href=\"/exchanges/1\""))
      #expect(!page.contains("UPONT"))
      let home = try await duty.get("/", accept: "application/json").json
      #expect(home?["waiting"]?["refused"] == .integer(1) && home?["known"]?["messages"] == .integer(1))
      let nurse = try await TestBrowser(client, "petit").get("/", accept: "application/json").json
      #expect(nurse?["waiting"]?["refused"] == nil && nurse?["known"]?["messages"] == nil)
      let json = try await duty.get("/exchanges", accept: "application/json").json
      #expect(json?["waiting"] == .integer(1))
      #expect(json?["feeds"]?.array?.first?["refused"] == .integer(1))
      #expect(json?["refused"]?.array?.first?["reason"] == .string("hl7.no-identifier"))
    }
  }

  /// The way back is a connection too, with what of it waits for somebody.
  @Test func toWhomThisStationSends() async throws {
    let site = try await site()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/exchanges").text.contains("Rien n’est parti de ce poste"))
      let book = try #require(site.app.handbacks).sent
      let key = book.open("10.0.2.4:2575", sender: "GAM<i>|CH", at: site.clock.now)
      for isTaken in [true, true, false] { book.count(isTaken: isTaken, on: key, at: site.clock.now) }
      let commit = CommitPlace(station: site.register.station, sequence: 1, hash: LineHash(of: [1]))
      try await site.submit(
        NoteHandback([
          .init(
            commit: commit, count: 1, control: "C1", trigger: "A01", at: site.clock.now, refusal: .init(answer: "AE"))
        ]))
      let json = try await duty.get("/exchanges", accept: "application/json").json
      let sent = json?["sent"]?.array?.first
      #expect(sent?["to"] == "10.0.2.4:2575" && sent?["receiver"] == "GAM<i>|CH" && sent?["connections"] == 1)
      #expect(sent?["acknowledged"] == 2 && sent?["refused"] == 1 && sent?["perMinute"] == 3)
      #expect(json?["sentWaiting"] == 1 && json?["sentElsewhere"] == .null && json?["feeds"]?.array == [])
      let page = try await duty.get("/exchanges").text
      #expect(page.contains("10.0.2.4:2575") && page.contains("GAM&lt;i&gt;|CH"))
      #expect(page.contains("1 messages refusés par le système principal"))
      #expect(page.contains("class=\"button plain\" href=\"/handback\""))
      let security = try await TestBrowser(client, "rssi").get("/exchanges").text
      #expect(security.contains("10.0.2.4:2575") && !security.contains("href=\"/handback\""))
    }
  }

  /// The neighbour's structure was another when it heard the same message.
  @Test func whatTwoStationsUnderstoodDifferently() async throws {
    let site = try await site()
    let neighbour = try Neighbour(of: site)
    let source = Source(sender: "GAM<b>|CH", control: "77", text: "", instant: site.clock.now)
    let patient = "patient/\(site.clock.environment.newID())"
    for (register, name) in [(site.register, "DUPONT"), (neighbour.register, "DURAND")] {
      let fact = Fact(
        kind: "patient.described", subject: patient, at: site.clock.now, data: ["birthName": .string(name)])
      _ = try await register.submit(
        Submission(Saying(facts: [fact]), key: "message", author: "system", source: source))
      site.clock.advance(seconds: 60)
    }
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await !duty.get("/exchanges").text.contains("compris autrement"))
      try await neighbour.exchange(with: site)
      let page = try await duty.get("/exchanges").text
      #expect(page.contains("Messages compris autrement") && page.contains("GAM&lt;b&gt;|CH") && page.contains("≠"))
      #expect(page.contains("<td>adm-1</td><td>urg-2</td>") && page.contains("Identité reçue"))
      #expect(page.contains("href=\"/\(patient.replacingOccurrences(of: "patient/", with: "patients/"))\""))
      #expect(!page.contains("DUPONT") && !page.contains("DURAND"))
      let json = try await duty.get("/exchanges", accept: "application/json").json?["apart"]?.array
      #expect(json?.count == 1 && json?.first?["control"] == "77" && json?.first?["differ"] == ["patient.described"])
      #expect(try await duty.get("/", accept: "application/json").json?["waiting"]?["apart"] == 1)
      let security = try await TestBrowser(client, "rssi").get("/exchanges").text
      #expect(security.contains("Identité reçue") && !security.contains(patient.suffix(36)))
    }
  }

  /// Each program that may ask, with what it asked: also the one that never did, and whoever shows no token. Neither
  /// their secret nor whom they read of is there.
  @Test func whichProgramsAsk() async throws {
    let site = try await site()
    let stay = "stay/\(try await site.admit("DUPONT", nil))"
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient }).afterSlash
    try await site.run { [patient] client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/exchanges").text.contains("Aucun programme n’a d’accès à FHIR"))
      let browser = TestBrowser(client)
      let token = try await site.program(browser, ["system/Patient.r"], "labo<b>")
      _ = try await site.account("muet", [.client])
      for (path, status) in [
        ("Patient/\(patient)", 200), ("Patient/\(UUID().uuidString)", 404), ("Patient?_id=\(patient)", 403),
      ] { #expect(try await browser.fhir(path, token).status == status) }
      #expect(try await browser.fhir("Patient/\(patient)", [.authorization: "Bearer none"]).status == 401)
      #expect(try await browser.fhir("metadata", [:]).status == 200)
      let answer = try await duty.get("/exchanges", accept: "application/json")
      let programs = try #require(answer.json?["programs"]?.array)
      let asked = programs.map { [$0["answered"], $0["refused"], $0["perMinute"]].compactMap { $0?.integer } }
      let names = programs.map { $0["program"]?.string ?? "?" }
      #expect(Dictionary(uniqueKeysWithValues: zip(names, asked)).count == 3)
      for (name, counts) in zip(names, asked) {
        #expect(counts == (name == "?" ? [0, 1, 1] : name.contains("LABO") ? [2, 1, 3] : [0, 0, 0]), "\(name)")
      }
      #expect(names.last == "MUET" && programs.last?["lastRequestAt"] == .null)
      let page = try await duty.get("/exchanges").text
      #expect(page.contains("LABO&lt;B&gt;") && page.contains("sans jeton valable") && page.contains("MUET"))
      for text in [page, answer.text] {
        #expect(!text.contains("s3cret") && !text.contains("DUPONT") && !text.contains(patient))
      }
    }
  }

  /// A patient is in it: whoever keeps stations alone sees that it was refused, not what it says.
  @Test func whoMayLook() async throws {
    let site = try await site()
    _ = try await #require(site.app.feeds).answer([.whole(Array(Self.refused.utf8))], from: "10.0.3.9")
    try await site.run { client in
      let message = try await TestBrowser(client, "garde").get("/exchanges/1").text
      #expect(message.contains("D&lt;script&gt;UPONT^ANNE") && !message.contains("<script>UPONT"))
      #expect(message.contains("NTE|··a"))
      #expect(try await TestBrowser(client, "garde").get("/exchanges/2").status == 404)
      let security = try await TestBrowser(client, "rssi")
      #expect(try await !security.get("/exchanges").text.contains("href=\"/exchanges/1\""))
      #expect(try await security.get("/exchanges/1").status == 403)
      #expect(try await security.post("/exchanges/1/replay", [:]).status == 403)
      let nurse = try await TestBrowser(client, "petit")
      #expect(try await nurse.get("/exchanges").status == 403)
      #expect(try await TestBrowser(client, "garde").post("/exchanges/1/replay", ["csrf": "wrong"]).status == 403)
    }
  }

  /// Whoever looks at a message reads of whom it speaks: that is recorded, and a file closed to most asks why.
  @Test func lookingIsReading() async throws {
    let site = try await site()
    func message(_ control: Int, _ more: String) -> [UInt8] {
      let header = Self.header.replacing("|77|", with: "|\(control)|").replacing("A28", with: "A01")
      return Array("\(header)\rPID|||4711^^^CH&1.2.3&ISO^PI||DUPONT^ANNE^^^^^L\rPV1||I\r\(more)".utf8)
    }
    _ = try await #require(site.app.feeds).answer([.whole(message(1, ""))], from: "10.0.3.9")
    let patient = "patient/\(Name.subject("patient", "1.2.3", "4711"))"
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/exchanges/1").text.contains("DUPONT"))
      try site.register.flushReads()
      let reads = try site.register.read { try $0.reads(ofPatient: patient, limit: 10) }
      #expect(reads.count == 1 && reads.first?.where.hasPrefix("message") == true)
      let said =
        Self.header.replacing("|77|", with: "|2|")
        + "\rPID|||4711^^^CH&1.2.3&ISO^PI||DUPONT^ANNE^^^^^L\rPD1||||||||||||Y\r"
      _ = try await #require(site.app.feeds).answer([.whole(Array(said.utf8))], from: "10.0.3.9")
      let closed = try await duty.get("/exchanges/1")
      #expect(closed.status == 403 && !closed.text.contains("DUPONT"))
    }
  }

  /// Still refused: it is said, and stays. Taken, since the program has learned: settled, and not taken twice.
  @Test func takenInOnceMore() async throws {
    let site = try await site()
    _ = try await #require(site.app.feeds).answer([.whole(Array(Self.refused.utf8))], from: "10.0.3.9")
    var learned = RefusedMessage(
      at: Instant(milliseconds: 1_661_043_600_000), peer: "10.0.3.9", sender: "GAM|CH", control: "78", type: "ADT^A28",
      answer: "AE", place: "PID^1^3", reason: Refusal("hl7.no-identifier"), message: [])
    learned.message = Array(
      Self.refused.replacing("PID|||", with: "PID|||4711^^^CH&1.2.3&ISO^PI").replacing("|77|", with: "|78|").utf8)
    #expect(try site.register.keep(refused: [learned]))
    let before = try site.register.read { try $0.counts().patients }
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let again = try await duty.post("/exchanges/1/replay", [:], accept: "application/json")
      #expect(again.json?["outcome"] == .string("refused"))
      #expect(try await duty.post("/exchanges/2/replay", [:]).location == "/exchanges/2")
      #expect(try await duty.post("/exchanges/2/replay", [:]).status == 409)
      #expect(try await !duty.get("/exchanges/2").text.contains("/exchanges/2/replay"))
    }
    #expect(try site.register.read { try $0.counts().patients } == before + 1)
    let kept = try site.register.read { try $0.refusedMessages() }
    #expect(kept.map { $0.settled == nil } == [true, false])
    #expect(kept.last?.settled?.by.hasPrefix("account/") == true)
  }

  /// Nothing will come of it: it waits for nobody, can still be read and taken in, and waits anew once it comes again.
  @Test func putAside() async throws {
    let site = try await site()
    let feeds = try #require(site.app.feeds)
    _ = await feeds.answer([.whole(Array(Self.refused.utf8))], from: "10.0.3.9")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      func waiting() async throws -> JSON? {
        try await duty.get("/exchanges", accept: "application/json").json?["waiting"]
      }
      #expect(try await duty.post("/exchanges/1/replay", [:]).location == "/exchanges/1?again=refused")
      #expect(try await duty.get("/exchanges/1?again=refused").text.contains("il est encore refusé"))
      #expect(try await TestBrowser(client, "rssi").post("/exchanges/1/aside", [:]).status == 403)
      #expect(try await waiting() == 1)
      let lacks = try await duty.get("/coverage", accept: "application/json").json?["lacks"]
      #expect(lacks?["refusedMessages"] == 1)
      #expect(try await duty.get("/coverage").text.contains("<a href=\"/exchanges\"><bdi>Échanges</bdi></a>"))
      #expect(try await duty.post("/exchanges/1/aside", [:]).location == "/exchanges")
      #expect(try await waiting() == 0)
      #expect(try await duty.get("/exchanges").text.contains("classé sans suite à"))
      let page = try await duty.get("/exchanges/1").text
      #expect(page.contains("/exchanges/1/replay") && !page.contains("/exchanges/1/aside"))
      #expect(try await duty.post("/exchanges/1/aside", [:]).status == 409)
      _ = await feeds.answer([.whole(Array(Self.refused.utf8))], from: "10.0.3.9")
      #expect(try await waiting() == 1)
    }
  }

  /// Cut off: what is kept is another message than the one that was sent.
  @Test func aPartIsNotTakenIn() async throws {
    let site = try await site()
    _ = try await #require(site.app.feeds).answer([.unended(Array(Self.header.utf8))], from: "10.0.3.9")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.post("/exchanges/1/replay", [:]).status == 409)
    }
  }
}
