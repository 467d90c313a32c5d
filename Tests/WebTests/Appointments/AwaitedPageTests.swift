import Foundation
import Hospital
import Ledger
import Register
import Testing
import Web

/// It is Sunday 21 August 2022, 03:00 at the hospital.
@Suite struct AwaitedPageTests {
  /// Somebody with an appointment so many hours from now, or from the day's beginning where negative; their patient.
  private func book(
    _ site: TestSite, _ name: String, hours: Int, unit: String? = "4EST", traits: JSON = ["phones": ["0600000001"]],
    _ more: JSON = [:]
  ) async throws -> String {
    let (patient, id) = (site.clock.environment.newID(), site.clock.environment.newID())
    var said = JSONObject([
      ("birthName", .string(name)), ("birthGivenName", "LOUISE"), ("birthDate", "1961-03-12"), ("sex", "F"),
    ])
    for (key, value) in traits.object?.members ?? [] { said[key] = value }
    let now = site.clock.now
    var data = JSONObject([
      ("patient", .string("patient/\(patient)")), ("number", .string("RDV \(name)")),
      ("startsAt", .string(now.adding(seconds: hours * 3600).text)),
    ])
    if let unit { data.append("unit", .string(unit)) }
    for (key, value) in more.object?.members ?? [] { data[key] = value }
    try await site.say(
      Fact(kind: "patient.registered", subject: "patient/\(patient)", at: now, data: .object(said)),
      Fact(kind: "appointment.booked", subject: "appointment/\(id)", at: now, data: .object(data)))
    return patient
  }

  private func list(_ browser: TestBrowser, _ query: String = "") async throws -> JSON? {
    try await browser.get("/expected\(query)", accept: "application/json").json
  }

  private func identities(_ list: JSON?) -> [String] {
    (list?["lines"]?.array ?? []).map { line in
      (line["identity"]?["value"]?.string ?? line["identity"]?["state"]?.string ?? "").split(separator: " ").first
        .map(String.init) ?? ""
    }
  }

