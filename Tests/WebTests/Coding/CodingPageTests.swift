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

  /// Codes are completed afterwards, and it leaves the list.
  @Test func aVisitToEmergencyWithoutADiagnosis() async throws {
    let site = try await TestSite()
    _ = try await site.account("dim", [.records])
    for (kind, trigger, mode) in [("admitted", "A04", "entryMode"), ("discharged", "A03", "exitMode")] {
      site.clock.advance(seconds: 3600)
      try await site.say(
        Fact(
          kind: "patient.registered", subject: "patient/a", at: site.clock.now, data: ["birthName": "MARTIN"]),
        Fact(
          kind: "stay.\(kind)", subject: "stay/a", at: site.clock.now,
          data: [
            "patient": "patient/a", "number": "N1", mode: "8",
            "movement": [
              "key": .string(kind), "id": .string(kind), "trigger": .string(trigger), "unit": "4EST",
              "class": "emergency",
            ],
          ]))
    }
    site.clock.advance(seconds: 3600)
    try await site.run { client in
      let records = try await TestBrowser(client, "dim")
      let before = try await records.get("/coding", accept: "application/json").json
      #expect(before?["lines"]?.array?.first?["flaws"] == ["provisional", "noDiagnosis"])
      try await site.submit(AssessPatient(stay: "stay/a", diagnosis: "R07.4"))
      let after = try await records.get("/coding", accept: "application/json").json
      #expect(after?["lines"]?.array?.first?["flaws"] == ["provisional"])
    }
  }
}
