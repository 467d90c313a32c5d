import Hospital
import Ledger
import Register
import Testing
import Web

/// Pages of a visit that the main system goes on with under its own names.
@Suite struct ContinuedPageTests {
  @Test func pagesShowWhatWasSaidBefore() async throws {
    let site = try await EmergencyPageTests().site()
    let here = try await EmergencyPageTests().arrive(site, "MARTIN")
    let there = try await EmergencyPageTests().arrive(site, "MARTIN")
    let people = try site.register.read { reading in
      try [here, there].compactMap { try reading.stay("stay/\($0)")?.patient }
    }
    let (now, visit) = (site.clock.now, EmergencyVisit.id(ofStay: "stay/\(here)"))
    try await site.say(
      Fact(
        kind: "emergency.triaged", subject: visit, at: now,
        data: ["stay": .string("stay/\(here)"), "scale": "FRENCH", "level": "2"]),
      Fact(kind: "stay.asked", subject: "stay/\(here)", at: now, data: ["diet": "mixé"]),
      Fact(kind: "patient.situation-set", subject: people[0], at: now, data: ["kind": "custody"]),
      Fact(kind: "patient.merged", subject: people[0], at: now, data: ["into": .string(people[1])]),
      Fact(kind: "stay.continued", subject: "stay/\(here)", at: now, data: ["as": .string("stay/\(there)")]))
    try await site.run { client in
      let browser = try await TestBrowser(client, "med")
      let board = try await browser.get("/emergency", accept: "application/json")
      #expect(board.json?["present"]?.array?.map { $0["level"]?.string } == ["2"])
      let page = try await browser.get("/emergency/\(there)", accept: "application/json")
      #expect(page.json?["level"]?.string == "2")
      let person = try await browser.get("/patients/\(people[1].dropFirst(8))", accept: "application/json")
      #expect(person.json?["situations"]?.array?.map { $0["kind"]?.string } == ["custody"])
      let stay = try await browser.get("/stays/\(there)")
      #expect(stay.text.contains("mixé"))
      let discharge = try await TestBrowser(client, "adm").get("/stays/\(there)/discharge")
      #expect(discharge.text.contains("Patient en garde à vue"))
    }
  }
}
