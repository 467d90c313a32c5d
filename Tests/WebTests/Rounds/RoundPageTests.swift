import Hospital
import Ledger
import Testing
import Web

@Suite struct RoundPageTests {
  @Test func aSheetIsPrintedWalkedWithAndTypedIn() async throws {
    let site = try await TestSite()
    _ = try await site.account("cadre", [.supervisor])
    _ = try await site.account("ide", [.nurse])
    _ = try await site.admit("MARTIN", "1")
    _ = try await site.admit("PETIT", "2", ["protected": true])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await nurse.post("/rounds", [:]).status == 422)
      let cadre = try await TestBrowser(client, "cadre")
      #expect(try await cadre.post("/rounds", [:]).status == 303)
      let open = try await cadre.get("/rounds", accept: "application/json").json?["rounds"]?.array?.first
      let id = try #require(open?["id"]?.string)
      #expect(open?["missing"] == ["4EST"])
      #expect(try await cadre.get("/rounds").text.contains("1 manquantes sur 1"))

      let sheets = try await cadre.get("/rounds/\(id)/print").text
      let number = "\(id.suffix(8).uppercased())-4EST"
      #expect(sheets.contains(number) && sheets.contains("<svg") && sheets.contains("MARTIN Louise"))
      #expect(!sheets.contains("PETIT"))

      // The code at the head of the sheet opens it.
      let found = try await nurse.get("/rounds/sheet?number=\(number.lowercased())")
      #expect(found.status == 303 && found.location == "/rounds/\(id)/units/4EST")
      #expect(try await nurse.get("/rounds/sheet?number=X-1").text.contains("Aucune feuille"))

      let address = "/rounds/\(id)/units/4EST"
      let beds = try ["1", "2", "3"].map { try site.bed($0) }
      site.clock.advance(seconds: 1800)
      let sent = try await nurse.post(
        address, ["bed": beds[0], "bed": beds[1], "bed": beds[2], "differs": beds[2], "by": "Anne Petit"])
      #expect(sent.status == 303 && sent.location == address)
      let page = try await nurse.get(address).text
      #expect(page.contains("À corriger") && page.contains("/beds/\(beds[2])\""))
      let seen = try await nurse.get("/beds/\(beds[0])")
      #expect(seen.text.contains("Anne Petit"))
      #expect(try await nurse.get("/beds/\(beds[2])", accept: "application/json").json?["seenAt"] == .null)
      #expect(try await nurse.get("/units/4EST").text.contains("Anne Petit"))
      let counted = try await cadre.get("/rounds", accept: "application/json").json?["rounds"]?.array?.first
      #expect(counted?["missing"] == [] && counted?["counts"]?["4EST"]?["differs"] == [.string(beds[2])])

      // Put right on the bed's own page, it is seen as well, and nothing is left to do.
      site.clock.advance(seconds: 60)
      #expect(try await nurse.post("/beds/\(beds[2])/seen", [:]).status == 303)
      #expect(!(try await nurse.get(address).text.contains("À corriger")))
      #expect(try await cadre.post("/rounds/\(id)/end", [:]).status == 303)
      #expect(try await nurse.post(address, ["bed": beds[0]]).status == 422)
    }
  }
}
