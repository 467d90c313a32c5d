import Hospital
import HummingbirdTesting
import Ledger
import Register
import Testing
import Web

/// The morning after: a pile of paper, typed in by its numbers, without JavaScript.
@Suite struct PaperPageTests {
  /// A site whose station has numbered sheets; it is 05:00 there.
  private static func site(_ form: SheetForm = .arrival, count: Int = 5) async throws -> (TestSite, [Sheet]) {
    let site = try await TestSite()
    _ = try await site.account("clerk", [.admission])
    _ = try await site.account("ioa", [.triage])
    try await site.submit(ReserveSheets(form: form, count: count))
    site.clock.advance(seconds: 7200)
    return (site, try site.register.read { try $0.sheetBlocks() }.flatMap(\.sheets))
  }

  /// Somebody nobody can name, of a sheet.
  private static func unknown(_ sheet: Sheet, at: String = "03:10") -> [String: String] {
    ["sex": "M", "stayClass": "emergency", "unit": "4EST", "sheet": sheet.number, "at": at]
  }

  @Test func aPileIsTypedInInOrderAndOneIsMissing() async throws {
    let (site, sheets) = try await Self.site()
    try await site.run { client in
      let browser = try await TestBrowser(client, "ioa")
      func enter(_ sheet: Sheet, at: String = "03:10") async throws -> TestAnswer {
        try await browser.post(
          "/admissions/unknown", all: Self.unknown(sheet, at: at).merging(["csrf": browser.csrf]) { $1 })
      }
      func state() async throws -> JSON {
        try #require(try await browser.get("/paper", accept: "application/json").json)
      }

      // Its last digits are enough; the search comes first, and carries the sheet to every form.
      let search = try #require(try await browser.get("/paper/find?number=1").location)
      #expect(search == "/admissions?sheet=\(sheets[0].number)&stayClass=emergency")
      let found = try await browser.get(search).text
      #expect(
        found.contains("href=\"/admissions/unknown?stayClass=emergency&sheet=") || found.contains("unknown?sheet="))
      #expect(found.contains(try #require(sheets[0].ipp)))
      let form = try await browser.get("/admissions/unknown?sheet=\(sheets[0].number)&stayClass=emergency")
      #expect(form.hidden("sheet") == sheets[0].number)
      #expect(form.text.contains("name=\"at\"") && form.text.contains("data-draft=\"sheet-\(sheets[0].number)\""))

      // The hour on the paper is asked for, and the sheet stays in the form.
      let refused = try await enter(sheets[0], at: "")
      #expect(refused.status == 422 && refused.text.contains("id=\"at-error\""))
      #expect(refused.hidden("sheet") == sheets[0].number)

      let first = try await enter(sheets[0])
      #expect(first.location?.hasPrefix("/paper?done=\(sheets[0].number)") == true)
      let after = try await browser.get("/paper?done=\(sheets[0].number)").text
      #expect(after.contains("Feuille \(sheets[0].number) saisie : dossier \(sheets[0].stayNumber ?? "")."))
      // Enter alone opens the next one; what is scanned goes first.
      #expect(after.contains("name=\"next\" value=\"\(sheets[1].number)\""))
      for (typed, sheet) in [("", sheets[1]), ("3", sheets[2])] {
        let opened = try await browser.get("/paper/find?number=\(typed)&next=\(sheets[1].number)").location
        #expect(opened?.contains(sheet.number) == true)
      }
      // What is written of the triage is next, at the sheet's own hour.
      let triage = try #require(after.firstMatch(of: /id="triage" href="([^"]+)"/).map { String($0.output.1) })
        .replacing("&amp;", with: "&")
      let asked = try await browser.get(triage)
      #expect(asked.text.contains("21/08/2022 03:10"))
      #expect(asked.hidden("next") == "/paper?done=\(sheets[0].number)")

      let stay = try #require(
        try await browser.get("/paper/sheets/\(sheets[0].number)", accept: "application/json").json?["entries"]?
          .array?.first)
      #expect(stay["at"] == "2022-08-21T01:10:00.000Z" && stay["enteredAt"]?.string?.hasPrefix("2022-08-21T03") == true)
      let uuid = try #require(stay["stay"]?.string)
      let page = try await browser.get("/stays/\(uuid)", accept: "application/json").json
      #expect(page?["number"]?.string == sheets[0].stayNumber)

