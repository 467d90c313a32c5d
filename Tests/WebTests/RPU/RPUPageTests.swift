import Hospital
import Ledger
import Testing
import Web

@Suite struct RPUPageTests {
  /// A visit to emergency yesterday.
  private static func visit(_ site: TestSite, daysAgo: Int = 0) async throws -> String {
    let (patient, stay) = (site.clock.environment.newID(), site.clock.environment.newID())
    let at = site.clock.environment.now().adding(seconds: -daysAgo * 86_400)
    try await site.say(
      Fact(
        kind: "patient.registered", subject: "patient/\(patient)", at: at,
        data: ["birthName": "MARTIN", "birthGivenName": "Louise", "birthDate": "1961-03-12", "sex": "F"]),
      Fact(
        kind: "stay.admitted", subject: "stay/\(stay)", at: at,
        data: [
          "patient": .string("patient/\(patient)"), "number": "901",
          "movement": [
            "key": .string(stay), "id": .string(stay), "trigger": "A04", "unit": "4EST", "class": "emergency",
          ],
        ]))
    return stay
  }

  /// Eight weeks of paper, and a channel that is back: each day is owed until somebody has it, however old; the years
  /// before the hospital's first station are not.
  @Test func anOldDayIsOwedUntilSomebodyHasIt() async throws {
    let site = try await TestSite()
    _ = try await site.account("dim", [.records])
    for days in [91, 90, 3, 0] { _ = try await Self.visit(site, daysAgo: days) }
    site.clock.advance(seconds: 200 * 86_400)
    try await site.run { client in
      let records = try await TestBrowser(client, "dim")
      func owed() async throws -> [(day: String, hash: String)] {
        let days = try await records.get("/rpu", accept: "application/json").json?["days"]?.array ?? []
        return days.filter { $0["visits"] != 0 && $0["acknowledged"] == false }
          .map { ($0["day"]?.string ?? "", $0["hash"]?.string ?? "") }
      }
      #expect(try await owed().map(\.day) == ["2022-05-23", "2022-08-18", "2022-08-21"])
      #expect(try await records.get("/rpu").text.contains("3 jour(s) à transmettre"))
      let first = try #require(try await owed().first)
      #expect(try await records.post("/rpu/\(first.day)", ["hash": first.hash]).status == 303)
      #expect(try await owed().map(\.day) == ["2022-08-18", "2022-08-21"])
      let last = try #require(try await owed().last)
      #expect(try await records.post("/rpu/\(last.day)", ["hash": last.hash]).status == 303)
      #expect(try await owed().map(\.day) == ["2022-08-18"])
    }
  }

  /// Ninety older days at once, the oldest first; the days without anybody, and those that are there, are none of them.
  @Test func aLongOutageIsCaughtUpInOrder() async throws {
    let site = try await TestSite()
    _ = try await site.account("dim", [.records])
    for days in -5..<92 where days != 50 { _ = try await Self.visit(site, daysAgo: days) }
    site.clock.advance(seconds: 200 * 86_400)
    try await site.run { client in
      let records = try await TestBrowser(client, "dim")
      /// Before the thirty that are looked at whatever was said of them.
      func older() async throws -> [JSON] {
        let days = try await records.get("/rpu", accept: "application/json").json?["days"]?.array ?? []
        return days.dropLast(30)
      }
      let before = try await older()
      let days = before.compactMap { $0["day"]?.string }
      #expect(days.count == 90 && days.first == "2022-05-23" && days.last == "2022-08-21")
      #expect(days == days.sorted() && !days.contains("2022-07-02"))
      let hash = try #require(before[1]["hash"]?.string)
      #expect(try await records.post("/rpu/2022-05-24", ["hash": hash]).status == 303)
      let after = try await older().compactMap { $0["day"]?.string }
      #expect(after == days.filter { $0 != "2022-05-24" } + ["2022-08-22"])
    }
  }

  @Test func aDayIsMadeSentAndTakenAgainWhenItChanges() async throws {
    let site = try await TestSite()
    _ = try await site.account("dim", [.records])
    _ = try await site.account("ide", [.nurse])
    let stay = try await Self.visit(site)
    site.clock.advance(seconds: 86_400)
    try await site.run { client in
      let records = try await TestBrowser(client, "dim")
      let day = "2022-08-21"
      func state() async throws -> JSON? {
        try await records.get("/rpu", accept: "application/json").json?["days"]?.array?.last
      }
      let made = try await state()
      #expect(made?["day"] == .string(day) && made?["visits"] == 1 && made?["acknowledged"] == false)
      #expect(made?["percent"]?["ENTREE"] == 100 && made?["percent"]?["MOTIF"] == 0)
      let hash = try #require(made?["hash"]?.string)

      let file = try await records.get("/rpu/\(day)")
      #expect(file.text.contains("<ENTREE>21/08/2022 03:00</ENTREE>") && file.text.contains("<CP>99999</CP>"))
      #expect(!file.text.contains("MARTIN") && !file.text.contains("Louise") && !file.text.contains("901"))
      #expect(file.headers[.contentDisposition]?.contains("RPU_910000000_20220821.xml") == true)

      #expect(try await records.get("/rpu").text.contains("à transmettre"))
      #expect(try await records.post("/rpu/\(day)", ["hash": hash]).status == 303)
      #expect(try await state()?["acknowledged"] == true)

      // The visit ends: what is there is not what is known any more.
      try await site.say(
        Fact(
          kind: "stay.discharged", subject: "stay/\(stay)", at: Instant("2022-08-21T05:00:00.000Z")!,
          data: ["exitMode": "8", "movement": ["key": "x", "trigger": "A03"]]))
      #expect(try await state()?["acknowledged"] == false)
      let stale = try await records.post("/rpu/\(day)", ["hash": hash])
      #expect(stale.status == 422 && stale.text.contains("ont changé"))
      #expect(try await records.get("/rpu/\(day)").text.contains("<SORTIE>21/08/2022 07:00</SORTIE>"))

      for none in ["2022-08-22", "2022-13-01", "hier"] {
        #expect(try await records.get("/rpu/\(none)").status == 404, "\(none)")
      }
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await nurse.get("/rpu").status == 403)
      #expect(try await nurse.get("/rpu/\(day)").status == 403)
    }
  }
}
