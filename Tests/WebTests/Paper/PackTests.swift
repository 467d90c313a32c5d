import Foundation
import Hospital
import Ledger
import Register
import Testing
import Web

/// The paper as documents, before anything makes PDFs of them.
@Suite struct PackTests {
  private func pack(_ site: TestSite, _ language: Language = .fr) throws -> Pack {
    try Pack(site.register, id: "7F3A09C1", emergency: .usual, language: language, at: site.clock.now)
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
      var record = PackRecord(folder: site.register.path)
      record.ages["/srv/papier"] = PackRecord.Age(at: site.clock.now, until: site.clock.now.adding(seconds: 300))
      try record.write(folder: site.register.path)
      site.clock.advance(seconds: 60)
      let fresh = try await admin.get("/units").text
      #expect(fresh.contains("papier ") && !fresh.contains("à refaire"))
      site.clock.advance(seconds: 300)
      let old = try await admin.get("/units").text
      #expect(old.contains("à refaire"))
    }
  }
}

extension TestSite {
  fileprivate func submit(_ command: any Command) async throws -> Receipt {
    try await register.submit(Submission(command, key: clock.environment.newID(), author: "system"))
  }
}
