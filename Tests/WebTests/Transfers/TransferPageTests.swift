import Hospital
import Ledger
import Register
import Testing
import Web

/// Transferts: asked from the stay, refused by one, accepted by another, left and arrived.
@Suite struct TransferPageTests {
  private func night(protected: Bool = false) async throws -> (site: TestSite, stay: String, partners: [String]) {
    let site = try await TestSite()
    for (login, role) in [("garde", Role.duty), ("ide", .nurse), ("standard", .switchboard)] {
      _ = try await site.account(login, [role])
    }
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    var near = DeclarePartners.Entry(finess: "910000902", name: "Clinique")
    (near.minutes, near.phone) = (10, "01 99 12 00 00")
    var far = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    (far.minutes, far.capabilities) = (40, [.ct])
    try await site.submit(DeclarePartners([near, far]))
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("ZWEIFEL", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate("1961-03-12"), .female)
    let patient = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
    let admitted = try await site.submit(
      Admit(
        patient: patient, stayClass: .inpatient, unit: "4EST",
        bed: Bed.id(finess: "910000000", unit: "4EST", room: "412", code: "1")))
    if protected { try await site.submit(ProtectPresence(patient: patient, protected: true, reason: "demande")) }
    let stay = try #require(admitted.subject("stay")).afterSlash
    return (site, stay, ["910000901", "910000902"].map { Partner.subject(finess: $0).afterSlash })
  }

  private func transfers(_ browser: TestBrowser) async throws -> [JSON] {
    try await browser.get("/transfers", accept: "application/json").json?["transfers"]?.array ?? []
  }

