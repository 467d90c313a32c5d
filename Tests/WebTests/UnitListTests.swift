import Testing
import Web

@Suite struct UnitListTests {
  private let text: (String) -> String = { $0 == "unit.not-asked" ? "NON DEMANDÉ" : $0 }

  private func entry(protected: Bool = false) -> UnitListEntry {
    UnitListEntry(
      bed: "b", stay: "s", protected: protected,
      cells: [
        .bed: UnitListCell("412-1"), .identity: UnitListCell("MARTIN Louise"), .number: UnitListCell("902"),
        .physician: UnitListCell("  "), .allergies: .none(said: "dit par Petit, le 21/08 02:14"),
      ])
  }

  @Test(arguments: UnitListVersion.allCases, [true, false])
  func noCellIsEverBlank(version: UnitListVersion, links: Bool) {
    let html = UnitListTable(entries: [entry(), entry(protected: true)], version: version, links: links).html(text)
    for cell in html.split(separator: "<td").dropFirst() {
      let inside = cell.drop { $0 != ">" }.dropFirst()
      #expect(!inside.hasPrefix("</td>"))
    }
  }

  @Test func whatNobodyAskedSaysSo() {
    let html = UnitListTable(entries: [entry()], version: .ward, links: false).html(text)
    #expect(html.contains("NON DEMANDÉ"))
    #expect(html.contains("dit par Petit, le 21/08 02:14"))
  }

  @Test(arguments: [UnitListVersion.catering, .porters, .pharmacy])
  func otherServicesSeeNoClinicalColumnAndNoProtectedName(version: UnitListVersion) {
    for column in [UnitListColumn.allergies, .isolation, .situation, .seen] {
      #expect(!version.columns.contains(column))
    }
    let html = UnitListTable(entries: [entry(protected: true)], version: version, links: true).html(text)
    #expect(!html.contains("MARTIN") && !html.contains("902") && !html.contains("/stays/"))
  }

  @Test func theWardKnowsItsOwn() {
    #expect(UnitListTable(entries: [entry(protected: true)], version: .ward, links: true).html(text).contains("MARTIN"))
  }

  @Test func aHostileNameStaysText() {
    var hostile = entry()
    hostile.cells[.identity] = UnitListCell("<script>alert(1)</script>")
    #expect(!UnitListTable(entries: [hostile], version: .ward, links: true).html(text).contains("<script"))
  }
}
