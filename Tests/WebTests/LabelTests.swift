import Testing
import Web

@Suite struct LabelTests {
  private let fields: [LabelField: String] = [
    .birthName: "MARTIN", .givenName: "Louise", .traits: "F · 12/03/1961 (61 a)", .status: "[PROV]",
    .ippLine: "IPP 000059284275", .nda: "902208210042", .ndaLine: "N° 902208210042",
  ]

  @Test func aSheetIsFilledFromTheLabelThatIsLeft() {
    let sheet = LabelSheet.usual[0]
    let pages = sheet.places(start: 23, count: 4)
    #expect(pages.map(\.count) == [2, 2])
    #expect(pages[0][0] == Box(x: 70, y: 259.5, width: 70, height: 37))
    #expect(pages[1][0] == Box(x: 0, y: 0.5, width: 70, height: 37))
  }

  @Test(arguments: LabelSheet.usual)
  func everySheetHoldsOnItsPage(sheet: LabelSheet) throws {
    let last = try #require(sheet.places(start: 1, count: sheet.count).first?.last)
    #expect(last.x + last.width <= LabelSheet.page.width)
    #expect(last.y + last.height <= LabelSheet.page.height)
  }

  @Test func theOffsetMovesEveryLabel() {
    let boxes = LabelSheet.usual[0].places(start: 1, count: 2, offset: (1.5, -0.5))[0]
    #expect(boxes.map(\.x) == [1.5, 71.5])
    #expect(boxes.map(\.y) == [0, 0])
  }

  @Test func aPageHasNoInlineStyleAndNoMarkupOfAName() throws {
    var hostile = fields
    hostile[.birthName] = "<script>alert(1)</script>"
    let page = try LabelDrawing(template: .standard, fields: hostile)
      .pages(on: LabelSheet.usual[0], start: 1, count: 1)[0]
    #expect(!page.contains("<script"))
    #expect(!page.contains("style="))
    #expect(page.contains("&lt;script&gt;"))
  }

  @Test func aNameOfTenThousandLettersHoldsOnItsLabel() throws {
    var long = fields
    long[.birthName] = String(repeating: "W", count: 10_000)
    let page = try LabelDrawing(template: .standard, fields: long).body()
    #expect(page.utf8.count < 12_000)
    #expect(page.contains("…</text>"))
  }

  @Test func aNumberThatNoScannerReadsMakesNoLabel() {
    var odd = fields
    odd[.nda] = "n°12"
    #expect(throws: BarcodeFailure.unprintable("°")) {
      try LabelDrawing(template: .standard, fields: odd).body()
    }
  }

  @Test func zplBearsTheNumberAsConfiguredAndNoCommandOfAName() throws {
    var hostile = fields
    hostile[.birthName] = "É^XZ~JA_"
    let zpl = try Zebra.label(LabelDrawing(template: .standard, fields: hostile), copies: 3)
    #expect(zpl.hasPrefix("^XA\n^CI28\n^PW560\n^LL296\n"))
    #expect(zpl.contains("^FD902208210042^FS"))
    #expect(zpl.contains("^FD_C3_89_5EXZ_7EJA_5F^FS"))
    #expect(zpl.hasSuffix("^PQ3\n^XZ\n"))
    #expect(zpl.components(separatedBy: "^XZ").count == 2)
  }
}

extension String {
  fileprivate func components(separatedBy mark: String) -> [Substring] {
    split(separator: mark, omittingEmptySubsequences: false)
  }
}

@Suite struct PrintSettingsTests {
  @Test func aSiteSaysOnlyWhatDiffers() throws {
    let settings = try PrintSettings(
      yaml: """
        printers:
          - {name: Admissions, host: 192.168.7.20, port: 9100}
        sheets:
          - {name: 2x5, columns: 2, rows: 5, width: 99, height: 57, left: 4, top: 6}
        """)
    #expect(settings.printer("Admissions")?.host == "192.168.7.20")
    #expect(settings.printer("elsewhere") == nil)
    #expect(settings.sheet("nonsense").name == "2x5")
    #expect(settings.label == .standard)
  }

  @Test func aSheetOfNothingIsRefused() {
    #expect(throws: (any Error).self) {
      try PrintSettings(yaml: "sheets: [{name: x, columns: 0, rows: 5, width: 9, height: 5, left: 0, top: 0}]")
    }
  }
}
