import Foundation
import Hospital
import Ledger
import Register
import Testing
import Web

/// The paper as documents, before anything makes PDFs of them.
@Suite struct PackTests {
  private func pack(
    _ site: TestSite, _ language: Language = .fr, _ emergency: EmergencySettings = .usual
  ) throws -> Pack {
    try Pack(site.register, id: "7F3A09C1", emergency: emergency, language: language, at: site.clock.now)
  }

  private func text(_ name: String, _ documents: [Pack.Document]) throws -> String {
    try #require(documents.first { $0.name == name }).html
  }

  @Test func aUnitsSheetHasWhoLiesThereAndANumberOfItsOwn() async throws {
    let site = try await TestSite()
    _ = try await site.admit("MARTIN", "1")
    let documents = try pack(site).lists()
    let sheet = try text("2-unite-4EST", documents)
    #expect(sheet.contains("MARTIN") && sheet.contains("NON DEMANDÉ") && sheet.contains("7F3A09C1-4EST"))
    #expect(sheet.contains("aria-label=\"7F3A09C1-4EST\""))
    #expect(documents.map(\.name) == documents.map(\.name).sorted())
  }

  /// Twice, for both kinds of scanner; stickers are cut off and have none.
  @Test(arguments: [
    ("0-lisez-moi", "7F3A09C1-GUIDE", 2), ("1-urgences", "7F3A09C1-URGENCES", 2),
    ("2-unite-4EST", "7F3A09C1-4EST", 2), ("3-telephones", "7F3A09C1-TEL", 2),
    ("4-etiquettes-a-la-main", "7F3A09C1", 0),
  ])
  func aSheetHasANumber(name: String, number: String, codes: Int) async throws {
    let sheet = try text(name, try pack(try await TestSite()).lists())
    #expect(sheet.components(separatedBy: "aria-label=\"\(number)\"").count == codes + 1)
    #expect(sheet.contains("<b>\(number)</b>") == (codes > 0) && sheet.contains("7F3A09C1") == (codes > 0))
  }

  @Test func thePhysiciansOnCallAreAmongTheTelephones() async throws {
    let site = try await TestSite()
    let usual = try text("3-telephones", try pack(site).lists())
    #expect(!usual.contains("MMG"))
    for (more, shown) in [(", phone: 01 99 00 31 15", "01 99 00 31 15"), ("", "–")] {
      let emergency = try EmergencySettings(
        yaml: "onCall: { name: MMG de <Valmont>, address: 3 rue du Test, hours: {}\(more) }")
      let sheet = try text("3-telephones", try pack(site, .fr, emergency).lists())
      #expect(sheet.contains("<p>MMG de &lt;Valmont&gt; <b>\(shown)</b> 3 rue du Test</p>"))
    }
  }

  /// Whose presence is told to nobody is named on the sheet that lies in their own unit, and nowhere else.
  @Test func whoIsProtectedIsOnTheirOwnUnitsSheetAlone() async throws {
    let site = try await TestSite()
    _ = try await site.admit("PETIT", "1", ["protected": true])
    for language in Language.allCases {
      let documents = try pack(site, language).lists()
      for document in documents {
        #expect(document.html.contains("PETIT") == (document.name == "2-unite-4EST"))
      }
    }
  }

  /// Beside the name, for whoever is asked at the desk: the one rule of disclosure, whatever it is that withholds them.
  @Test(
    arguments: [
      ([:], nil, false), (["protected": true], nil, true), (["secret": true], nil, true),
      (["situations": [["kind": "prisoner"]]], nil, true), ([:], .ct, false), ([:], .psychiatry, true),
    ] as [(JSON, CareKey?, Bool)])
  func ofWhomNobodyIsTold(marks: JSON, asked: CareKey?, isUntold: Bool) async throws {
    let site = try await TestSite()
    let stay = "stay/\(try await site.admit("PETIT", "1", marks))"
    let mother = try #require(try site.register.read { try $0.stay(stay)?.patient })
    _ = try await site.admit("ENFANT", "2", ["mother": .string(mother)])
    if let asked { try await site.askTransfer(stay, [asked]) }
    let sheet = try text("2-unite-4EST", try pack(site).lists())
    let untold = sheet.split(separator: "<li>").compactMap { $0.split(separator: "</li>").first }
      .filter { $0.contains("ne dire à personne") }
    #expect(untold.contains { $0.contains("PETIT") } == isUntold)
    // A newborn is told of as its mother's own marks are.
    #expect(untold.contains { $0.contains("ENFANT") } == (isUntold && asked == nil))
  }