  @Test func eachDayAndUnitHasItsLines() async throws {
    let site = try await TestSite()
    _ = try await book(site, "SOIR", hours: 15)
    _ = try await book(site, "MATIN", hours: 5, unit: "CONS")
    _ = try await book(site, "DEMAIN", hours: 30)
    _ = try await book(site, "DERNIER", hours: 30 * 24 + 5, unit: nil)
    _ = try await book(site, "TROP-TARD", hours: 31 * 24 + 5)
    _ = try await book(site, "HIER", hours: -20)
    _ = try await book(site, "ANNULE", hours: 6, ["status": "cancelled"])
    try await site.expect(site.clock.now.adding(seconds: 8 * 3600))
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("standard", [.switchboard])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let today = try await list(nurse)
      #expect(identities(today) == ["MATIN", "MARTIN", "SOIR"])
      let counts = (today?["days"]?.array ?? []).map { $0["count"]?.integer }
      #expect(counts.count == 31 && counts[0] == 3 && counts[1] == 1 && counts[30] == 1)
      #expect(counts.compactMap(\.self).reduce(0, +) == 5)
      #expect(identities(try await list(nurse, "?day=2022-08-22")) == ["DEMAIN"])
      #expect(identities(try await list(nurse, "?day=2022-09-20")) == ["DERNIER"])
      #expect(identities(try await list(nurse, "?unit=4EST")) == ["MARTIN", "SOIR"])
      #expect(identities(try await list(nurse, "?unit=CONS")) == ["MATIN"])
      // What is no day of the thirty is the nearest that is.
      for (asked, day) in [("1999-01-01", "2022-08-21"), ("2099-01-01", "2022-09-20"), ("demain", "2022-08-21")] {
        #expect(try await list(nurse, "?day=\(asked)")?["day"]?.string == day)
      }
      let home = try await nurse.get("/", accept: "application/json").json
      #expect(home?["happening"]?["awaited"] == 3)
      #expect(try await nurse.get("/").text.contains("href=\"/expected\"><b>3</b>"))
      let other = try await TestBrowser(client, "standard")
      #expect(try await other.get("/expected").status == 403)
    }
  }

  /// Of one hour by name, whatever its letters; what the diary and its kind say alike is said once.
  @Test func ofOneHourByName() async throws {
    let site = try await TestSite()
    for name in ["ROUX", "ÉVRARD", "DUPONT"] {
      _ = try await book(site, name, hours: 5, ["kind": "consultation", "type": "Consultation", "reason": "genou"])
    }
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let lines = try await list(try await TestBrowser(client, "ide"))
      #expect(identities(lines) == ["DUPONT", "ÉVRARD", "ROUX"])
      #expect(lines?["lines"]?.array?[0]["what"]?["value"] == "consultation genou")
    }
  }

  /// By name as heard, over all days; whom a reader may not name is not found.
  @Test(arguments: [
    ("dupond", ["DUPONT", "DUPONT"]), ("DUP", ["DUPONT", "DUPONT"]), ("louise gotier", ["GAUTHIER"]), ("martin", []),
    ("lemoine", []), ("mueller", ["MULLER"]), ("müller", ["MULLER"]),
  ])
  func byName(_ asked: String, _ found: [String]) async throws {
    let site = try await TestSite()
    _ = try await book(site, "DUPONT", hours: 5)
    _ = try await book(site, "GAUTHIER", hours: 30)
    _ = try await book(site, "DUPONT", hours: 29 * 24)
    _ = try await book(site, "MULLER", hours: 31)
    _ = try await book(site, "LEMOINE", hours: 40, traits: ["protected": true])
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let query = "?name=\(asked.replacing(" ", with: "%20").replacing("ü", with: "%C3%BC"))"
      let listed = try await list(nurse, query)
      #expect(identities(listed) == found)
      let page = try await nurse.get("/expected\(query)").text
      for name in Set(found) { #expect(page.contains(name)) }
      #expect(!page.contains("LEMOINE"))
    }
  }

  /// What the diary says for a pre-admission of the 21st at 11:00 in 4EST, or at another hour or in no unit.
  struct Belonging: Sendable {
    var hours: Int
    var unit: String?
    var preadmitted = 8
    var preadmissionUnit: String? = "4EST"
    var shown: [String]
  }

  /// Of all days, with the unit; each day's count is that of its lines.
  private func places(_ browser: TestBrowser) async throws -> [String] {
    var found: [String] = []
    for day in try await list(browser)?["days"]?.array ?? [] {
      let date = try #require(day["day"]?.string)
      let lines = try await list(browser, "?day=\(date)")?["lines"]?.array ?? []
      #expect(day["count"]?.integer == lines.count)
      found += lines.map { "\(date) \($0["unit"]?.string ?? "–")" }
    }
    return found
  }

  private func preadmit(_ site: TestSite, _ patient: String, as stay: String, hours: Int, _ unit: String?) async throws
  {
    var movement = JSONObject([("key", "1"), ("id", "1"), ("trigger", "A05"), ("class", "inpatient")])
    if let unit { movement.append("unit", .string(unit)) }
    try await site.say(
      Fact(
        kind: "stay.preadmitted", subject: stay, at: site.clock.now.adding(seconds: hours * 3600),
        data: ["patient": .string("patient/\(patient)"), "number": "PA12", "movement": .object(movement)]))
  }

  /// An appointment of a pre-admission, by its account or by its number, is on its line alone where that is of the same
  /// day and unit, and else on its own day, in its own unit.
  @Test(
    arguments: [
      Belonging(hours: 9, unit: "4EST", shown: ["2022-08-21 4EST"]),
      Belonging(hours: 5, unit: nil, shown: ["2022-08-21 4EST"]),
      Belonging(hours: 9, unit: "BLOC", shown: ["2022-08-21 4EST", "2022-08-21 BLOC"]),
      Belonging(hours: 9, unit: "4EST", preadmissionUnit: nil, shown: ["2022-08-21 –", "2022-08-21 4EST"]),
      Belonging(hours: 32, unit: "4EST", shown: ["2022-08-21 4EST", "2022-08-22 4EST"]),
      Belonging(hours: 32, unit: nil, shown: ["2022-08-21 4EST", "2022-08-22 –"]),
      Belonging(hours: 9, unit: "4EST", preadmitted: 15 * 24, shown: ["2022-08-21 4EST", "2022-09-05 4EST"]),
      Belonging(hours: 5 * 24, unit: "CONS", preadmitted: 40 * 24, shown: ["2022-08-26 CONS"]),
      Belonging(hours: 9, unit: "4EST", preadmitted: -24, shown: ["2022-08-21 4EST"]),
    ], [true, false])
  func noDayAndNoUnitWhereSomebodyComesIsWithoutThem(_ told: Belonging, byAccount: Bool) async throws {
    let site = try await TestSite()
    let stay = "stay/\(site.clock.environment.newID())"
    let link: JSON = byAccount ? ["stay": .string(stay)] : ["preadmissionNumber": "PA12"]
    let patient = try await book(site, "MARTIN", hours: told.hours, unit: told.unit, link)
    try await preadmit(site, patient, as: stay, hours: told.preadmitted, told.preadmissionUnit)
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await places(nurse) == told.shown)
      let named = try await list(nurse, "?name=martin")?["lines"]?.array ?? []
      #expect(named.count == told.shown.count)
    }
  }

  @Test(arguments: [true, false]) func aPreadmissionsLineSaysItsAppointments(byAccount: Bool) async throws {
    let site = try await TestSite()
    let stay = "stay/\(site.clock.environment.newID())"
    let link: JSON = byAccount ? ["stay": .string(stay)] : ["preadmissionNumber": "PA12"]
    let operation: JSON = ["kind": "operation", "type": "Hanche"]
    let patient = try await book(site, "MARTIN", hours: 32, unit: "BLOC", operation.adding(link))
    try await preadmit(site, patient, as: stay, hours: 8, "4EST")
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let today = try await list(nurse)
      #expect(today?["lines"]?.array?[0]["what"]?["value"] == "hospitalisation · 22/08 11:00 opération Hanche")
      let page = try await nurse.get("/expected").text
      #expect(
        page.contains("/admissions/stay?patient=\(patient)&amp;preadmission=\(stay.dropFirst("stay/".count))"))
    }
  }

  /// A diary that names somebody else's pre-admission hides nobody behind it, and is not on its line.
  @Test func somebodyElsesPreadmissionBearsNothing() async throws {
    let site = try await TestSite()
    _ = try await book(site, "DURAND", hours: 9, ["preadmissionNumber": "PA12", "reason": "cataracte"])
    let patient = try await book(site, "MARTIN", hours: -40)
    try await preadmit(site, patient, as: "stay/\(site.clock.environment.newID())", hours: 8, "4EST")
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let today = try await list(nurse)
      #expect(identities(today) == ["MARTIN", "DURAND"] && today?["days"]?.array?[0]["count"] == 2)
      #expect(today?["lines"]?.array?[0]["what"]?["value"] == "hospitalisation")
    }
  }

  /// The diary may name them by an identity that another absorbed.
  @Test func whoWasMergedIsShownOnce() async throws {
    let site = try await TestSite()
    let gone = try await book(site, "MARTIN", hours: 9, ["preadmissionNumber": "PA12"])
    let kept = try await book(site, "MARTIN", hours: -40)
    try await preadmit(site, kept, as: "stay/\(site.clock.environment.newID())", hours: 8, "4EST")
    try await site.say(
      Fact(
        kind: "patient.merged", subject: "patient/\(gone)", at: site.clock.now,
        data: ["into": .string("patient/\(kept)")]))
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await places(nurse) == ["2022-08-21 4EST"])
    }
  }

  /// They are in no bed until that hour, and nobody has to admit them then.
  @Test func whoseAdmissionIsDatedAheadIsAwaited() async throws {
    let site = try await TestSite()
    let patient = try await book(site, "MARTIN", hours: -40)
    func movement(_ trigger: String, _ hours: Int, _ unit: String) async throws {
      try await site.say(
        Fact(
          kind: trigger == "A01" ? "stay.admitted" : "stay.transferred", subject: "stay/ahead",
          at: site.clock.now.adding(seconds: hours * 3600),
          data: [
            "patient": .string("patient/\(patient)"),
            "movement": ["key": .string(trigger), "id": "1", "trigger": .string(trigger), "unit": .string(unit)],
          ]))
    }
    try await movement("A01", 8, "4EST")
    try await movement("A02", 30, "CHIR")
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await places(nurse) == ["2022-08-21 4EST"])
      #expect(try await list(nurse)?["lines"]?.array?[0]["at"] == "2022-08-21T11:00:00+02:00")
      #expect(!(try await nurse.get("/expected").text.contains("/admissions/stay")))
      site.clock.advance(seconds: 9 * 3600)
      #expect(try await places(try await TestBrowser(client, "ide")) == [])
    }
  }

  @Test func admittingTakesWhatIsKnownAlong() async throws {
    let site = try await TestSite()
    let patient = try await book(
      site, "MARTIN", hours: 5,
      ["kind": "daycase", "practitioner": "LEROY & PAUL", "reason": "cataracte œil droit", "minutes": 40])
    _ = try await site.account("adm", [.admission])
    try await site.run { client in
      let clerk = try await TestBrowser(client, "adm")
      let page = try await clerk.get("/expected").text
      let address =
        "/admissions/stay?patient=\(patient)&amp;stayClass=daycase&amp;unit=4EST&amp;attending=LEROY%20%26%20PAUL"
        + "&amp;reason=cataracte%20%C5%93il%20droit"
      #expect(page.contains("href=\"\(address)\""))
      let form = try await clerk.get(address.replacingOccurrences(of: "&amp;", with: "&")).text
      #expect(form.contains("value=\"LEROY &amp; PAUL\"") && form.contains("value=\"cataracte œil droit\""))
      #expect(form.contains("value=\"daycase\" checked"))
    }
  }

  @Test func noCellIsBlankOnPaper() async throws {
    let site = try await TestSite()
    _ = try await book(site, "MARTIN", hours: 5, traits: [:])
    _ = try await book(
      site, "DURAND", hours: 6,
      traits: ["contacts": [["role": "next-of-kin", "name": "DURAND PAUL", "phone": "0611"]]], ["reason": "<b>"])
    _ = try await book(site, "PETIT", hours: 7, traits: ["protected": true, "phones": ["0622"]])
    _ = try await book(site, "LEROY", hours: 8, unit: nil)
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("ide-4est", [.nurse], units: ["4EST"])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      for page in [try await nurse.get("/expected/print").text, try await nurse.get("/expected").text] {
        #expect(!page.contains("<td></td>") && page.contains("NON DEMANDÉ"))
        #expect(page.contains("0611 <span class=\"said\">DURAND PAUL</span>") && page.contains("&lt;b&gt;"))
        #expect(!page.contains("PETIT") && !page.contains("0622"), "their presence is told to nobody else")
      }
      let paper = try await nurse.get("/expected/print").text
      #expect(paper.contains("<h2>Médecine 4 Est <small>3 attendu(s)</small></h2>"))
      let sheet = "<section class=\"unit-sheet\"><header class=\"paper-head\"><b>Médecine 4 Est</b><span>Attendus · "
      #expect(paper.contains(sheet) && paper.components(separatedBy: "class=\"unit-sheet\"").count == 3)
      #expect(paper.contains("<h2>Unité non dite <small>1 attendu(s)</small></h2>") && !paper.contains("Admettre"))
      let own = try await TestBrowser(client, "ide-4est")
      #expect(try await own.get("/expected/print?unit=4EST").text.contains("0622"))
      #expect(try await own.get("/expected", accept: "application/json").text.contains("PETIT"))
    }
  }

  /// Somebody who lies in 4EST and has an appointment in an hour; their stay.
  private func bookWhoIsHere(_ site: TestSite, unit: String? = nil) async throws -> String {
    let stay = try await site.admit("MARTIN", "1")
    let patient = try #require(site.register.read { try $0.stay("stay/\(stay)")?.patient })
    let now = site.clock.now
    var data = JSONObject([("patient", .string(patient)), ("startsAt", .string(now.adding(seconds: 3600).text))])
    if let unit { data.append("unit", .string(unit)) }
    try await site.say(
      Fact(
        kind: "appointment.booked", subject: "appointment/\(site.clock.environment.newID())", at: now,
        data: .object(data)))
    return stay
  }

  @Test func whoIsHereAlreadyIsMarked() async throws {
    let site = try await TestSite()
    _ = try await bookWhoIsHere(site)
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await list(nurse)?["lines"]?.array?[0]["present"] == "déjà ici : Médecine 4 Est, chambre 412, lit 1")
      #expect(!(try await nurse.get("/expected").text.contains("/admissions/stay")))
    }
  }

  /// Who came to the unit and left is not like one who never came; who was elsewhere is still to come.
  @Test(arguments: [("4EST", true), ("CHIR", false)])
  func whoCameAndLeftIsMarked(unit: String, isMarked: Bool) async throws {
    let site = try await TestSite()
    let stay = try await bookWhoIsHere(site, unit: unit)
    site.clock.advance(seconds: 600)
    try await site.submit(Discharge(stay: "stay/\(stay)", exitMode: "8"))
    _ = try await site.account("ide", [.nurse])
    try await site.run { client in
      let line = try await list(try await TestBrowser(client, "ide"))?["lines"]?.array?[0]
      #expect(line?["present"] == .null)
      #expect((line?["came"]?.string?.hasPrefix("venu(e) à ") ?? false) == isMarked)
    }
  }
}

extension JSON {
  fileprivate func adding(_ other: JSON) -> JSON {
    .object(JSONObject((object?.members ?? []) + (other.object?.members ?? [])))
  }
}
