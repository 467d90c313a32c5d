import Hospital
import Ledger
import Register
import Testing
import Web

/// Flow figures as browsers, spreadsheets and programs ask for them.
@Suite struct FlowPageTests {
  private func site() async throws -> TestSite {
    let site = try await TestSite()
    _ = try await site.account("std", [.switchboard])
    for (number, name) in ["MARTIN", "SECRETE"].enumerated() {
      let (patient, stay) = (site.clock.environment.newID(), site.clock.environment.newID())
      try await site.say(
        Fact(
          kind: "patient.registered", subject: "patient/\(patient)", at: site.clock.now,
          data: ["birthName": .string(name), "protected": .bool(number == 1)]),
        Fact(
          kind: "stay.admitted", subject: "stay/\(stay)", at: site.clock.now,
          data: [
            "patient": .string("patient/\(patient)"), "number": .string("N900\(number)"),
            "movement": [
              "key": .string(stay), "id": .string(stay), "trigger": "A04", "unit": "4EST", "class": "emergency",
            ],
          ]),
        Fact(
          kind: "emergency.triaged", subject: EmergencyVisit.id(ofStay: "stay/\(stay)"), at: site.clock.now,
          data: ["stay": .string("stay/\(stay)"), "scale": "FRENCH", "level": "3A", "reason": .string(name)]))
    }
    return site
  }

  @Test func itNamesNobodyAndIsForWhoeverIsSignedIn() async throws {
    let site = try await site()
    try await site.run { client in
      let stranger = TestBrowser(client)
      for address in ["/emergency/flow", "/emergency/flow.csv?table=arrivals"] {
        #expect(try await stranger.get(address).location?.hasPrefix("/sign-in") == true)
      }
      let desk = try await TestBrowser(client, "std")
      let page = try await desk.get("/emergency/flow?span=week")
      #expect(page.status == 200 && page.text.contains("<svg") && !page.text.contains("style="))
      var all = page.text
      for table in ["arrivals", "triage", "physician", "levels", "stays", "orientations", "transfers"] {
        let csv = try await desk.get("/emergency/flow.csv?table=\(table)&span=night")
        #expect(csv.status == 200 && csv.text.contains(";"))
        all += csv.text
      }
      let json = try await desk.get("/emergency/flow", accept: "application/json")
      all += json.text
      for word in ["MARTIN", "SECRETE", "N900"] { #expect(!all.contains(word), "\(word) is in the figures") }
      #expect(json.json?["hours"]?.array?.count == 24)
      #expect(json.json?["hours"]?.array?.last?["arrivals"] == 2)
      #expect(json.json?["levels"]?.array?.first?["target"] == 60)
      #expect(try await desk.get("/emergency/flow.csv?table=people").status == 404)
    }
  }

  @Test func hoursThatCannotBeAreSaidAndKept() async throws {
    let site = try await site()
    try await site.run { client in
      let desk = try await TestBrowser(client, "std")
      let odd = try await desk.get("/emergency/flow?from=bient%C3%B4t")
      #expect(odd.status == 422 && odd.text.contains("value=\"bientôt\"") && odd.text.contains("role=\"alert\""))
      #expect(try await desk.get("/emergency/flow?from=01/01&to=bah", accept: "application/json").status == 400)
      #expect(try await desk.get("/emergency/flow.csv?table=stays&from=25h").status == 400)
    }
  }

  /// Paris, Sunday 21 August 2022.
  @Test(arguments: [
    ([("span", "night")], "2022-08-21T01:30:00.000Z", "2022-08-20T18:00:00.000Z"),
    ([("span", "night")], "2022-08-21T18:30:00.000Z", "2022-08-21T18:00:00.000Z"),
    ([("span", "night")], "2022-08-21T18:00:00.000Z", "2022-08-21T18:00:00.000Z"),
    ([], "2022-08-21T01:30:00.000Z", "2022-08-20T02:00:00.000Z"),
    ([("span", "week")], "2022-08-21T01:30:00.000Z", "2022-08-14T02:00:00.000Z"),
    ([("from", "22:10")], "2022-08-21T01:30:00.000Z", "2022-08-20T20:00:00.000Z"),
    // Both hours named two o'clock are hours.
    ([("from", "2022-10-30T00:59:00.000Z")], "2022-10-30T03:00:00.000Z", "2022-10-30T00:00:00.000Z"),
  ])
  func whereTheHoursBegin(asked: [(String, String)], now: String, from: String) throws {
    let now = try #require(Instant(now))
    let span = try FlowSpan(
      Fields(asked.map { (name: $0.0, value: $0.1) }), Hours("Europe/Paris"), now: now)
    #expect(span.from == Instant(from) && span.until == now.adding(seconds: 1))
  }

  @Test(arguments: [
    ("2022-08-21T01:00:00.000Z", "2022-08-21T00:00:00.000Z", "flow-span-order"),
    ("2022-08-21T02:00:00.000Z", "2022-08-21T03:00:00.000Z", "flow-span-order"),
    ("2022-08-10T02:00:00.000Z", "2022-08-21T01:00:00.000Z", "flow-span-long"),
    ("hier", "", "time-no-hour"),
  ])
  func hoursThatAreRefused(from: String, to: String, code: String) {
    #expect {
      try FlowSpan(
        Fields([("from", from), ("to", to)]), Hours("Europe/Paris"), now: Instant("2022-08-21T01:30:00.000Z")!)
    } throws: { ($0 as? Refusal)?.code == code }
  }
}