      // The pile has no second sheet.
      #expect(try await enter(sheets[2], at: "03:30").status == 303)
      #expect(try await state()["missing"] == [.string(sheets[1].number)])
      #expect(try await browser.get("/", accept: "application/json").json?["waiting"]?["paper"]?.integer == 1)
      #expect(try await browser.get("/").text.contains("href=\"/paper\" data-means=\"alert\"><b>1</b>"))
      let block = "/paper/blocks/\(sheets[0].block.split(separator: "/")[1])"
      let wordless = try await browser.post(block, ["act": "lost", "first": "2", "next": "/paper"])
      #expect(wordless.status == 422 && wordless.text.contains("Dites où elle a été cherchée"))
      let lost = try await browser.post(
        block, ["act": "lost", "first": "2", "note": "cherchée au box 4", "next": "/paper"])
      #expect(lost.status == 303 && lost.location == "/paper")
      let counts = try await state()["counts"]
      let expected: JSON = ["reserved": 5, "issued": 3, "returned": 2, "entered": 2, "void": 1, "missing": 0]
      #expect(counts == expected)

      // Twice: what it became.
      let twice = try await enter(sheets[0])
      #expect(twice.status == 422 && twice.text.contains("dossier \(sheets[0].stayNumber ?? "")"))
      #expect(try await browser.get("/paper/find?number=001").location == "/paper/sheets/\(sheets[0].number)")
      let seen = try await browser.get("/paper/sheets/\(sheets[0].number)").text
      #expect(seen.contains("/stays/\(uuid)") && seen.contains("/admissions?stayClass=emergency"))
    }
  }

  /// A known file keeps its IPP, a new one takes the sheet's; both stays take the sheets' numbers.
  @Test func everyFormTakesASheet() async throws {
    let (site, sheets) = try await Self.site(.admission)
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let new = try await browser.admitNew(["sheet": sheets[0].number, "at": "03:10"])
      #expect(new.location?.hasPrefix("/paper?done=\(sheets[0].number)") == true)
      let durand = ["birthName": "Durand", "birthGivenName": "Paul", "birthDate": "01021950", "sex": "M"]
      let known = try #require(try await browser.admitNew(durand.merging(["only": "identity"]) { $1 }).location).uuid
      let form = try await browser.get("/admissions/stay?patient=\(known)&sheet=\(sheets[1].number)")
      #expect(form.hidden("sheet") == sheets[1].number)
      let answer = try await browser.post(
        "/admissions/stay",
        [
          "patient": known, "stayClass": "inpatient", "unit": "4EST", "at": "03:20", "entryMode": "8",
          "sheet": sheets[1].number,
        ])
      #expect(answer.location?.hasPrefix("/paper?done=\(sheets[1].number)") == true)
      let stays = try site.register.read { reading in
        try sheets.prefix(2).map { try reading.sheet($0.number)?.entries.first }.compactMap(\.self)
          .compactMap { try reading.stay($0.stay) }
      }
      #expect(stays.map(\.number) == sheets.prefix(2).map(\.stayNumber))
      let files = try site.register.read { reading in
        try stays.compactMap(\.patient).compactMap { try reading.patient($0) }
      }
      #expect(files.first?.identifiers.first?.value == sheets[0].ipp)
      #expect(files.last?.identifiers.first?.value != sheets[1].ipp)
      // The number on a tube leads to its sheet, and the sheet to the stay.
      let tube = try await browser.get("/admissions?scan=\(sheets[1].ipp ?? "")")
      #expect(tube.location == "/paper/sheets/\(sheets[1].number)")
      let nowhere = try await browser.admitNew(
        ["sheet": "00000000-001", "at": "03:10", "birthGivenName": "Zoé", "birthDate": "03041970"])
      #expect(nowhere.status == 422 && nowhere.text.contains("Aucune feuille ne porte ce numéro"))
    }
  }

  @Test func aPileIsCountedBeforeItIsTypedIn() async throws {
    let (site, sheets) = try await Self.site(count: 4)
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let block = "/paper/blocks/\(sheets[0].block.split(separator: "/")[1])"
      #expect(
        try await browser.post(block, ["act": "issued", "first": "001", "last": "4", "note": "SAUV"]).status == 303)
      #expect(try await browser.get("/paper").text.components(separatedBy: "<td>SAUV</td>").count == 5)
      // Each scan leads back to the field.
      for sheet in [sheets[2], sheets[0]] {
        let counted = try await browser.post("/paper/find", ["number": sheet.number.lowercased()])
        #expect(counted.location == "/paper?counted=\(sheet.number)")
      }
      let page = try await browser.get("/paper?counted=\(sheets[0].number)").text
      #expect(page.contains("<form method=\"post\" action=\"/paper/find\"") && page.contains("comptée comme rendue"))
      let state = try await browser.get("/paper", accept: "application/json").json
      #expect(state?["returned"] == [.string(sheets[0].number), .string(sheets[2].number)])
      #expect(state?["next"]?.string == sheets[0].number)
      #expect(state?["missing"] == [.string(sheets[1].number), .string(sheets[3].number)])
      // Admitted at a desk that worked again, before anybody came with the sheet.
      _ = try await browser.admitNew()
      let number = try #require(
        try site.register.read { reading in try reading.stay(reading.stays(withNumber: "900000005").first ?? "") }?
          .number)
      let matched = try await browser.post("/paper/sheets/\(sheets[2].number)", ["stayNumber": number])
      #expect(matched.location == "/paper?done=\(sheets[2].number)")
      let matchedTwice = try await browser.post("/paper/sheets/\(sheets[0].number)", ["stayNumber": number])
      #expect(matchedTwice.status == 422 && matchedTwice.text.contains("déjà celui de la feuille \(sheets[2].number)"))
      let wrong = try await browser.post("/paper/sheets/\(sheets[0].number)", ["stayNumber": "12"])
      #expect(wrong.status == 422 && wrong.text.contains("value=\"12\""))
      // It was another's sheet after all.
      let address = "/paper/sheets/\(sheets[2].number)"
      let form = try await browser.get(address)
      let stay = try #require(form.hidden("notStay"))
      #expect(form.text.contains("Pas la bonne feuille"))
      #expect(try await browser.post(address, ["notStay": stay]).location == address)
      let parted = try await browser.get(address, accept: "application/json").json
      #expect(parted?["status"] == "returned" && parted?["entries"] == [])
    }
  }

  /// Of somebody who was never here: the sheet is in the pile again, and can be given up.
  @Test func aCancelledAdmissionLeavesItsSheet() async throws {
    let (site, sheets) = try await Self.site()
    try await site.run { client in
      let browser = try await TestBrowser(client, "ioa")
      let entered = try await browser.post(
        "/admissions/unknown", all: Self.unknown(sheets[1]).merging(["csrf": browser.csrf]) { $1 })
      #expect(entered.location?.hasPrefix("/paper?done=") == true)
      let (stay, key) = try #require(
        try site.register.read { reading -> (String, String)? in
          guard let id = try reading.sheet(sheets[1].number)?.entries.first?.stay,
            let movement = try reading.stay(id)?.movements.first
          else { return nil }
          return (id, movement.key)
        })
      _ = try await site.register.submit(
        Submission(CancelMovement(stay: stay, key: key), key: site.clock.environment.newID(), author: "system"))
      let state = try await browser.get("/paper", accept: "application/json").json
      #expect(state?["returned"] == [.string(sheets[1].number)] && state?["next"]?.string == sheets[1].number)
      #expect(state?["missing"] == [.string(sheets[0].number)])
      let opened = try await browser.get("/paper/find?number=\(sheets[1].number)")
      #expect(opened.location?.hasPrefix("/admissions?sheet=\(sheets[1].number)") == true)
      let block = "/paper/blocks/\(sheets[0].block.split(separator: "/")[1])"
      #expect(try await browser.post(block, ["act": "unused", "first": "2"]).status == 303)
      let given = try await browser.get("/paper/sheets/\(sheets[1].number)", accept: "application/json").json
      #expect(given?["status"] == "void" && given?["entries"]?.array?.first?["isCancelled"] == true)
    }
  }

  /// Scanned on the page of another block, a number says nothing of the sheet of the same serial.
  @Test func aRangeIsOfItsOwnBlock() async throws {
    let (site, sheets) = try await Self.site(count: 3)
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let block = "/paper/blocks/\(sheets[0].block.split(separator: "/")[1])"
      for (first, last) in [("00000000-002", ""), ("1", "00000000-003"), ("0-2", ""), ("\(sheets[1].number)-2", "")] {
        let refused = try await browser.post(block, ["act": "unused", "first": first, "last": last])
        #expect(refused.status == 422 && refused.text.contains("Aucune feuille ne porte ce numéro"), "\(first) \(last)")
      }
      let range: KeyValuePairs = ["act": "unused", "first": sheets[1].number.lowercased(), "last": "003"]
      #expect(try await browser.post(block, range).status == 303)
      let after = try site.register.read { try $0.sheetBlocks() }.flatMap(\.sheets).map(\.status)
      #expect(after == [.blank, .void, .void])
    }
  }

  @Test func whoIsExpectedIsChosenWithTheSheet() async throws {
    let (site, sheets) = try await Self.site(.admission)
    let now = site.clock.environment.now()
    for _ in 0..<21 { try await site.expect(now.adding(seconds: 3600)) }
    try await site.run { client in
      let browser = try await TestBrowser(client, "clerk")
      let carried = "sheet=\(sheets[0].number)&stayClass=inpatient"
      func desk(_ address: String) async throws -> String {
        try await browser.get("\(address)\(carried)").text.replacing("&amp;", with: "&")
      }
      #expect(try await desk("/admissions?").contains("href=\"/admissions?page=2&\(carried)#expected\""))
      let last = try await desk("/admissions?page=2&")
      #expect(last.contains("href=\"/admissions?page=1&\(carried)#expected\""))
      let choice = try #require(
        last.firstMatch(of: /href="(\/admissions\/stay\?[^"]*preadmission=[^"]*)"/).map { String($0.output.1) })
      let form = try await browser.get(choice)
      #expect(form.hidden("sheet") == sheets[0].number && form.hidden("preadmission") != nil)
    }
  }

  @Test func numbersLeadWhereTheyBelong() async throws {
    let (site, sheets) = try await Self.site(count: 2)
    _ = try await site.account("cadre", [.supervisor])
    _ = try await site.account("beds", [.bedManager])
    try await site.run { client in
      let browser = try await TestBrowser(client, "cadre")
      #expect(try await browser.post("/rounds", [:]).status == 303)
      let round = try #require(try site.register.read { try $0.rounds() }.first)
      let unit = "/rounds/\(round.id.split(separator: "/")[1])/units/4EST"
      #expect(try await browser.get("/paper/find?number=\(round.sheet("4EST"))").location == unit)
      #expect(
        try await browser.get("/rounds/sheet?number=\(sheets[0].number)").location
          == "/paper/sheets/\(sheets[0].number)")
      let none = try await browser.get("/paper/find?number=ABC")
      #expect(none.status == 422 && none.text.contains("Aucune feuille ne porte le numéro ABC"))
      for number in ["7F3A09C1-GUIDE", "7f3a09c1-tel"] {
        let toRead = try await browser.get("/paper/find?number=\(number)")
        #expect(toRead.status == 422 && toRead.text.contains("est à lire"))
      }
      #expect(try await browser.post("/paper", ["form": "admission", "count": "3"]).status == 303)
      #expect(try await browser.get("/paper/find?number=1").text.contains("Plusieurs blocs"))
      #expect(try await browser.post("/paper", ["form": "admission", "count": "900"]).status == 422)
      #expect(try await browser.post("/paper", ["form": "letter", "count": "3"]).status == 422)
      #expect(try await browser.get("/paper/sheets/nothing").status == 404)
      // Whoever may not admit sees where paper is, and says nothing of it.
      let beds = try await TestBrowser(client, "beds")
      let page = try await beds.get("/paper")
      #expect(page.status == 200 && !page.text.contains("method=\"post\" action=\"/paper"))
      #expect(
        try await beds.get("/paper/find?number=\(sheets[0].number)").location == "/paper/sheets/\(sheets[0].number)")
      let block = "/paper/blocks/\(sheets[0].block.split(separator: "/")[1])"
      #expect(try await beds.post(block, ["act": "returned", "first": "1"]).status == 422)
    }
  }
}
