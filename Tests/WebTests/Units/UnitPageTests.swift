import Hospital
import Ledger
import Testing
import Web

@Suite struct UnitPageTests {
  @Test func aListHasALineForEachBedAndForEachPersonWithoutOne() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1", number: "900000017")
    _ = try await site.admit("COULOIR", nil)
    _ = try await site.admit("PETIT", "2", ["protected": true])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let list = try await nurse.get("/units/4EST", accept: "application/json").json
      let entries = try #require(list?["entries"]?.array)
      #expect(entries.count == 4 && list?["occupied"] == 2)
      #expect(entries[0]["allergies"] == ["value": nil, "state": "not-asked"])
      #expect(entries[0]["number"] == ["value": "900000017", "state": "value"])
      #expect(entries[2]["empty"]?.string?.hasPrefix("libre") == true)
      let page = try await nurse.get("/units/4EST").text
      #expect(page.contains("NON DEMANDÉ") && page.contains("COULOIR") && page.contains("sans lit"))
      #expect(page.contains("/beds/\(try site.bed("1"))/discharge?stay=\(stay)"))
    }
  }

  /// Of a stay, or of the person alone.
  @Test(arguments: ["stay.described", "patient.described"])
  func allergiesThatAFeedToldAreOnTheList(kind: String) async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    let patient = try #require(try site.register.read { try $0.stay("stay/\(stay)")?.patient })
    let told = Fact(
      kind: kind, subject: kind == "stay.described" ? "stay/\(stay)" : patient, at: site.clock.now,
      data: [
        "allergies": [
          ["AL1-2": "DA", "AL1-3": "C08^Pénicilline <G>", "AL1-5": "Œdème", "AL1-6": "20191222130644"],
          ["AL1-3": "^"], ["AL1-3": "F01"],
        ]
      ])
    try await site.say(told)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let list = try await nurse.get("/units/4EST", accept: "application/json").json
      let said = list?["entries"]?.array?[0]["allergies"]
      #expect(said == ["value": "Pénicilline <G> : Œdème, F01", "state": "value"])
      let page = try await nurse.get("/units/4EST").text
      #expect(
        page.contains("Pénicilline &lt;G&gt; : Œdème, F01 <span class=\"said\">dit par le flux, le 22/12/2019</span>"))
    }
  }

  /// That there is none, and a diet.
  @Test func whatElseAFeedToldIsOnTheList() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    @Sendable func tell(_ data: JSON) async throws {
      try await site.say(Fact(kind: "stay.described", subject: "stay/\(stay)", at: site.clock.now, data: data))
    }
    try await tell([
      "PV1-38": "AUCUN^Aucun régime particulier^L", "allergies": [["AL1-3": "716186003^No known allergy^SCT"]],
    ])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      func entry() async throws -> JSON? {
        try await nurse.get("/units/4EST", accept: "application/json").json?["entries"]?.array?[0]
      }
      let none: JSON = ["value": nil, "state": "none"]
      var told = try await entry()
      #expect(told?["diet"] == none && told?["allergies"] == none)
      try await tell(["PV1-38": "^mixé"])
      told = try await entry()
      #expect(told?["diet"] == ["value": "mixé", "state": "value"])
      let page = try await nurse.get("/units/4EST").text
      #expect(page.contains("mixé <span class=\"said\">dit par le flux</span>"))
    }
  }

  /// From the list to the form and back: what was asked of the patient, and who said so.
  @Test func whatIsAskedIsTypedOnceFromTheList() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let link = "/stays/\(stay)/asked?next=%2Funits%2F4EST"
      #expect(try await nurse.get("/units/4EST").text.contains(link))
      let form = try await nurse.get(link)
      #expect(form.text.contains("name=\"next\" value=\"/units/4EST\""))
      let both = try await nurse.post(
        "/stays/\(stay)/asked", ["allergies": "latex", "allergiesNone": "yes", "next": "/units/4EST"])
      #expect(both.status == 422 && both.text.contains("value=\"latex\""))
      let sent = try await nurse.post(
        "/stays/\(stay)/asked",
        ["allergiesNone": "yes", "diet": "sans <sel>", "situation": "none", "next": "/units/4EST"])
      #expect(sent.status == 303 && sent.location == "/units/4EST")
      let list = try await nurse.get("/units/4EST").text
      #expect(list.contains("aucune") && list.contains("sans &lt;sel&gt;") && list.contains("dit par "))
      let entry = try await nurse.get("/units/4EST", accept: "application/json").json?["entries"]?.array?[0]
      #expect(entry?["allergies"]?["state"] == "none" && entry?["situation"]?["state"] == "none")
      #expect(entry?["diet"]?["value"] == "sans <sel>" && entry?["isolation"]?["state"] == "not-asked")
      // A page that was open all the while, sent for its diet, says nothing of allergies.
      let stale = try await nurse.post(
        "/stays/\(stay)/asked",
        [
          "allergies": "", "was.allergies": "", "was.allergiesNone": "", "diet": "mixé", "was.diet": "",
          "was.dietNone": "", "situation": "", "was.situation": "",
        ])
      #expect(stale.status == 303)
      let after = try await nurse.get("/units/4EST", accept: "application/json").json?["entries"]?.array?[0]
      #expect(after?["allergies"]?["state"] == "none" && after?["situation"]?["state"] == "none")
      #expect(after?["diet"]?["value"] == "mixé")
    }
  }

  /// Somebody isolated goes on being so in a bed of which nothing is said, and without one.
  @Test func isolationIsOfThePatient() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    try await site.say(
      Fact(kind: "stay.asked", subject: "stay/\(stay)", at: site.clock.now, data: ["isolation": "airborne"]))
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let entry = try await nurse.get("/units/4EST", accept: "application/json").json?["entries"]?.array?[0]
      #expect(entry?["isolation"] == ["value": "air", "state": "value"])
    }
  }

  @Test func otherServicesReadNeitherAProtectedNameNorClinicalColumns() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.admit("MARTIN", "1")
    let stay = try await site.admit("PETIT", "2", ["protected": true])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      for version in ["catering", "porters", "pharmacy"] {
        for address in ["/units/4EST?version=\(version)", "/units/4EST/print?version=\(version)"] {
          let page = try await nurse.get(address).text
          #expect(page.contains("MARTIN") && !page.contains("PETIT") && !page.contains("Allergies"))
        }
        let json = try await nurse.get("/units/4EST?version=\(version)", accept: "application/json").text
        #expect(!json.contains("PETIT") && !json.contains(stay) && !json.contains("allergies"))
      }
    }
  }

  /// Accouchement sous le secret: nobody but the unit itself.
  @Test func aSecretStayHasANameInItsOwnUnitAlone() async throws {
    let site = try await TestSite()
    _ = try await site.account("own", [.nurse], units: ["4EST"])
    _ = try await site.account("other", [.supervisor])
    let stay = try await site.admit("SECRETE", "1", ["secret": true])
    try await site.run { client in
      let own = try await TestBrowser(client, "own")
      let other = try await TestBrowser(client, "other")
      for address in ["/units/4EST", "/beds/\(try site.bed("1"))", "/beds/\(try site.bed("1"))/move?stay=\(stay)"] {
        #expect(try await own.get(address).text.contains("SECRETE"))
        #expect(try await !other.get(address).text.contains("SECRETE"))
      }
      for address in ["/census", "/beds", "/units/4EST", "/beds/\(try site.bed("1"))"] {
        #expect(try await !other.get(address, accept: "application/json").text.contains("SECRETE"))
      }
      #expect(try await !own.get("/beds").text.contains("SECRETE"))
    }
  }

  /// Non-divulgation: others read that the place is taken, and say why before they read or do more.
  @Test func aProtectedPersonIsNamedToTheirOwnUnitAlone() async throws {
    let site = try await TestSite()
    _ = try await site.account("own", [.nurse], units: ["4EST"])
    _ = try await site.account("other", [.nurse])
    let stay = try await site.admit("PETIT", "1", ["protected": true])
    let patient = try #require(
      try site.register.read { try $0.stay("stay/\(stay)") }?.patient?.split(separator: "/").last)
    try await site.run { client in
      let own = try await TestBrowser(client, "own")
      let other = try await TestBrowser(client, "other")
      let bed = "/beds/\(try site.bed("1"))"
      for address in ["/units/4EST", "/units/4EST/print", bed, "\(bed)/move?stay=\(stay)"] {
        #expect(try await own.get(address).text.contains("PETIT"), "\(address)")
        #expect(try await !other.get(address).text.contains("PETIT"), "\(address)")
      }
      for address in ["/census", "/beds", "/units/4EST", bed] {
        #expect(try await !other.get(address, accept: "application/json").text.contains("PETIT"), "\(address)")
      }
      #expect(try await own.get("/census", accept: "application/json").text.contains("PETIT"))
      #expect(try await !own.get("/beds").text.contains("PETIT"), "one board for all who look")
      let page = try await other.get(bed).text
      #expect(page.contains("Présence à ne pas divulguer") && page.contains("href=\"/stays/\(stay)\""))
      let refused = try await other.post("\(bed)/discharge", ["stay": stay, "exitMode": "8"])
      #expect(refused.status == 403 && refused.hidden("action") == "\(bed)/discharge")
      #expect(try await other.post("/glass/\(patient)?next=/", ["reason": "remplacement"]).status == 303)
      #expect(try await other.get("\(bed)/discharge?stay=\(stay)").text.contains("PETIT"))
      #expect(try await other.post("\(bed)/discharge", ["stay": stay, "exitMode": "8"]).status == 303)
    }
  }

  @Test func theCensusCounts() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.admit("MARTIN", "1")
    _ = try await site.admit("COULOIR", nil)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let census = try await nurse.get("/census", accept: "application/json").json
      #expect(census?["beds"] == 3 && census?["occupied"] == 1 && census?["conflicts"] == 0)
      #expect(census?["units"]?.array?.first?["patients"]?.array?.count == 2)
      #expect(
        try await nurse.get("/census?at=2020-01-01T00:00:00.000Z", accept: "application/json").json?["occupied"] == 0)
      #expect(try await nurse.get("/census?at=demain", accept: "application/json").status == 400)
      let units = try await nurse.get("/units", accept: "application/json").json?["units"]?.array
      #expect(units?.first?["occupied"] == 1 && units?.first?["withoutBed"] == 1 && units?.first?["free"] == 2)
      #expect(try await nurse.get("/units").text.contains("33 %"))
    }
  }
}
