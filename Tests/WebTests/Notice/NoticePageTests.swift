import Foundation
import FoundationXML
import Hospital
import Ledger
import Register
import Synchronization
import Testing
import Web

/// The notice: drafted by one, approved by another, and said alike everywhere.
@Suite struct NoticePageTests {
  static let fields: KeyValuePairs = [
    "advice": "call-first", "nextUpdateAt": "dans 4 h",
    "places": "Hôpital d'Évry; 1 rue de la Gare; 01 60 00 00 00\r\nMaison médicale; ; 15",
    "families": "01 99 00 00 02", "messageFr": "Prenez vos ordonnances.", "messageEn": "Bring your prescriptions.",
  ]

  /// A hospital in which the scanner is closed and the maternity open.
  private func site() async throws -> TestSite {
    let site = try await TestSite()
    for login in ["garde", "seconde"] { _ = try await site.account(login, [.duty]) }
    _ = try await site.account("agent", [.admission])
    let lines = [
      DeclareCare.Line(
        .ct, .closed, reason: .system, note: "PACS chiffré", reviewAt: site.clock.now.adding(seconds: 9000)),
      DeclareCare.Line(.maternity, .open),
      DeclareCare.Line(.laboratory, .limited, reason: .staff, reviewAt: site.clock.now.adding(seconds: 9000)),
    ]
    try await site.submit(DeclareCare(lines))
    return site
  }

  /// Drafted by one and approved by the other; its address.
  private func published(_ site: TestSite) async throws -> String {
    let address = Mutex<String>("")
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let drafted = try await duty.post("/notice", Self.fields)
      #expect(drafted.status == 303)
      let draft = try #require(drafted.location)
      #expect(NoticeSiteTests.files(site).isEmpty)
      let page = try await duty.get(draft)
      #expect(page.text.contains("une autre personne l’approuve") && !page.text.contains("value=\"approve\""))
      let hash = try #require(page.hidden("hash"))
      #expect(try await duty.post(draft, ["way": "approve", "hash": hash]).status == 422)
      let agent = try await TestBrowser(client, "agent")
      #expect(try await agent.post(draft, ["way": "approve", "hash": hash]).status == 422)
      let second = try await TestBrowser(client, "seconde")
      #expect(try await second.post(draft, ["way": "approve", "hash": "0"]).status == 422)
      #expect(try await second.post(draft, ["way": "approve", "hash": hash]).status == 303)
      address.withLock { $0 = draft }
    }
    return address.withLock { $0 }
  }

  /// One version of the five: each bears it, and each says the same of the scanner and of the maternity.
  @Test func allSayTheSame() async throws {
    let site = try await site()
    let address = try await published(site)
    try await site.run { client in
      let agent = try await TestBrowser(client, "agent")
      let json = try await agent.get(address, accept: "application/json").json
      let version = try #require(json?["version"]?.string)
      #expect(json?["current"]?.bool == true)
      var said: [String: String] = [:]
      for sheet in ["poster", "samu", "report"] { said[sheet] = try await agent.get("\(address)/\(sheet)").text }
      said["website"] = NoticeSiteTests.text("index.html", site)
      for (name, text) in said {
        #expect(text.contains(version), "\(name) bears another version")
        #expect(text.contains("Scanner") && text.contains("Laboratoire") && text.contains("Maternité"), "\(name)")
        #expect(text.contains("01 99 00 00 02") && text.contains("Hôpital d&#39;Évry"), "\(name)")
        #expect(!text.contains("PACS"), "\(name) tells the hospital's own note")
        #expect(!text.contains("NON RELU"), "\(name)")
      }
      let page = try await agent.get(address).text
      #expect(page.contains("Ne sont pas possibles ici : Scanner."))
      #expect(page.contains("Possible in part: Laboratory."))
      // Closed before limited before open, on the poster as on the website.
      for name in ["poster", "website"] {
        let places = ["Scanner", "Laboratoire", "Maternité"].map { said[name]?.range(of: $0)?.lowerBound }
        #expect(places.compactMap(\.self).count == 3 && places[0]! < places[1]! && places[1]! < places[2]!)
      }
      // What changes afterwards changes no sheet of that version; the page says that it is stale.
      try await site.submit(DeclareCare([DeclareCare.Line(.ct, .open)]))
      for (sheet, before) in said where sheet != "website" {
        let after = try await agent.get("\(address)/\(sheet)").text
        #expect(Self.article(after) == Self.article(before))
      }
      #expect(try await agent.get("/notice").text.contains("ne dit plus ce qui est déclaré"))
    }
  }

  /// Whoever drafts and whoever approves are asked; the words alone are said.
  @Test func aPatientsNameIsAskedAbout() async throws {
    let site = try await site()
    _ = try await site.admit("MARTIN", "1", ["protected": true])
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let second = try await TestBrowser(client, "seconde")
      let named = "La famille de Louise Martin est priée d’appeler."
      func draft(_ confirmed: String) async throws -> TestAnswer {
        try await duty.post(
          "/notice",
          [
            "advice": "usual", "nextUpdateAt": "dans 4 h", "messageFr": named, "messageEn": "Please call.",
            "named": confirmed,
          ])
      }
      let refused = try await draft("")
      #expect(refused.status == 422 && refused.text.contains("le nom d’un patient présent : LOUISE MARTIN."))
      #expect(refused.text.contains("name=\"named\"") && refused.text.contains(named))
      let address = try #require(try await draft("yes").location)
      let hash = try #require(try await second.get(address).hidden("hash"))
      let asked = try await second.post(address, ["way": "approve", "hash": hash])
      #expect(asked.status == 422 && asked.text.contains("LOUISE MARTIN") && asked.text.contains("name=\"named\""))
      #expect(try await second.post(address, ["way": "approve", "hash": hash, "named": "yes"]).status == 303)
      // Taken back, it names nobody to anybody.
      let other = try #require(try await draft("yes").location)
      let answer = try #require(try await second.get(other).hidden("hash"))
      #expect(try await second.post(other, ["way": "withdraw", "hash": answer]).status == 303)
    }
  }

  /// Another station approved one that this one had not heard of: both are named, and one key drafts the next.
  @Test func twoThatDidNotHearEachOther() async throws {
    let site = try await site()
    let first = try await published(site)
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let second = try await TestBrowser(client, "seconde")
      let other = try #require(try await duty.post("/notice", Self.fields).location)
      let hash = try #require(try await duty.get(other).hidden("hash"))
      #expect(try await duty.get("/notice").text.contains("data-press=\"P\"") == false)
      try await site.say(
        Fact(
          kind: "notice.approved", subject: "notice/\(other.suffix(36))", at: site.clock.now,
          data: ["hash": .string(hash), "after": []]))
      let page = try await duty.get("/notice").text
      #expect(page.contains("sans s’être entendus") && page.contains("data-press=\"P\""))
      let versions = try await duty.get("/notice", accept: "application/json").json?["versions"]?.array ?? []
      let current = versions.filter { $0["current"]?.bool == true }.compactMap { $0["id"]?.string }
      #expect(current == [String(other.suffix(36))] && first != other)
      let again = try #require(try await duty.post("/notice", Self.fields).location)
      let answer = try #require(try await second.get(again).hidden("hash"))
      #expect(try await second.post(again, ["way": "approve", "hash": answer]).status == 303)
      #expect(try await duty.get("/notice").text.contains("sans s’être entendus") == false)
    }
  }

  private static func article(_ page: String) -> String {
    page.range(of: "<article").map { String(page[$0.lowerBound...].prefix { $0 != "§" }) } ?? ""
  }

  @Test func aDraftSaysSoOnPaper() async throws {
    let site = try await site()
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let draft = try #require(try await duty.post("/notice", Self.fields).location)
      // A line for each place, proposed again as it was typed.
      let places = "<textarea rows=\"2\" id=\"places\" name=\"places\""
      let again = try await duty.get("/notice").text
      let area = try #require(again.range(of: places)).upperBound
      #expect(again[area...].prefix { $0 != "/" }.contains("01 60 00 00 00\nMaison médicale; ; 15<"))
      #expect(try await duty.get("\(draft)/poster").text.contains("PROJET NON RELU"))
      #expect(try await duty.get("\(draft)/nothing").status == 404)
      #expect(try await duty.post("/notice", ["advice": "usual"]).text.contains("Dites quand"))
      let withdrawn = try await duty.post(
        draft, ["way": "withdraw", "hash": try #require(try await duty.get(draft).hidden("hash"))])
      #expect(withdrawn.status == 303)
      #expect(try await duty.get("/notice").text.contains("retiré"))
    }
  }
}