  @Test func refusedByOneAcceptedByAnother() async throws {
    let (site, stay, partners) = try await night()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await nurse.get("/stays/\(stay)").text.contains("Vers un autre hôpital"))
      let plain = try await nurse.get("/stays/\(stay)/send").text
      #expect(try Self.place(of: "Clinique", plain) < Self.place(of: "Évry", plain))
      let ranked = try await nurse.get("/stays/\(stay)/send?need=ct").text
      #expect(try Self.place(of: "Évry", ranked) < Self.place(of: "Clinique", ranked))
      #expect(ranked.contains("manque : Scanner"))
      #expect(try await nurse.post("/stays/\(stay)/send", ["need": "ct"]).status == 422)
      let both: KeyValuePairs = ["partner": partners[0], "partner": partners[1], "need": "ct", "reason": "AVC"]
      #expect(try await nurse.post("/stays/\(stay)/send", both).location == "/transfers")
      let asked = try await transfers(nurse)
      #expect(asked.count == 2)
      #expect(try await nurse.get("/transfers").text.contains("ZWEIFEL"))
      let ids = asked.compactMap { $0["id"]?.string }
      #expect(try await nurse.post("/transfers/\(ids[0])", ["step": "refused"]).status == 422)
      #expect(try await nurse.post("/transfers/\(ids[0])", ["step": "refused", "note": "complet"]).status == 303)
      #expect(try await nurse.post("/transfers/\(ids[1])", ["step": "accepted", "spokenTo": "Dr Roy"]).status == 303)
      let page = try await nurse.get("/transfers/\(ids[1])").text
      #expect(page.contains("Dr Roy") && page.contains("12/03/1961") && page.contains("value=\"left\""))
      #expect(try await nurse.post("/transfers/\(ids[1])", ["step": "left"]).text.contains("Choisissez le transport"))
      #expect(try await nurse.post("/transfers/\(ids[1])", ["step": "left", "transport": "SMUR"]).status == 303)
      #expect(try site.register.read { try $0.stay("stay/\(stay)")?.status } == .discharged)
      #expect(try await nurse.post("/transfers/\(ids[1])", ["step": "arrived"]).status == 303)
      let sheet = try await nurse.get("/transfers/\(ids[1])/liaison").text
      #expect(sheet.contains("NON DEMANDÉ") && sheet.contains("AVC") && sheet.contains("Scanner"))
      let document = try await nurse.get("/transfers/\(ids[1])/liaison.json", accept: "application/fhir+json")
      #expect(document.json?["type"]?.string == "document")
      let types = document.json?["entry"]?.array?.map { $0["resource"]?["resourceType"]?.string }
      #expect(types == ["Composition", "Patient", "Encounter", "Organization", "Organization"])
      let switchboard = try await TestBrowser(client, "standard")
      #expect(try await switchboard.get("/transfers").status == 403)
      #expect(try await switchboard.get("/transfers/\(ids[1])/liaison.json").status == 403)
    }
  }

  /// What emergency knows goes along, on paper and in the document; what it does not know is no line.
  @Test func theLiaisonSheetOfAnEmergencyPatient() async throws {
    let (site, stay, partners) = try await night()
    let asked = try await site.submit(AskTransfer(stay: "stay/\(stay)", partners: ["partner/\(partners[0])"]))
    let id = try #require(asked.facts.first?.subject.afterSlash)
    let known = [
      "Motif de recours : Douleur thoracique : depuis &lt;1 h", "CCMU : 4 · pronostic vital engagé",
      "Accompagné par : sa fille",
    ]
    let signs = ["Niveau de tri : FRENCH 2 (", "FC 120", "PAS 85", "SpO₂ 88 %"]
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      for page in ["liaison", "liaison.json"] {
        let before = try await nurse.get("/transfers/\(id)/\(page)")
        #expect(before.status == 200)
        for word in ["Motif de recours", "CCMU", "Accompagné par", "Niveau de tri"] {
          #expect(!before.text.contains(word), "\(word) on \(page)")
        }
      }
      try await site.sayOfEmergency(stay)
      for page in ["liaison", "liaison.json"] {
        let text = try await nurse.get("/transfers/\(id)/\(page)").text
        for word in known + signs { #expect(text.contains(word), "no \(word) on \(page)") }
      }
      let document = try await nurse.get("/transfers/\(id)/liaison.json", accept: "application/fhir+json").json
      let sections = document?["entry"]?.array?.first?["resource"]?["section"]?.array ?? []
      let why = sections.first?["text"]?["div"]?.string
      #expect(why?.contains("<p>\(known[0])</p>") == true)
    }
  }

  /// The sheet, and the stay in it, bear the label that the transfer has.
  @Test(arguments: [(CareKey.psychiatry, "R"), (.ct, "N")])
  func theLabelOfTheLiaisonSheet(need: CareKey, label: String) async throws {
    let (site, stay, partners) = try await night()
    let asked = try await site.submit(
      AskTransfer(stay: "stay/\(stay)", partners: ["partner/\(partners[0])"], needs: [need]))
    let id = try #require(asked.facts.first?.subject.afterSlash)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let document = try await nurse.get("/transfers/\(id)/liaison.json", accept: "application/fhir+json").json
      let resources = document?["entry"]?.array?.compactMap { $0["resource"] } ?? []
      #expect(resources.first?["confidentiality"]?.string == label)
      let encounter = resources.first { $0["resourceType"]?.string == "Encounter" }
      let marked = encounter?["meta"]?["security"]?.array?.first?["code"]?.string
      #expect(encounter != nil && marked == (label == "N" ? nil : label))
    }
  }

  /// Where a partner stands among the choices.
  private static func place(of name: String, _ page: String) throws -> String.Index {
    try #require(page.range(of: "> \(name) :")).lowerBound
  }

  @Test func thereAndBackIsWatched() async throws {
    let (site, stay, partners) = try await night()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      _ = try await nurse.post("/stays/\(stay)/send", ["partner": partners[0], "kind": "round-trip"])
      let id = try #require(try await transfers(nurse).first?["id"]?.string)
      _ = try await nurse.post("/transfers/\(id)", ["step": "accepted"])
      let left: KeyValuePairs = ["step": "left", "transport": "AMBU", "until": "dans 3 h"]
      #expect(try await nurse.post("/transfers/\(id)", left).status == 303)
      #expect(try await nurse.get("/stays/\(stay)").text.contains("Évry"))
      #expect(try await transfers(nurse).first?["late"]?.bool == false)
      site.clock.advance(seconds: 4 * 3600)
      let later = try await TestBrowser(client, "ide")
      #expect(try await transfers(later).first?["late"]?.bool == true)
      #expect(try await later.get("/transfers").text.contains("retour en retard"))
      #expect(try await later.post("/transfers/\(id)", ["step": "returned"]).status == 303)
      let presence = try site.register.read { try $0.stay("stay/\(stay)")?.presence(at: site.clock.now) }
      #expect(presence?.away == false && presence?.place.bed == "1")
    }
  }

  /// What a partner says is noted with its hour, and nobody but the crisis room and beds changes the directory.
  @Test func theDirectory() async throws {
    let (site, _, partners) = try await night()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let said: KeyValuePairs = ["line": "ct", "state": "limited", "places": "2", "spokenTo": "cadre"]
      #expect(try await nurse.post("/partners/\(partners[1])/said", said).status == 303)
      #expect(try await nurse.get("/transfers").text.contains("~ Scanner 2"))
      #expect(
        try await nurse.post("/partners/\(partners[1])/said", ["line": "ct", "state": "open", "places": "x"]).status
          == 422)
      #expect(try await nurse.post("/partners/\(partners[1])", ["name": "Autre"]).status == 422)
      site.clock.advance(seconds: 13 * 3600)
      let later = try await TestBrowser(client, "ide")
      #expect(try await later.get("/partners/\(partners[1])").text.contains("ancien"))
      let duty = try await TestBrowser(client, "garde")
      let entry: KeyValuePairs = ["finess": "910000903", "name": "CHU", "capability": "mri", "minutes": "45"]
      let made = try await duty.post("/partners/new", entry)
      #expect(made.status == 303)
      #expect(try await duty.get(try #require(made.location)).text.contains("910000903"))
      #expect(try await duty.post("/partners/new", ["finess": "91", "name": "CHU"]).text.contains("9 caractères"))
      #expect(try await duty.post("/partners/\(partners[1])/withdraw", [:]).status == 303)
      let json = try await duty.get("/transfers", accept: "application/json").json
      #expect(json?["partners"]?.array?.count == 2)
    }
  }

  /// A list shows nothing of a restricted file, and its transfer asks why.
  @Test func aProtectedPatient() async throws {
    let (site, stay, partners) = try await night(protected: true)
    try await site.submit(AskTransfer(stay: "stay/\(stay)", partners: ["partner/\(partners[0])"]))
    try await site.sayOfEmergency(stay)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let list = try await nurse.get("/transfers").text
      #expect(list.contains("Dossier réservé") && !list.contains("ZWEIFEL"))
      let id = try #require(try await transfers(nurse).first?["id"]?.string)
      for page in ["", "/liaison", "/liaison.json"] {
        let asking = try await nurse.get("/transfers/\(id)\(page)").text
        for word in ["ZWEIFEL", "Douleur thoracique", "sa fille"] { #expect(!asking.contains(word)) }
      }
    }
  }

  /// Two stations each promised the patient to somebody.
  @Test func acceptedTwice() async throws {
    let (site, stay, partners) = try await night()
    for (number, partner) in partners.enumerated() {
      let subject = "transfer/6a0f6c2e-1c1e-4d3b-9b58-0f2f8a1d7e8\(number)"
      let asked: JSON = ["stay": .string("stay/\(stay)"), "partner": .string("partner/\(partner)")]
      try await site.submit(
        Said(facts: [
          Fact(kind: "transfer.asked", subject: subject, at: site.clock.now, data: asked),
          Fact(kind: "transfer.accepted", subject: subject, at: site.clock.now, data: [:]),
        ]))
    }
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await transfers(nurse).allSatisfy { $0["doubled"]?.bool == true })
      #expect(try await nurse.get("/transfers").text.contains("accepté deux fois"))
      let id = try #require(try await transfers(nurse).first?["id"]?.string)
      #expect(try await nurse.post("/transfers/\(id)", ["step": "withdrawn"]).status == 303)
      #expect(try await transfers(nurse).allSatisfy { $0["doubled"]?.bool == false })
    }
  }

  /// The patient has left for one: the other is called, and the page says so until it is withdrawn.
  @Test func goneToOneOfTwo() async throws {
    let (site, stay, partners) = try await night()
    let asked = try await site.submit(
      AskTransfer(stay: "stay/\(stay)", partners: partners.map { "partner/\($0)" }, at: site.clock.now))
    let ids = asked.facts.map(\.subject)
    let accepted = ids.map { Fact(kind: "transfer.accepted", subject: $0, at: site.clock.now, data: [:]) }
    try await site.submit(Said(facts: accepted))
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let (gone, waiting) = (ids[0].afterSlash, ids[1].afterSlash)
      #expect(try await nurse.post("/transfers/\(gone)", ["step": "left", "transport": "AMBU"]).status == 303)
      #expect(try await nurse.get("/transfers").text.contains("à retirer : appelez"))
      let flags = try await transfers(nurse).filter { $0["toWithdraw"]?.bool == true }.map { $0["id"]?.string }
      #expect(flags == [waiting])
      #expect(try await nurse.get("/transfers/\(waiting)").text.contains("value=\"withdrawn\""))
      #expect(try await nurse.post("/transfers/\(waiting)", ["step": "withdrawn"]).status == 303)
      #expect(try await !nurse.get("/transfers").text.contains("à retirer : appelez"))
    }
  }

  /// The stay ends while they are away: the form says so before, the transfer afterwards, and nobody comes back to no
  /// board.
  @Test func theStayEndsWhileTheyAreAway() async throws {
    let (site, stay, partners) = try await night()
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await !nurse.get("/stays/\(stay)/discharge").text.contains("parti avec son lit gardé"))
      let asked: KeyValuePairs = ["partner": partners[0], "kind": "round-trip", "at": "il y a 2 h"]
      #expect(try await nurse.post("/stays/\(stay)/send", asked).status == 422, "before the admission")
      site.clock.advance(seconds: 3 * 3600)
      let later = try await TestBrowser(client, "ide")
      #expect(try await later.get("/stays/\(stay)/send").text.contains("name=\"at\""))
      #expect(try await later.post("/stays/\(stay)/send", asked).status == 303)
      let id = try #require(try await transfers(later).first?["id"]?.string)
      #expect(try await later.post("/transfers/\(id)", ["step": "accepted", "at": "il y a 1 h 30"]).status == 303)
      let left: KeyValuePairs = ["step": "left", "transport": "AMBU", "until": "dans 3 h", "at": "il y a 1 h"]
      #expect(try await later.post("/transfers/\(id)", left).status == 303)
      #expect(try await later.get("/stays/\(stay)/discharge").text.contains("parti avec son lit gardé"))
      let ended = try await later.post("/stays/\(stay)/discharge", ["exitMode": "8"])
      #expect(ended.location?.contains("discharge-away") == true)
      #expect(try await transfers(later).first?["status"]?.string == "ended")
      #expect(try await later.get("/transfers/\(id)").text.contains("séjour terminé ici"))
      let back = try await later.post("/transfers/\(id)", ["step": "returned"])
      #expect(back.status == 422 && back.text.contains("admettez-le de nouveau"))
      // That end is taken back: they are awaited again.
      let movements = try site.register.read { try $0.stay("stay/\(stay)")?.movements } ?? []
      let end = try #require(movements.last { $0.isDischarge })
      try await site.submit(CancelMovement(stay: "stay/\(stay)", key: end.key))
      #expect(try await transfers(later).first?["status"]?.string == "left")
      #expect(try await !later.get("/transfers/\(id)").text.contains("séjour terminé ici"))
      #expect(try await later.post("/transfers/\(id)", ["step": "returned"]).status == 303)
    }
  }

  @Test func aPartnerThatWaitsIsNotWithdrawn() async throws {
    let (site, stay, partners) = try await night()
    try await site.submit(AskTransfer(stay: "stay/\(stay)", partners: ["partner/\(partners[0])"]))
    try await site.run { client in
      let duty = try await TestBrowser(client, "garde")
      let refused = try await duty.post("/partners/\(partners[0])/withdraw", [:])
      #expect(refused.status == 422 && refused.text.contains("ne sont pas finis"))
      let id = try #require(try await transfers(duty).first?["id"]?.string)
      #expect(try await duty.post("/transfers/\(id)", ["step": "withdrawn"]).status == 303)
      #expect(try await duty.post("/partners/\(partners[0])/withdraw", [:]).status == 303)
    }
  }

  private struct Said: Command {
    let facts: [Fact]
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
  }
}

extension TestSite {
  fileprivate func sayOfEmergency(_ stay: String) async throws {
    let visit = EmergencyVisit.id(ofStay: "stay/\(stay)")
    let said: [(String, JSON)] = [
      ("arrived", ["complaint": "R07.4", "complaintText": "depuis <1 h", "accompaniedBy": "sa fille"]),
      (
        "triaged",
        ["scale": "FRENCH", "level": "2", "vitals": ["heartRate": 120, "systolic": 85, "saturation": 88]]
      ), ("assessed", ["ccmu": "4"]),
    ]
    for (kind, data) in said {
      var data = data.object ?? JSONObject()
      data["stay"] = .string("stay/\(stay)")
      try await say(Fact(kind: "emergency.\(kind)", subject: visit, at: clock.now, data: .object(data)))
    }
  }
}
