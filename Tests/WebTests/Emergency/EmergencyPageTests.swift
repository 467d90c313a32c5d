import Foundation
import Hospital
import Ledger
import Register
import Testing
import Web

/// The emergency board and what is done from it, as browsers send it.
@Suite struct EmergencyPageTests {
  /// Somebody in emergency; their stay's UUID.
  func arrive(_ site: TestSite, _ name: String, at: Instant? = nil, _ more: JSON = [:]) async throws -> String {
    let (patient, stay) = (site.clock.environment.newID(), site.clock.environment.newID())
    var traits = JSONObject([
      ("birthName", .string(name)), ("birthGivenName", "Louise"), ("birthDate", "1961-03-12"), ("sex", "F"),
    ])
    for (key, value) in more.object?.members ?? [] { traits[key] = value }
    let at = at ?? site.clock.now
    try await site.say(
      Fact(kind: "patient.registered", subject: "patient/\(patient)", at: at, data: .object(traits)),
      Fact(
        kind: "stay.admitted", subject: "stay/\(stay)", at: at,
        data: [
          "patient": .string("patient/\(patient)"), "number": .string("N\(stay.suffix(8))"),
          "movement": [
            "key": .string(stay), "id": .string(stay), "trigger": "A04", "unit": "4EST", "class": "emergency",
          ],
        ]))
    return stay
  }

  func site(_ settings: EmergencySettings = .usual) async throws -> TestSite {
    let site = try await TestSite(emergency: settings)
    for (login, role) in [("ioa", Role.triage), ("med", .physician), ("adm", .admission), ("std", .switchboard)] {
      _ = try await site.account(login, [role])
    }
    try await site.say(
      Fact(
        kind: "mode.declared", subject: "mode/hospital", at: site.clock.now,
        data: ["mode": "degrade", "reason": "essai"]))
    return site
  }

