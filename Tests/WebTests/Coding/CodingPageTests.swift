import Hospital
import Ledger
import Register
import Testing
import Web

@Suite struct CodingPageTests {
  @Test func theListAndItsTable() async throws {
    let site = try await TestSite()
    let stay = try await site.admit("=MARTIN", "1", number: "N\"1")
    _ = try await site.admit("PETIT", nil, number: "N2", ["protected": true])
    _ = try await site.account("dim", [.records])
    _ = try await site.account("standard", [.switchboard])
    site.clock.advance(seconds: 3600)
    try await site.run { client in
      let records = try await TestBrowser(client, "dim")
      let list = try await records.get("/coding", accept: "application/json").json
      #expect(list?["stays"] == 2 && list?["hidden"] == 1 && list?["lines"]?.array?.count == 1)
      #expect(list?["lines"]?.array?[0]["flaws"] == ["provisional", "noEntryMode"])
      let page = try await records.get("/coding?days=31").text
      #expect(page.contains("/stays/\(stay)") && !page.contains("PETIT") && page.contains("diagnostics"))
      let csv = try await records.get("/coding.csv").text
      #expect(csv.hasPrefix("\u{FEFF}\"N° de dossier\";") && csv.split(separator: "\r\n").count == 2)
      #expect(csv.contains("\"N\"\"1\";\"'=MARTIN Louise"), "no spreadsheet runs a name")
      #expect(csv.contains("\"2022-08-21T03:00:00+02:00\";\"–\""))
      // As many days as it goes back to, at most.
      #expect(try await records.get("/coding?days=999999", accept: "application/json").json?["days"] == 31)
      let desk = try await TestBrowser(client, "standard")
      #expect(try await desk.get("/coding").status == 403)
      #expect(try await desk.get("/coding.csv").status == 403)
    }
  }
}
