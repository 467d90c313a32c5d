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

  /// A pack was printed, the stations went off, people wrote on its lists: one that comes back makes the others missing.
  @Test func thePacksListsAreCountedFromTheFirstThatComesBack() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("accueil", [.admission])
    _ = try await site.account("cadre", [.supervisor])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      func state() async throws -> JSON {
        try #require(try await nurse.get("/paper", accept: "application/json").json)
      }
      let asking = try #require(try await nurse.get("/paper/find?number=7f3a09c1-4est").location)
      #expect(asking == "/paper?list=7F3A09C1-4EST")
      #expect(try await nurse.get(asking).text.contains("Compter les listes de ce dossier"))
      #expect(try await state()["packs"] == [])
      let none = try await nurse.post("/rounds", ["list": "7F3A09C1-9NORD"])
      #expect(none.status == 422 && none.text.contains("Aucune liste d’un dossier papier"))

      // Whoever sorts the pile says that it is back; the ward types it in.
      let clerk = try await TestBrowser(client, "accueil")
      #expect(try await clerk.post("/rounds", ["list": "7F3A09C1-4EST"]).location == "/paper")
      #expect(try await clerk.get("/paper").text.contains("2 manquantes"))
      let counted = try await clerk.post("/paper/find", ["number": "7f3a09c1-urgences"])
      #expect(counted.location == "/paper?counted=7F3A09C1-URGENCES")
      let theirs = try await clerk.get("/paper/find?number=7F3A09C1-4EST")
      #expect(theirs.status == 422 && theirs.text.contains("comptez-la comme rendue"))
      var pack = try #require(try await state()["packs"]?.array?.first)
      #expect(pack["missing"] == ["4EST"] && pack["returned"] == ["URGENCES"] && pack["pack"] == "7F3A09C1")
      #expect(try await nurse.get("/").text.contains("href=\"/paper\" data-means=\"alert\""))

      let address = try #require(try await nurse.get("/paper/find?number=7F3A09C1-4EST").location)
      #expect(try await nurse.get(address).text.contains("href=\"/units/4EST\""))
      let bed = try site.bed("1")
      #expect(try await nurse.post(address, ["bed": bed, "by": "Anne Petit"]).status == 303)
      let emergency = try #require(try await nurse.get("/paper/find?number=7F3A09C1-URGENCES").location)
      let page = try await nurse.get(emergency).text
      #expect(page.contains("href=\"/emergency\"") && !page.contains("name=\"differs\""))
      #expect(try await nurse.post(emergency, ["by": "Anne Petit"]).status == 303)
      pack = try #require(try await state()["packs"]?.array?.first)
      #expect(pack["missing"] == [] && pack["returned"] == [] && pack["counts"]?["URGENCES"]?["by"] == "Anne Petit")

      // A recount begins beside it; once nobody waits, another list of the pack makes it go on.
      let cadre = try await TestBrowser(client, "cadre")
      #expect(try await cadre.get("/rounds").text.contains("Commencer un recomptage"))
      let id = try #require(pack["id"]?.string)
      #expect(try await cadre.post("/rounds/\(id)/end", [:]).status == 303)
      #expect(try await nurse.get(emergency).text.contains("Plus personne n’attend"))
      #expect(try await nurse.post("/rounds", ["list": "7F3A09C1-URGENCES"]).location?.contains("URGENCES") == true)
      #expect(try await state()["packs"]?.array?.first?["id"] == pack["id"])
    }
  }
}