  /// With an appointment so many hours from now, 03:00.
  struct Coming: Sendable {
    var hours = 5
    var unit: String?
    var traits: JSON = [:]
    /// In 4EST already.
    var isHere = false
    /// The one that says it.
    var sheet: String?
  }

  /// Whoever is to come is on the sheet of whoever awaits them, whatever else was said of them, and on no other.
  @Test(arguments: [
    Coming(unit: "4EST", sheet: "2-unite-4EST"), Coming(unit: "CONS", sheet: "2-unite-CONS"),
    Coming(unit: nil, sheet: "2-unite-non-dite"), Coming(hours: 44, unit: "4EST", sheet: "2-unite-4EST"),
    Coming(hours: 46, unit: "4EST", sheet: nil), Coming(hours: -26, unit: "4EST", sheet: "2-unite-4EST"),
    Coming(hours: -28, unit: "4EST", sheet: nil), Coming(unit: "CONS", isHere: true, sheet: "2-unite-CONS"),
    Coming(unit: "4EST", isHere: true, sheet: nil),
    Coming(unit: "CONS", traits: ["protected": true], sheet: "2-unite-CONS"),
    Coming(unit: nil, traits: ["protected": true], sheet: "2-unite-non-dite"),
  ]) func whoIsToComeIsOnTheSheetOfWhoeverAwaitsThem(_ coming: Coming) async throws {
    let site = try await TestSite()
    let (now, stay) = (site.clock.now, "stay/\(try await site.admit("PETIT", "1", coming.traits))")
    let patient = try #require(try site.register.read { try $0.stay(stay)?.patient })
    // Their pre-admission, later, in another unit, hides nothing.
    var facts = [
      Fact(
        kind: "stay.preadmitted", subject: "stay/later", at: now.adding(seconds: 12 * 86_400),
        data: [
          "patient": .string(patient), "number": "PA12",
          "movement": ["key": "1", "id": "1", "trigger": "A05", "unit": "4EST"],
        ])
    ]
    var data = JSONObject([
      ("patient", .string(patient)), ("startsAt", .string(now.adding(seconds: coming.hours * 3600).text)),
      ("preadmissionNumber", "PA12"),
    ])
    if let unit = coming.unit { data.append("unit", .string(unit)) }
    facts.append(Fact(kind: "appointment.booked", subject: "appointment/one", at: now, data: .object(data)))
    if !coming.isHere { facts.append(Fact(kind: "stay.deleted", subject: stay, at: now, data: [:])) }
    for fact in facts { try await site.say(fact) }
    let documents = try pack(site).lists()
    #expect(documents.filter { $0.html.contains("<li>Attendu") }.map(\.name) == [coming.sheet].compactMap(\.self))
    let isNamed = coming.unit != nil || coming.traits == [:]
    if let sheet = coming.sheet { #expect(try text(sheet, documents).contains("PETIT") == isNamed) }
    if let unit = coming.unit, let sheet = coming.sheet {
      #expect(try text(sheet, documents).contains("aria-label=\"7F3A09C1-\(unit)\""))
    }
  }

  @Test func nothingIsFetchedAndNothingTypedIsHTML() async throws {
    let site = try await TestSite()
    _ = try await site.admit("D'<B>ARC</B>", "1")
    let documents = try pack(site).lists()
    for document in documents {
      #expect(!document.html.contains("<B>") && !document.html.contains("{{"))
      for word in ["http:", "https:", "src=", "url(", "<script", "@import"] { #expect(!document.html.contains(word)) }
    }
  }

  /// Each form has its number twice, for both kinds of scanner, and the numbers that were kept for whoever is on it.
  @Test(arguments: SheetForm.allCases) func aStackOfFormsHasTheBlocksNumbers(_ form: SheetForm) async throws {
    let site = try await TestSite()
    let receipt = try await site.submit(ReserveSheets(form: form, count: 3))
    let id = try #require(receipt.facts.first?.subject)
    let block = try #require(try site.register.read { try $0.sheetBlock(id) })
    let html = try pack(site).forms(block).html
    for sheet in block.sheets {
      #expect(html.components(separatedBy: "aria-label=\"\(sheet.number)\"").count == 3)
      let (number, ipp) = (try #require(sheet.stayNumber), try #require(sheet.ipp))
      #expect(html.contains(number) && html.contains(ipp))
    }
    #expect(html.contains("3A") == (form == .arrival))
  }

  @Test func theBannerSaysHowOldThePaperIs() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, site.admin.name, site.admin.secret)
      let before = try await admin.get("/units").text
      #expect(!before.contains("papier "))
      let age = PackRecord.Age(at: site.clock.now, until: site.clock.now.adding(seconds: 300))
      try PackRecord.change(folder: site.register.path) { $0.note(age, of: "/srv/papier") }
      site.clock.advance(seconds: 60)
      let fresh = try await admin.get("/units").text
      #expect(fresh.contains("papier ") && !fresh.contains("à refaire"))
      site.clock.advance(seconds: 300)
      let old = try await admin.get("/units").text
      #expect(old.contains("à refaire"))
    }
  }

