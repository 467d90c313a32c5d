import Foundation
import Hospital
import Hummingbird
import Ledger
import Register
import Synchronization
import Testing
import Web

/// The page of USB keys, with somebody who only notes what is asked for.
@Suite struct CarrierPageTests {
  final class Asked: Sendable {
    private let state = Mutex<(written: [String?], read: [[String]])>(([], []))
    var written: [String?] { state.withLock { $0.written } }
    /// Names and contents of the files of each reading.
    var read: [[String]] { state.withLock { $0.read } }

    func carrying(_ folder: String, _ outcome: Carrying.Outcome) -> Carrying {
      Carrying(folder: folder) { path, destination in
        self.state.withLock { $0.written.append(destination) }
        try Data("sealed".utf8).write(to: URL(filePath: path))
      } read: { paths in
        let files = try paths.map { path in
          "\(path.split(separator: "/").last ?? "")=\(try String(contentsOfFile: path, encoding: .utf8))"
        }
        self.state.withLock { $0.read.append(files) }
        return paths.map { ($0, outcome) }
      }
    }
  }

  private static let taken = Carrying.Outcome.taken(
    commits: 1234, known: 5, aside: 2, lacking: ["bloc-3-0a1b2c3d"], stations: ["lits-2-fb928193"],
    sealer: "lits-2-fb928193",
    sealedAt: Instant(milliseconds: 1_661_043_600_000))

  private func site(_ asked: Asked, _ outcome: Carrying.Outcome = taken) async throws -> TestSite {
    let site = try await TestSite { asked.carrying($0, outcome) }
    _ = try await site.account("garde", [.duty])
    _ = try await site.account("petit", [.nurse])
    return site
  }

  private func upload(
    _ browser: TestBrowser, csrf: String?, _ files: KeyValuePairs<String, String>, accept: String = "text/html"
  ) async throws -> TestAnswer {
    var body = ""
    if let csrf { body += "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(csrf)\r\n" }
    for (name, content) in files {
      body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(content)\r\n"
    }
    return try await browser.send(
      .post, "/carrier/read", body + "--edge--\r\n", accept, [.contentType: "multipart/form-data; boundary=edge"])
  }

