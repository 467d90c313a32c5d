import Hospital
import Ledger
import Register
import Testing
import Web

/// From the orientation to the bed or to the other hospital, as browsers send it.
extension EmergencyPageTests {
  private func undo(_ stay: String, _ browser: TestBrowser) async throws {
    let page = try await browser.get("/emergency/\(stay)/undo")
    let key = try #require(page.text.firstMatch(of: /name="key" value="([^"]+)"/)).output.1
    #expect(try await browser.post("/emergency/\(stay)/undo", ["key": String(key)]).status == 303)
  }

  private func steps(_ browser: TestBrowser) async throws -> [String] {
    let present = try await browser.get("/emergency", accept: "application/json").json?["present"]?.array ?? []
    return present.flatMap { $0["onward"]?.array ?? [] }.compactMap { $0["step"]?.string }
  }

  @Test func anAdmissionAsksForABed() async throws {
    let site = try await site()
    _ = try await site.account("lits", [.bedManager])
    let stay = try await arrive(site, "MARTIN")
    let request = BedRequest.subject(ofStay: "stay/\(stay)").afterSlash
    let bed = Bed.id(finess: "910000000", unit: "4EST", room: "412", code: "1")
    try await site.run { client in
      let physician = try await TestBrowser(client, "med")
      let sheet = try await physician.get("/emergency/\(stay)/orient?way=admit").text
      #expect(sheet.contains("name=\"unit\"") && sheet.contains("name=\"isolation\""))
      let oriented = try await physician.post(
        "/emergency/\(stay)/orient", ["way": "admit", "orient": "MED", "isolation": "contact"])
      #expect(oriented.location == "/emergency/\(stay)")
      #expect(try await steps(physician) == ["bed-asked"])
      #expect(try await physician.get("/emergency").text.contains("lit demandé depuis"))
      let manager = try await TestBrowser(client, "lits")
      let queue = try await manager.get("/bed-requests").text
      #expect(queue.contains("MARTIN") && queue.contains("médecine") && queue.contains("contact"))
      let kept = try await manager.post("/bed-requests/\(request)/accept", ["bed": bed.afterSlash])
      #expect(kept.status == 303)
      #expect(try await steps(physician) == ["bed-kept"])
      #expect(try await physician.get("/emergency").text.contains("lit gardé : "))
      try await undo(stay, physician)
      #expect(try await steps(physician) == [])
      #expect(try await !manager.get("/bed-requests").text.contains("MARTIN"))
      #expect(try site.register.read { try $0.bed(bed)?.condition } == .free)
    }
  }

  @Test func aTransferGoesOnToItsHospital() async throws {
    let site = try await site()
    var near = DeclarePartners.Entry(finess: "910000902", name: "Clinique")
    (near.minutes, near.capabilities) = (10, [.ct])
    var far = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    (far.minutes, far.capabilities) = (40, [.ct])
    _ = try await site.register.submit(Submission(DeclarePartners([near, far]), key: "partners", author: "system"))
    let stay = try await arrive(site, "MARTIN")
    let partners = ["910000902", "910000901"].map { Partner.subject(finess: $0).afterSlash }
    try await site.run { client in
      let physician = try await TestBrowser(client, "med")
      let oriented = try await physician.post("/emergency/\(stay)/orient", ["way": "transfer", "reason": "ct"])
      let send = try #require(oriented.location)
      #expect(send.hasPrefix("/stays/\(stay)/send"))
      let form = try await physician.get(send).text
      #expect(form.contains(/value="ct"[^>]* checked/), "what is needed was said on the orientation")
      #expect(form.contains("value=\"Scanner\""), "and why")
      #expect(try await steps(physician) == ["to-ask"])
      #expect(try await physician.get("/transfers").text.contains("MARTIN"))
      let list = try await physician.get("/transfers", accept: "application/json").json
      #expect(list?["toAsk"]?.array?.compactMap(\.string) == [stay])

      _ = try await physician.post(send, ["partner": partners[0], "need": "ct", "reason": "AVC"])
      #expect(try await steps(physician) == ["asked"])
      #expect(try await physician.get("/emergency").text.contains("demandé à Clinique"))
      let transfers = try await physician.get("/transfers", accept: "application/json").json
      #expect(transfers?["toAsk"]?.array?.isEmpty == true)
      let id = try #require(transfers?["transfers"]?.array?.first?["id"]?.string)
      let refused = try await physician.post("/transfers/\(id)", ["step": "refused", "note": "complet"])
      #expect(refused.location == "/stays/\(stay)/send", "the next proposals")
      #expect(try await physician.get("/emergency").text.contains("refusé par Clinique"))
      let again = try await physician.get("/stays/\(stay)/send").text
      let order = ["> Évry :", "> Clinique :"].compactMap { again.range(of: $0)?.lowerBound }
      #expect(order.count == 2 && order == order.sorted(), "who refused is last, though nearer")
      #expect(again.contains("a refusé ce patient") && again.contains("value=\"AVC\""))

      _ = try await physician.post("/stays/\(stay)/send", ["partner": partners[1], "need": "ct"])
      let asked = try await physician.get("/transfers", accept: "application/json").json?["transfers"]?.array
      let second = try #require(asked?.first { $0["status"]?.string == "asked" }?["id"]?.string)
      _ = try await physician.post("/transfers/\(second)", ["step": "accepted"])
      #expect(try await physician.get("/emergency").text.contains("accepté par Évry"))
      try await undo(stay, physician)
      #expect(try await steps(physician) == [])
      #expect(try site.register.read { try $0.transfer("transfer/\(second)")?.status } == .withdrawn)
    }
  }