/// What is published.
@Suite struct NoticeSiteTests {
  static func files(_ site: TestSite) -> [NoticeSite.File] {
    (try? NoticeSite.files(of: site.register, base: "https://hopital.example/crise")) ?? []
  }

  static func text(_ path: String, _ site: TestSite) -> String? {
    files(site).first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// As two people told it, with whatever lines.
  private func approve(_ site: TestSite, _ words: NoticeWords) async throws {
    let drafted = try await site.submit(DraftNotice(words), by: "garde")
    let id = try #require(drafted.subject("notice"))
    let hash = try #require(try site.register.read { try $0.notice(id)?.hash })
    try await site.submit(AnswerNotice(id, hash: hash, .approve), by: "seconde")
  }

  private func words(_ site: TestSite, places: String = "Hôpital d'Évry; 1 rue X; 01 60 00 00 00") throws -> NoticeWords
  {
    try NoticeWords(
      advice: .callFirst, places: places, phones: [.switchboard: "01 99 00 00 00"], french: "Bonjour", english: "Hello",
      nextUpdateAt: site.clock.now.adding(seconds: 9000))
  }

  /// Full of people: not one name, number or date of birth of any of them leaves.
  @Test func noPatientLeaves() async throws {
    let site = try await TestSite()
    for login in ["garde", "seconde"] { _ = try await site.account(login, [.duty]) }
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var secrets: [String] = []
    for number in 0..<40 {
      var traits = Traits()
      let name =
        "QZ\(String(UnicodeScalar(UInt8(65 + number % 26))))X\(String(UnicodeScalar(UInt8(65 + number / 26))))W"
      (traits.birthName, traits.birthGivenName, traits.birthPlace) = (name, "\(name)JEANNE", "99999")
      (traits.birthDate, traits.sex) = (PartialDate("19\(10 + number)-03-1\(number % 10)"), .female)
      let receipt = try await site.submit(RegisterPatient(traits: traits))
      let patient = try #require(receipt.subject("patient"))
      let known = try #require(try site.register.read { try $0.patient(patient) })
      secrets += [name, patient.afterSlash] + known.identifiers.map(\.value)
      guard number < 3 else { continue }
      let stay = try await site.submit(
        Admit(
          patient: patient, stayClass: .inpatient, unit: "4EST",
          bed: Bed.id(finess: "910000000", unit: "4EST", room: "412", code: "\(number + 1)")))
      let id = try #require(stay.subject("stay"))
      secrets += [id.afterSlash, try #require(try site.register.read { try $0.stay(id)?.number })]
    }
    #expect(secrets.count > 120)
    let lines = CareKey.allCases.map {
      DeclareCare.Line(
        $0, .closed, reason: .system, note: "voir \(secrets[0])", reviewAt: site.clock.now.adding(seconds: 9000))
    }
    try await site.submit(DeclareCare(lines))
    try await approve(site, try words(site))
    let files = Self.files(site)
    #expect(files.count > 8)
    for file in files {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for secret in secrets { #expect(!text.contains(secret), "\(file.path)") }
    }
  }

  /// The longest there can be: no script, nothing from elsewhere, under 30 KB.
  @Test func pagesAreSmallAndWhole() async throws {
    let site = try await TestSite()
    for login in ["garde", "seconde"] { _ = try await site.account(login, [.duty]) }
    let lines = CareKey.allCases.map {
      DeclareCare.Line($0, .closed, reason: .system, reviewAt: site.clock.now.adding(seconds: 9000))
    }
    try await site.submit(DeclareCare(lines))
    let place = String(repeating: "<é", count: 60) + "; \(String(repeating: "b", count: 120)); 01 60 00 00 00"
    for _ in 0..<20 {
      try await approve(site, try words(site, places: Array(repeating: place, count: 12).joined(separator: "\n")))
    }
    let files = Self.files(site)
    let pages = files.filter { $0.path.hasSuffix(".html") }
    #expect(pages.count == 2 * 21)
    for page in pages {
      #expect(page.bytes.count < 30_000, "\(page.path): \(page.bytes.count)")
      let text = String(decoding: page.bytes, as: UTF8.self)
      for word in ["<script", "src=", "@import", "url(", "http:", "https:", "//"] {
        #expect(!text.contains(word), "\(page.path) has \(word)")
      }
      #expect(text.contains("&lt;é") && !text.contains("<é"))
    }
    // Every link leads to a file.
    let known = Set(files.map(\.path))
    for page in pages {
      let folder = page.path.hasPrefix("versions/") ? "versions/" : ""
      for match in String(decoding: page.bytes, as: UTF8.self).matches(of: /href="([^":]+)"/) {
        let link = String(match.output.1)
        let path = link.hasPrefix("../") ? String(link.dropFirst(3)) : folder + link
        #expect(known.contains(path), "\(page.path) leads to \(link)")
      }
    }
  }

  @Test func olderVersionsStay() async throws {
    let site = try await TestSite()
    for login in ["garde", "seconde"] { _ = try await site.account(login, [.duty]) }
    #expect(Self.files(site).isEmpty)
    try await approve(site, try words(site))
    let first = Self.files(site)
    try await site.submit(
      DeclareCare([.init(.ct, .closed, reason: .staff, reviewAt: site.clock.now.adding(seconds: 9000))]))
    try await approve(site, try words(site))
    let second = Self.files(site)
    #expect(Set(first.map(\.path)).isSubset(of: second.map(\.path)))
    for signed in first where signed.path.contains(".json") { #expect(second.contains(signed)) }
    let old = try #require(first.first { $0.path.hasPrefix("versions/1-") && $0.path.hasSuffix(".fr.html") })
    #expect(Self.text(old.path, site)?.contains("Cette version a été remplacée") == true)
    let feed = try #require(Self.text("feed.en.xml", site))
    #expect(feed.ranges(of: "<item>").count == 2)
    #expect(feed.contains("https://hopital.example/crise/versions/2-"))
    #expect(XMLParser(data: Data(feed.utf8)).parse())
    // The signature is this station's, over the very bytes.
    for file in second where file.path.hasSuffix(".json") {
      let signature = try #require(second.first { $0.path == "\(file.path).sig" })
      #expect(site.register.publicKey.isValid(signature: signature.bytes, for: file.bytes))
    }
  }
}

extension TestSite {
  @discardableResult
  fileprivate func submit(_ command: any Command, by login: String) async throws -> Receipt {
    let author = try #require(try register.read { try $0.accounts() }.first { $0.login == login }?.id)
    return try await register.submit(Submission(command, key: clock.environment.newID(), author: author))
  }
}