  private func temporary() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "permanence-pack-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func aFolderThatWaitsForNoStackIsNotNamed() throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    func waiting(_ blocks: [String], for id: String) throws -> [String: [String]] {
      try PackRecord.change(folder: folder.path) { $0.wait(blocks, for: id) }
      return PackRecord(folder: folder.path).waiting
    }
    #expect(try waiting(["sheets/1", "sheets/2"], for: "key") == ["key": ["sheets/1", "sheets/2"]])
    #expect(try waiting(["sheets/3"], for: "other") == ["key": ["sheets/1", "sheets/2"], "other": ["sheets/3"]])
    #expect(try waiting([], for: "key") == ["other": ["sheets/3"]])
  }

  /// What is made by itself is watched, the folder without any first; what is made by hand beside it changes nothing.
  @Test func theOldestPaperCounts() throws {
    let folder = try temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let now = Instant(milliseconds: 1_661_000_000_000)
    func age(_ hours: Int) -> PackRecord.Age {
      PackRecord.Age(at: now.adding(seconds: hours * 3600), until: now.adding(seconds: (hours + 2) * 3600))
    }
    func oldest(_ body: (inout PackRecord) -> Void) throws -> PackRecord.Age? {
      try PackRecord.change(folder: folder.path, body)
      return PackRecord(folder: folder.path).oldest
    }
    #expect(PackRecord(folder: folder.path).oldest == nil)
    #expect(try oldest { $0.note(age(1), of: "/tmp/a") } == age(1))
    #expect(try oldest { $0.note(age(2), of: "/tmp/b") } == age(2))
    let late = now.adding(seconds: 60)
    #expect(try oldest { $0.watch(["/key", "/srv"], until: late) } == PackRecord.Age(at: nil, until: late))
    #expect(try oldest { $0.note(age(3), of: "/key") } == PackRecord.Age(at: nil, until: late))
    #expect(try oldest { $0.note(age(5), of: "/srv") } == age(3))
    #expect(try oldest { $0.note(age(1), of: "/tmp/a") } == age(3))
    #expect(try oldest { $0.watch(["/srv"], until: late) } == age(5))
    try Data("{\"ages\": 3".utf8).write(to: folder.appending(path: "pack-made.json"))
    #expect(PackRecord(folder: folder.path).oldest == nil)
  }
}