  private func line(of stay: String, _ browser: TestBrowser) async throws -> Substring {
    let board = try await browser.get("/emergency").text
    return try #require(board.split(separator: "<tr").first { $0.contains("id=\"s-\(stay)\"") })
  }

  /// What is not given here names the hospital that the page ranks first, and leads to that page.
  @Test func theBoardProposesWhereTo() async throws {
    let site = try await site()
    let (clinic, evry) = (Partner.subject(finess: "910000902"), Partner.subject(finess: "910000901"))
    var near = DeclarePartners.Entry(finess: "910000902", name: "Clinique")
    (near.minutes, near.capabilities) = (10, [.ct])
    var far = DeclarePartners.Entry(finess: "910000901", name: "Évry")
    (far.minutes, far.capabilities) = (40, [.ct])
    var bare = DeclarePartners.Entry(finess: "910000903", name: "Sans scanner")
    bare.minutes = 1
    let stays = [
      try await arrive(site, "MARTIN"), try await arrive(site, "DUPONT"),
      try await arrive(site, "SECRETE", ["protected": true]),
    ]
    for stay in stays { try await site.submit(NoteArrival(stay: "stay/\(stay)", complaint: "S06.0", settings: .usual)) }
    try await site.submit(DeclarePartners([bare]))
    let partners = DeclarePartners([near, far])
    let shut = DeclareCare.Line(.ct, .closed, reason: .staff, reviewAt: site.clock.now.adding(seconds: 3600))
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      #expect(try await !line(of: stays[0], nurse).contains("/send"))
      try await site.submit(DeclareCare([shut]))
      #expect(try await line(of: stays[0], nurse).contains("impossible ici : proposer un transfert</a>"), "nobody can")
      try await site.submit(partners)
      let told = try await line(of: stays[0], nurse)
      #expect(told.contains("impossible ici : proposer Clinique</a>"), "the nearer of two")
      let send = "/stays/\(stays[0])/send?need=ct&amp;next=%2Femergency"
      #expect(told.contains("href=\"\(send)\""))
      let form = try await nurse.get(send.replacing("&amp;", with: "&")).text
      let order = ["> Clinique :", "> Évry :", "> Sans scanner :"].compactMap { form.range(of: $0)?.lowerBound }
      #expect(order.count == 3 && order == order.sorted(), "as the page ranks them")
      #expect(form.contains(/value="ct"[^>]* checked/))
      // It says that it is full; then the other does.
      try await site.submit(HearPartner(clinic, [.init(.ct, .open, places: 0)]))
      #expect(try await line(of: stays[0], nurse).contains("proposer Évry</a>"))
      site.clock.advance(seconds: 60)
      try await site.submit(HearPartner(clinic, [.init(.ct, .open, places: 2)]))
      // Whoever was asked for one patient is proposed for the next.
      try await site.submit(AskTransfer(stay: "stay/\(stays[0])", partners: [clinic], needs: [.ct]))
      #expect(try await line(of: stays[0], nurse).contains("proposer Évry</a>"))
      #expect(try await line(of: stays[1], nurse).contains("proposer Clinique</a>"))
      #expect(try await line(of: stays[2], nurse).contains("proposer un transfert</a>"), "protected")
      try await site.submit(HearPartner(evry, [.init(.ct, .closed)]))
      #expect(try await line(of: stays[0], nurse).contains("proposer un transfert</a>"), "nobody is left")
      let wall = try await nurse.get("/emergency?mur").text
      #expect(!wall.contains("Clinique") && !wall.contains("/send"))
    }
  }

  /// None is proposed for who is promised to a hospital or is there, nor for what they were there for.
  @Test(
    arguments: [
      ([], .ct, "Évry"), (["refused"], .ct, "Évry"), (["accepted"], .ct, nil), (["accepted", "left"], .ct, nil),
      (["accepted", "left", "returned"], .ct, nil), (["accepted", "left", "returned"], .mri, "Clinique"),
    ] as [([String], CareKey, String?)])
  func whoHasAHospitalIsProposedNone(said: [String], need: CareKey, proposed: String?) async throws {
    let site = try await site()
    let clinic = Partner.subject(finess: "910000902")
    let partners = [("910000902", "Clinique", 10), ("910000901", "Évry", 40)].map { finess, name, minutes in
      var entry = DeclarePartners.Entry(finess: finess, name: name)
      (entry.minutes, entry.capabilities) = (minutes, [.ct])
      return entry
    }
    try await site.submit(DeclarePartners(partners))
    let stay = try await arrive(site, "MARTIN")
    try await site.submit(NoteArrival(stay: "stay/\(stay)", complaint: "S06.0", settings: .usual))
    try await site.submit(
      DeclareCare([.init(.ct, .closed, reason: .staff, reviewAt: site.clock.now.adding(seconds: 3600))]))
    let asked = try await site.submit(
      AskTransfer(stay: "stay/\(stay)", partners: [clinic], kind: .roundTrip, needs: [need]))
    let transfer = try #require(asked.subject("transfer"))
    for step in said {
      try await site.say(Fact(kind: "transfer.\(step)", subject: transfer, at: site.clock.now, data: [:]))
    }
    try await site.run { client in
      let told = try await line(of: stay, try await TestBrowser(client, "ioa"))
      #expect(told.contains("impossible ici") == (proposed != nil))
      if let proposed { #expect(told.contains("proposer \(proposed)</a>")) }
    }
  }

  /// There for a scan, of which the stay's own movements say nothing: away on every board, and nobody is asked again,
  /// not once they are back either.
  @Test func whoIsElsewhereIsAway() async throws {
    let site = try await site()
    try await site.submit(DeclarePartners([.init(finess: "910000901", name: "Évry")]))
    let stay = "stay/\(try await arrive(site, "MARTIN"))"
    try await site.submit(OrientPatient(stay: stay, way: .transfer, reason: "ct"))
    let asked = try await site.submit(
      AskTransfer(stay: stay, partners: [Partner.subject(finess: "910000901")], kind: .roundTrip))
    let transfer = try #require(asked.subject("transfer"))
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      for (said, onward, isAway) in [
        (["accepted", "left"], ["left"], true), (["arrived"], ["arrived"], true), (["returned"], [], false),
      ] as [([String], [String], Bool)] {
        for step in said {
          try await site.say(Fact(kind: "transfer.\(step)", subject: transfer, at: site.clock.now, data: [:]))
        }
        #expect(try await steps(nurse) == onward)
        for address in ["/emergency", "/emergency?mur"] {
          #expect(try await nurse.get(address).text.contains("absent") == isAway, "\(address)")
          let json = try await nurse.get(address, accept: "application/json").json
          #expect(json?["present"]?.array?.first?["away"]?.bool == isAway, "\(address)")
        }
        #expect(try await nurse.get("/units/4EST").text.contains("absent") == isAway)
        let transfers = try await nurse.get("/transfers", accept: "application/json").json
        #expect(transfers?["toAsk"]?.array?.isEmpty == true)
      }
    }
  }

  /// Where somebody goes may say why they are here.
  @Test func theBoardDoesNotSayWhereAProtectedPatientGoes() async throws {
    let site = try await site()
    _ = try await site.register.submit(
      Submission(
        DeclarePartners([.init(finess: "910000901", name: "Institut MEYER")]), key: "partners", author: "system"))
    let stay = "stay/\(try await arrive(site, "SECRETE", ["protected": true]))"
    for (key, command) in [
      ("1", OrientPatient(stay: stay, way: .transfer, reason: "ct") as any Command),
      ("2", AskTransfer(stay: stay, partners: [Partner.subject(finess: "910000901")])),
    ] {
      _ = try await site.register.submit(Submission(command, key: key, author: "system"))
    }
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      let board = try await nurse.get("/emergency")
      let json = try await nurse.get("/emergency", accept: "application/json")
      #expect(board.text.contains("demandé à un hôpital") && !board.text.contains("MEYER"))
      #expect(try await steps(nurse) == ["asked"])
      #expect(!json.text.contains(Partner.subject(finess: "910000901").afterSlash))
    }
  }

  /// Nor does the list of those for whom a hospital must be asked, or was.
  @Test func theTransfersDoNotSayWhyAProtectedPatientGoes() async throws {
    let site = try await site()
    let meyer = Partner.subject(finess: "910000901")
    let stays = [
      "stay/\(try await arrive(site, "SECRETE", ["protected": true]))", "stay/\(try await arrive(site, "MARTIN"))",
    ]
    try await site.submit(DeclarePartners([.init(finess: "910000901", name: "Institut MEYER")]))
    for stay in stays {
      try await site.submit(OrientPatient(stay: stay, way: .transfer, reason: "ct"))
      try await site.submit(AskTransfer(stay: stay, partners: [meyer], needs: [.ct]))
    }
    let transfers = try site.register.read { reading in
      try stays.map { try #require(try reading.transfers(ofStay: $0).first).id }
    }
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ioa")
      let asked = try await nurse.get("/transfers").text
      let (hidden, plain) = try (
        row(of: "/transfers/\(transfers[0].afterSlash)", asked), row(of: "/transfers/\(transfers[1].afterSlash)", asked)
      )
      for word in ["MEYER", "Scanner"] { #expect(!hidden.contains(word) && plain.contains(word)) }
      let json = try await nurse.get("/transfers", accept: "application/json").json?["transfers"]?.array ?? []
      let partners = Dictionary(uniqueKeysWithValues: json.map { ($0["stay"]?.string ?? "", $0["partner"]?.string) })
      #expect(partners == [stays[0]: nil, stays[1]: meyer])

      for transfer in transfers { try await site.submit(StepTransfer(transfer, .refused, note: "complet")) }
      let page = try await nurse.get("/transfers").text
      let (withheld, told) = try (
        row(of: "/stays/\(stays[0].afterSlash)/send", page), row(of: "/stays/\(stays[1].afterSlash)/send", page)
      )
      for word in ["MEYER", "Scanner", "MARTIN"] { #expect(told.contains(word)) }
      for word in ["MEYER", "Scanner", "SECRETE", "4EST"] { #expect(!withheld.contains(word)) }
      #expect(withheld.contains("refusé par un hôpital") && withheld.contains("<td>non communiqué</td>"))
      // Those who come, and those who move, are shown without anybody's asking.
      let live = try #require(page.firstMatch(of: /<main[^>]* data-live="([^"]*)"/)).output.1.split(separator: " ")
      #expect(live.contains("transfers") && stays.allSatisfy { live.contains(Substring($0)) })
    }
  }

  /// The one row of the page that leads there.
  private func row(of address: String, _ page: String) throws -> Substring {
    let rows = page.split(separator: "<tr>").filter { $0.contains("href=\"\(address)\"") }
    #expect(rows.count == 1)
    return try #require(rows.first?.split(separator: "</tr>").first)
  }
}