  @Test func aFileIsTakenAway() async throws {
    let asked = Asked()
    let site = try await site(asked)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/").text.contains("href=\"/carrier\""))
      let page = try await duty.get("/carrier").text
      #expect(page.contains("enctype=\"multipart/form-data\"") && page.contains("carrier write --part"))
      let sent = try await duty.post("/carrier/write", ["station": ""])
      #expect(sent.status == 200 && sent.text == "sealed")
      #expect(sent.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"permanence-adm-1-") == true)
      #expect(try await duty.post("/carrier/write", ["station": "nobody"]).status == 404)
      #expect(asked.written == [nil])
    }
  }

  @Test func filesAreRead() async throws {
    let asked = Asked()
    let site = try await site(asked)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let page = try await upload(duty, csrf: duty.csrf, ["a.1of2": "one", "..\\b/../../a.2of2": "two"])
      #expect(page.status == 200 && asked.read == [["a.1of2=one", "a.2of2=two"]])
      #expect(page.text.contains("234 lignes nouvelles") && page.text.contains("scellé par lits-2"))
      #expect(page.text.contains("<a href=\"/aside\">2 mises de côté</a>"))
      #expect(page.text.contains("ce fichier suppose des lignes de bloc-3 que ce poste n’a pas"))
      let json = try await upload(duty, csrf: duty.csrf, ["a": "one"], accept: "application/json").json
      #expect(
        json == ["commits": 1234, "stations": 1, "known": 5, "aside": 2, "lacking": ["bloc-3-0a1b2c3d"], "refused": []])
      // A form without a file.
      #expect(try await upload(duty, csrf: duty.csrf, ["": ""]).status == 400)
      #expect(try await upload(duty, csrf: duty.csrf, ["a": "one", "/x/a": "two"]).status == 400, "one name twice")
    }
  }

  @Test func whatIsRefusedIsSaid() async throws {
    let codes = [
      "foreign", "truncated", "missing-part", "altered", "not-sealed", "version", "unsigned", "malformed", "unreadable",
    ]
    for code in codes {
      let site = try await site(Asked(), .refused(code: code))
      try await site.run { client in
        let duty = try await TestBrowser(client, "garde")
        let page = try await upload(duty, csrf: duty.csrf, ["key": "x"]).text
        #expect(
          page.contains("Rien n’est pris") || page.contains("Rien n'est pris") || page.contains("Rien n&#39;est pris"))
        #expect(!page.contains("carrier.refused"))
      }
    }
  }

  @Test func whoeverMayNotOrDoesNotSayWhoTheyAreDoesNot() async throws {
    let asked = Asked()
    let site = try await site(asked)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await upload(duty, csrf: nil, ["a": "one"]).status == 403)
      #expect(try await upload(duty, csrf: "wrong", ["a": "one"]).status == 403)
      #expect(try await duty.post("/carrier/write", ["csrf": "wrong"]).status == 403)
      #expect(try await duty.post("/carrier/read", [:]).status == 415)
      let nurse = try await TestBrowser(client, "petit")
      for page in ["/carrier", "/aside"] { #expect(try await nurse.get(page).status == 403) }
      #expect(try await nurse.post("/carrier/write", [:]).status == 403)
      #expect(try await upload(nurse, csrf: nurse.csrf, ["a": "one"]).status == 403)
      #expect(try await upload(TestBrowser(client), csrf: nil, ["a": "one"]).status == 303)
      #expect(asked.written.isEmpty && asked.read.isEmpty)
    }
  }

  @Test func linesAsideAreShownWithTheirReason() async throws {
    let site = try await site(Asked())
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      #expect(try await duty.get("/aside").text.contains("Tout ce qui est venu d"))
      #expect(try await duty.get("/", accept: "application/json").json?["waiting"]?["aside"] == nil)
      _ = try await site.register.takeIn([Array("no line <b>".utf8)], from: "lits-2-fb928193")
      _ = try await site.register.takeIn([Array("none".utf8)], from: "carrier urg-9-00000000")
      let page = try await duty.get("/aside").text
      #expect(page.contains("lits-2") && page.contains("clé de urg-9") && !page.contains("fb928193"))
      #expect(page.contains("not a signature, a space and a body") && page.contains("falsifiée"))
      let json = try await duty.get("/aside", accept: "application/json").json
      #expect(json?["count"] == 2 && json?["lines"]?.array?.count == 2)
      #expect(try await duty.get("/", accept: "application/json").json?["waiting"]?["aside"] == 2)
      #expect(try await duty.get("/").text.contains("href=\"/aside\""))
    }
  }

  /// What was taken in, and is not as it should be.
  @Test func whatAClockDatedAheadAndWhatAWitnessClaimsIsShown() async throws {
    let site = try await site(Asked())
    let (environment, now) = (site.clock.environment, site.clock.now)
    let key = try SigningKey(random: environment.randomBytes)
    let enrolment = try site.register.enrol(station: "lits-2", key: key.publicKey, environment: environment)
    let name = try #require(enrolment.station)
    var chain = Chain(station: name, key: key)
    let opened = try chain.append(
      author: "system", command: "one", time: HybridTime(instant: now, counter: 0),
      facts: [enrolment.opened(chain: name, at: now)])
    let claims = [
      CommitPlace(station: site.register.station, sequence: 1, hash: opened.hash),
      CommitPlace(station: "bloc-3-00000000", sequence: 7077, hash: opened.hash),
    ]
    let draft = try CommitDraft(
      author: "system", command: "two", source: nil, witnessed: claims,
      facts: [Fact(kind: "essay.said", subject: "essay/1", at: now, data: [:])])
    let later = now.adding(seconds: 400 * 86_400)
    let last = try chain.append(draft, time: HybridTime(instant: later, counter: 0))
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let before = try await duty.get("/aside", accept: "application/json").json
      #expect(before?["ahead"] == [] && before?["claims"] == [])
      #expect(try await !duty.get("/aside").text.contains("<h2>"))
      #expect(try await site.register.takeIn([opened.line, last.line], from: name).accepted == 2)
      let page = try await duty.get("/aside").text
      #expect(page.contains("Lignes écrites en avance") && page.contains("Dites lues, et absentes ici"))
      #expect(page.contains("<td>bloc-3</td><td>7") && page.contains("Une autre ligne est ici à cette place"))
      let json = try await duty.get("/aside", accept: "application/json").json
      #expect(json?["count"] == 0)
      #expect(
        json?["ahead"] == [
          [
            "chain": .string(name), "sequence": 2, "hash": .string(last.hash.hex), "at": .string(later.text),
            "countsAt": .null,
          ]
        ])
      let told = json?["claims"]?.array ?? []
      #expect(told.map { $0["chain"] } == claims.map { .string($0.station) })
      #expect(told.map { $0["contradicted"] } == [true, false])
      #expect(told.allSatisfy { $0["witness"] == .string(name) && $0["at"] == .string(later.text) })
    }
  }
}