  @Test func theWallNamesNobodyAndAsksForNoSignIn() async throws {
    let site = try await site()
    let stay = try await arrive(site, "MARTIN")
    let secret = try await arrive(site, "SECRETE", ["protected": true])
    let said: JSON = [
      "stay": .string("stay/\(secret)"), "accompaniedBy": "sa mère Mme SECRETE", "victimNumber": "V-SECRETE",
      "complaintText": "SECRETE tombée",
    ]
    let visit = EmergencyVisit.id(ofStay: "stay/\(secret)")
    try await site.say(
      Fact(kind: "emergency.arrived", subject: visit, at: site.clock.now, data: said),
      Fact(
        kind: "emergency.noted", subject: visit, at: site.clock.now,
        data: ["stay": .string("stay/\(secret)"), "nextStep": "appeler M. SECRETE"]))
    try await site.run { client in
      let stranger = TestBrowser(client)
      let wall = try await stranger.get("/emergency?mur")
      #expect(wall.status == 200)
      for word in ["MARTIN", "SECRETE", "1961", "Louise", stay, "N\(stay.suffix(8))", "csrf"] {
        #expect(!wall.text.contains(word), "\(word) is on the wall")
      }
      #expect(wall.text.contains("data-waited"))
      let json = try await stranger.get("/emergency?mur", accept: "application/json")
      #expect(!json.text.contains("MARTIN") && json.json?["present"]?.array?.count == 2)
      // Without it, whoever they are signs in; and who opens no files sees the wall.
      #expect(try await stranger.get("/emergency").location?.hasPrefix("/sign-in") == true)
      #expect(try await stranger.get("/emergency/\(stay)").location?.hasPrefix("/sign-in") == true)
      let switchboard = try await TestBrowser(client, "std")
      #expect(try await !switchboard.get("/emergency").text.contains("MARTIN"))
      let staff = try await TestBrowser(client, "ioa").get("/emergency").text
      #expect(
        try await !TestBrowser(client, "ioa").get("/emergency", accept: "application/json").text.contains("SECRETE"))
      #expect(staff.contains("MARTIN") && !staff.contains("SECRETE") && staff.contains("N\(secret.suffix(8))"))
    }
  }

  @Test func aTriageIsAskedAboutAndKept() async throws {
    let site = try await site()
    let stay = try await arrive(site, "MARTIN")
    site.clock.advance(seconds: 1200)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      #expect(try await nurse.get("/emergency").text.contains("data-over"), "nobody has triaged her for 20 minutes")
      let address = "/emergency/\(stay)/triage"
      #expect(try await nurse.get(address).text.contains("data-key=\"A\""))
      let impossible = try await nurse.post(address, ["level": "3A", "saturation": "101"])
      #expect(impossible.status == 422 && impossible.text.contains("entre 0 et 100"))
      let odd = try await nurse.post(address, ["level": "4", "saturation": "88", "pressure": "12/7"])
      #expect(odd.status == 422 && odd.text.contains("niveau 2") && odd.text.contains("name=\"confirmed\""))
      #expect(odd.text.contains("value=\"12/7\""), "what was typed stays")
      let kept = try await nurse.post(
        address, ["level": "4", "saturation": "88", "pressure": "12/7", "confirmed": "yes", "next": "/emergency"])
      #expect(kept.status == 303 && kept.location == "/emergency")
      let board = try await nurse.get("/emergency").text
      #expect(board.contains("class=\"triage t4\"") && !board.contains("data-over"))
      let visit = try await nurse.get("/emergency/\(stay)").text
      #expect(visit.contains("PAS 120") && visit.contains("PAD 70"))
      // A clerk does not triage.
      let clerk = try await TestBrowser(client, "adm")
      #expect(try await clerk.get(address).status == 403)
    }
  }

  @Test func orientationEndsTheVisitAndIsTakenBack() async throws {
    let site = try await site()
    let stay = try await arrive(site, "MARTIN")
    try await site.run { client in
      let physician = try await TestBrowser(client, "med")
      let address = "/emergency/\(stay)/orient"
      let choices = try await physician.get(address).text
      for number in 1...7 { #expect(choices.contains("data-key=\"\(number)\"")) }
      #expect(choices.contains("MARTIN"))
      let unknown = try await physician.post(address, ["way": "taxi"])
      #expect(unknown.status == 422 && unknown.text.contains("choisissez-en une de la liste"))
      #expect(unknown.text.contains("data-key=\"7\""))
      let refused = try await physician.post(address, ["way": "on-call"])
      #expect(refused.status == 422 && refused.text.contains("d’accord"))
      let sent = try await physician.post(address, ["way": "on-call", "agreement": "yes", "reason": "angine"])
      #expect(sent.location == "/emergency/\(stay)/letter")
      let letter = try await physician.get("/emergency/\(stay)/letter").text
      #expect(letter.contains("MARTIN") && letter.contains("angine"))
      #expect(try await !physician.get("/emergency").text.contains("MARTIN"))
      let visit = try await physician.get("/emergency/\(stay)").text
      #expect(visit.contains("Maison Médicale de Garde"))
      let undo = try await physician.get("/emergency/\(stay)/undo")
      let key = try #require(undo.text.firstMatch(of: /name="key" value="([^"]+)"/)).output.1
      let back = try await physician.post("/emergency/\(stay)/undo", ["key": String(key)])
      #expect(back.status == 303)
      #expect(try await physician.get("/emergency").text.contains("MARTIN"))
    }
  }

  @Test func whoIsSentWhereNobodyIsOnCallIsAskedAbout() async throws {
    let hours = "{ sunday: ['20:00-24:00'] }"
    let site = try await site(EmergencySettings(yaml: "onCall: { name: MMG de garde, hours: \(hours) }"))
    let stay = try await arrive(site, "MARTIN")
    try await site.run { client in
      let physician = try await TestBrowser(client, "med")
      let address = "/emergency/\(stay)/orient"
      #expect(try await !physician.get("\(address)?way=on-call").text.contains("name=\"confirmed\""))
      let asked = try await physician.post(address, ["way": "on-call", "agreement": "yes"])
      #expect(asked.status == 422 && asked.text.contains("name=\"confirmed\""))
      #expect(asked.text.contains("MMG de garde est fermée à l’heure dite"))
      let other = try await physician.post(address, ["way": "on-call", "confirmed": "yes"])
      #expect(other.status == 422 && other.text.contains("d’accord") && other.text.contains("name=\"confirmed\""))
      let sent = try await physician.post(address, ["way": "on-call", "agreement": "yes", "confirmed": "yes"])
      #expect(sent.location == "/emergency/\(stay)/letter")
    }
  }

  @Test func whoIsAnnouncedArrivesInOnePress() async throws {
    let site = try await site()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      let announced = try await nurse.post(
        "/emergency/announcements/new",
        ["source": "samu", "age": "40", "sex": "M", "reason": "chute d'échelle", "sector": "4EST"])
      #expect(announced.location == "/emergency")
      let board = try await nurse.get("/emergency").text
      #expect(board.contains("chute d&#39;échelle"))
      let uuid = try #require(board.firstMatch(of: /data-announced="([^"]+)"/)).output.1
      #expect(try await nurse.get("/emergency/announcements/\(uuid)").text.contains("data-key=\"A\""))
      // It is a SMUR, and whoever comes is older.
      let correct = "/emergency/announcements/\(uuid)/correct"
      #expect(try await nurse.get(correct).text.contains("value=\"chute d&#39;échelle\""))
      let corrected = try await nurse.post(
        correct,
        ["source": "smur", "was.source": "samu", "age": "67", "was.age": "40", "reason": "x", "was.reason": "x"])
      #expect(corrected.location == "/emergency")
      let told = try site.register.read { try $0.announcement("announcement/\(uuid)") }
      #expect(told?.source == .smur && told?.age == 67 && told?.sex == .male && told?.reason == "chute d'échelle")
      let here = try await nurse.post("/emergency/announcements/\(uuid)/here", [:])
      #expect(here.status == 303 && here.location?.contains("/labels?stay=") == true)
      let after = try await nurse.get("/emergency").text
      #expect(!after.contains("data-announced") && after.contains("INCONNU") && after.contains("chute d&#39;échelle"))
      let twice = try await nurse.post("/emergency/announcements/\(uuid)/here", [:])
      #expect(twice.status == 422)
      #expect(try await nurse.get(correct).status == 404)
      #expect(try await nurse.post(correct, ["source": "samu"]).status == 422)
      let stay = try #require(
        try await nurse.get("/emergency", accept: "application/json").json?["present"]?.array?.first?["stay"]?.string)
      let visit = try await nurse.get("/emergency/\(stay)", accept: "application/json").json
      #expect(visit?["visit"]?["transport"]?.string == "SMUR", "as announced")
    }
  }

  @Test func anAdmissionToEmergencySaysHowTheyCame() async throws {
    let site = try await site()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      #expect(
        try await nurse.get("/admissions?stayClass=emergency").text
          .contains("href=\"/admissions/unknown?stayClass=emergency\""))
      let form = try await nurse.get("/admissions/unknown?stayClass=emergency").text
      #expect(form.contains("name=\"victimNumber\"") && form.contains("Douleur thoracique"))
      let admitted = try await nurse.post(
        "/admissions/unknown",
        [
          "sex": "M", "estimatedAge": "~40", "stayClass": "emergency", "unit": "4EST", "complaint": "R07.4",
          "transport": "FO", "victimNumber": "FR0001",
        ])
      #expect(admitted.status == 303, "\(admitted.text)")
      let board = try await nurse.get("/emergency").text
      #expect(board.contains("Douleur thoracique") && board.contains("FR0001"))
      let json = try await nurse.get("/emergency", accept: "application/json").json
      let stay = try #require(json?["present"]?.array?.first?["stay"]?.string)
      let visit = try await nurse.get("/emergency/\(stay)", accept: "application/json").json
      #expect(visit?["visit"]?["transport"]?.string == "FO")
    }
  }

  /// Two stations said it apart: the page shows both, and one press settles it.
  @Test func twoOrientationsAreSettled() async throws {
    let site = try await site()
    _ = try await site.account("chef", [.supervisor])
    let stay = try await arrive(site, "MARTIN")
    let other = try Neighbour(of: site)
    try await other.exchange(with: site)
    _ = try await site.register.submit(
      Submission(OrientPatient(stay: "stay/\(stay)", way: .here), key: "one", author: "system"))
    _ = try await other.register.submit(
      Submission(OrientPatient(stay: "stay/\(stay)", way: .admit, orient: "REA"), key: "two", author: "system"))
    try await other.exchange(with: site)
    site.clock.advance(seconds: 5)
    try await site.run { client in
      let chief = try await TestBrowser(client, "chef")
      let list = try await chief.get("/conflicts").text
      #expect(list.contains("Deux orientations") && list.contains("MARTIN") && list.contains("réanimation"))
      let id = try #require(list.firstMatch(of: /href="(\/conflicts\/[^"]+)" data-press="T"/)).output.1
      let page = try await chief.get(String(id))
      #expect(page.text.contains("Examiner"))
      let version = try #require(page.hidden("version"))
      let decided = try await chief.post(String(id), ["side": "1", "version": version])
      #expect(decided.status == 303)
      #expect(try site.register.read { try $0.conflicts() }.isEmpty)
    }
  }

  /// Two stations said different levels: the board shows the more urgent of them and says that it asks, whichever was
  /// typed last.
  @Test func twoTriagesShowTheMoreUrgent() async throws {
    let site = try await site()
    let stay = try await arrive(site, "MARTIN")
    let other = try Neighbour(of: site)
    try await other.exchange(with: site)
    func triage(_ level: String) -> TriagePatient {
      TriagePatient(stay: "stay/\(stay)", level: level, vitals: VitalSigns(), settings: .usual)
    }
    try await site.submit(triage("2"))
    site.clock.advance(seconds: 60)
    _ = try await other.register.submit(Submission(triage("5"), key: "two", author: "system"))
    try await other.exchange(with: site)
    site.clock.advance(seconds: 5)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      let board = try await nurse.get("/emergency").text
      #expect(board.contains("class=\"triage t2\"") && board.contains("à trancher"))
      let json = try await nurse.get("/emergency", accept: "application/json").json?["present"]?.array?.first
      #expect(json?["level"]?.string == "2" && json?["contested"]?.bool == true)
      let page = try await nurse.get("/emergency/\(stay)")
      #expect(page.text.contains("Deux postes ont dit des niveaux différents"))
      let visit = try await nurse.get("/emergency/\(stay)", accept: "application/json").json
      #expect(visit?["level"]?.string == "2")
      #expect(visit?["visit"]?["triages"]?.array?.map { $0["level"]?.string } == ["2", "5"])
      let list = try await nurse.get("/conflicts").text
      #expect(list.contains("Deux niveaux de tri") && list.contains("MARTIN"))
      // Triaged again, with both before them.
      #expect(try await nurse.post("/emergency/\(stay)/triage", ["level": "4"]).status == 303)
      let after = try await nurse.get("/emergency", accept: "application/json").json?["present"]?.array?.first
      #expect(after?["level"]?.string == "4" && after?["contested"]?.bool == false)
      #expect(try site.register.read { try $0.conflicts() }.isEmpty)
    }
  }

  /// Only whoever is sent there has a letter to the Maison Médicale de Garde.
  @Test func whoIsNotSentThereHasNoLetter() async throws {
    let site = try await site()
    let stay = try await arrive(site, "MARTIN")
    try await site.run { client in
      let physician = try await TestBrowser(client, "med")
      #expect(try await physician.get("/emergency/\(stay)/letter").status == 404)
      _ = try await physician.post("/emergency/\(stay)/orient", ["way": "here"])
      #expect(try await physician.get("/emergency/\(stay)/letter").status == 404)
    }
  }
}
