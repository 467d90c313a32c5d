import Hospital
import Ledger
import Register
import Testing
import Web

@Suite struct CoveragePageTests {
  private struct Said: Command {
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
      Decision(facts: [
        Fact(kind: "patient.described", subject: "patient/feed", at: moment.now, data: ["birthName": "MARTIN"])
      ])
    }
  }

  /// A message each hour of four days.
  private func feed(_ site: TestSite) async throws {
    for number in 0..<97 {
      let source = Source(sender: "GAM|<CH>", control: "\(number)", text: "", instant: site.clock.now)
      _ = try await site.register.submit(
        Submission(Said(), key: site.clock.environment.newID(), author: "system", source: source))
      site.clock.advance(seconds: 3600)
    }
  }

  @Test func aSilentFeedIsOnTheBannerAndOnItsPage() async throws {
    let site = try await TestSite()
    try await feed(site)
    _ = try await site.account("standard", [.switchboard])
    try await site.run { client in
      let desk = try await TestBrowser(client, "standard")
      #expect(!(try await desk.get("/").text.contains("flux muet")))
      let before = try await desk.get("/coverage", accept: "application/json").json?["feeds"]?.array?.first
      #expect(before?["isSilent"] == false && before?["silentSecondsUsual"] == 3600 && before?["lastDay"] == 23)
      #expect(before?["lastDayUsual"] == 24 && before?["hours"]?.array?.count == 24)
      site.clock.advance(seconds: 1800)
      let page = try await desk.get("/coverage").text
      #expect(page.contains("! muet</span>") && page.contains("<bdi>GAM|&lt;CH&gt;</bdi>") && page.contains("1 h 00"))
      #expect(page.contains("<a href=\"/coverage\"><b>flux muet : GAM|&lt;CH&gt;</b></a>"))
      #expect(try await desk.get("/", accept: "application/json").json?["waiting"]?["silent"] == 1)
      let stranger = TestBrowser(client)
      #expect(try await stranger.get("/coverage", accept: "application/json").status == 401)
    }
  }

  /// A diary that never spoke is no feed that fell silent: that nobody is booked is said by itself.
  @Test(arguments: [nil, 8, 24 * 31]) func nobodyIsBooked(hours: Int?) async throws {
    let site = try await TestSite()
    try await feed(site)
    if let hours {
      try await site.say(
        Fact(
          kind: "appointment.booked", subject: "appointment/\(site.clock.environment.newID())", at: site.clock.now,
          data: ["startsAt": .string(site.clock.now.adding(seconds: hours * 3600).text)]))
    }
    _ = try await site.account("standard", [.switchboard])
    try await site.run { client in
      let page = try await TestBrowser(client, "standard").get("/coverage").text
      #expect(page.contains("Aucun rendez-vous dans les trente jours à venir") == (hours != 8))
    }
  }

  /// On no list, so whom it is of is said here, to whoever may open files.
  @Test func whoseAppointmentHasNoHour() async throws {
    let site = try await TestSite()
    let (open, hidden) = (site.clock.environment.newID(), site.clock.environment.newID())
    for (patient, number, protected) in [(open, "R1", false), (hidden, "R2", true)] {
      try await site.say(
        Fact(
          kind: "patient.registered", subject: "patient/\(patient)", at: site.clock.now,
          data: ["birthName": "MARTIN", "protected": .bool(protected)]),
        Fact(
          kind: "appointment.booked", subject: "appointment/\(site.clock.environment.newID())", at: site.clock.now,
          data: ["patient": .string("patient/\(patient)"), "number": .string(number), "unit": "4EST"]))
    }
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("standard", [.switchboard])
    try await site.run { client in
      let page = try await TestBrowser(client, "ide").get("/coverage").text
      #expect(page.contains("! 2</span>"))
      #expect(page.contains("<a href=\"/patients/\(open)\"><bdi>R1</bdi></a>") && !page.contains("R2"))
      #expect(!(try await TestBrowser(client, "standard").get("/coverage").text.contains("R1")))
    }
  }

  /// Figures are for everybody, whose stays they are for whoever may open files, and never those told to nobody.
  @Test func whoseStaysLackSomething() async throws {
    let site = try await TestSite()
    let open = try await site.admit("COULOIR", nil, number: "N1")
    let hidden = try await site.admit("PETIT", nil, number: "N2", ["protected": true])
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("standard", [.switchboard])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let page = try await nurse.get("/coverage").text
      #expect(page.contains("<a href=\"/stays/\(open)\"><bdi>N1</bdi></a>") && !page.contains(hidden))
      #expect(page.contains("Aucun logiciel n’a encore envoyé de message"))
      let desk = try await TestBrowser(client, "standard")
      #expect(!(try await desk.get("/coverage").text.contains("/stays/")))
      let figures = try await desk.get("/coverage", accept: "application/json").json
      #expect(figures?["lacks"]?["noBed"] == 2 && figures?["lacks"]?["gap"] == 0 && figures?["holds"]?["present"] == 2)
      #expect(figures?["holds"]?["PROV"] == 2 && figures?["holds"]?["empty"] == 3)
    }
  }
}
