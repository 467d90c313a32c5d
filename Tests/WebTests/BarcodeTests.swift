import Testing
import Web

@Suite struct BarcodeTests {
  /// ISO/IEC 15417: start, a symbol each (two digits in set C), check, stop: 11 modules each, 13 for the stop.
  @Test func code128HasTheModulesOfItsStandard() throws {
    let barcode = try Barcode(.code128, "123456")
    #expect(barcode.width == 11 + 3 * 11 + 11 + 13)
    #expect(barcode.height == 1)
  }

  @Test func dataMatrixIsSquareAndHasItsFinder() throws {
    let barcode = try Barcode(.dataMatrix, "IPP 000059284275")
    #expect(barcode.width == barcode.height)
    let left = barcode.bars.filter { $0.x == 0 }.map(\.height).reduce(0, +)
    #expect(left == barcode.height, "the left edge of a DataMatrix is solid")
  }

  @Test func qrIsAVersionOfTheStandard() throws {
    let barcode = try Barcode(.qr, "badge:4f2a")
    #expect((barcode.width - 21) % 4 == 0)
  }

  @Test(arguments: [
    ("", BarcodeFailure.empty),
    ("numéro", .unprintable("é")),
    ("a\u{0}b", .unprintable("\u{0}")),
    ("a\nb", .unprintable("\n")),
  ])
  func whatScannersCannotReadIsRefused(content: String, failure: BarcodeFailure) {
    #expect(throws: failure) { try Barcode(.code128, content) }
  }

  @Test func tooLongIsRefusedAndNotCut() {
    #expect(throws: BarcodeFailure.self) { try Barcode(.code128, String(repeating: "A", count: 500)) }
    #expect(throws: BarcodeFailure.self) { try Barcode(.dataMatrix, String(repeating: "é", count: 5000)) }
  }

  @Test func manyAtOnceAgree() async throws {
    let alone = try Barcode(.dataMatrix, "n° 7 é")
    try await withThrowingTaskGroup(of: Barcode.self) { group in
      for _ in 0..<200 { group.addTask { try Barcode(.dataMatrix, "n° 7 é") } }
      for try await one in group { #expect(one == alone) }
    }
  }

  @Test func theDrawingHoldsNoMarkup() throws {
    let svg = try Barcode(.qr, "<script>\"'&").svg()
    #expect(!svg.contains("<script>"))
    #expect(!svg.contains("style="))
  }
}
