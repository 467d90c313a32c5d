import Hospital
import Hummingbird
import Ledger
import Register
import Testing
import Web

/// Restricted files ask why, and whoever audits reads the answer.
@Suite struct GlassTests {
  /// A page that shows a file, as patients' and stays' pages do.
  private func run(
    _ site: TestSite, _ patient: Patient, _ test: @Sendable (TestBrowser, TestBrowser) async throws -> Void
  ) async throws {
    func addFile(_ router: Router<PageContext>) {
      router.get("/file") { request, context in
        try site.app.openFile(patient, page: "patient", request, context)
        return Response(status: .ok)
      }
    }
    try await site.run(with: addFile) { client in
      try await test(try await TestBrowser(client, "petit"), try await TestBrowser(client, "audit"))
    }
  }

  private func site() async throws -> TestSite {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    _ = try await site.account("audit", [.auditor])
    return site
  }

  private static let id = "0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e"

  @Test func aPlainFileOpensAndIsRecorded() async throws {
    let site = try await site()
    try await run(site, Patient(id: "patient/\(Self.id)")) { nurse, auditor in
      #expect(try await nurse.get("/file").status == 200)
      try site.register.flushReads()
      let reads = try await auditor.get("/audit?patient=\(Self.id)", accept: "application/json").json
      #expect(reads?["reads"]?.array?.count == 1)
      #expect(reads?["reads"]?.array?.first?["name"]?.string == "PETIT")
      #expect(reads?["reads"]?.array?.first?["why"]?.isNull == true)
      #expect(try await auditor.get("/file").status == 403, "whoever audits reads no files")
    }
  }

  @Test func aProtectedFileAsksWhyOnce() async throws {
    let site = try await site()
    var patient = Patient(id: "patient/\(Self.id)")
    patient.protected = true
    patient.birthName = "SECRET"
    try await run(site, patient) { nurse, auditor in
      let asked = try await nurse.get("/file")
      #expect(asked.status == 403 && asked.text.contains("Dossier réservé") && !asked.text.contains("SECRET"))
      #expect(try await nurse.post("/glass/\(Self.id)?next=/file", ["reason": " "]).status == 422)
      let opened = try await nurse.post("/glass/\(Self.id)?next=/file", ["reason": "appel du bloc <3>"])
      #expect(opened.status == 303 && opened.location == "/file")
      #expect(try await nurse.get("/file").status == 200)
      site.clock.advance(seconds: 7200)
      // Every hour somebody comes back, or the session itself ends.
      let again = try await TestBrowser(nurse.client, "petit")
      #expect(try await again.get("/file").status == 403, "asked again after two hours")
      #expect(
        try await again.get("/file", accept: "application/json", [HTTPFields.Element.Name("X-Read-Reason")!: "robot"])
          .status == 200)
      try site.register.flushReads()
      let page = try await TestBrowser(nurse.client, "audit").get("/audit?account=petit")
      #expect(page.text.contains("appel du bloc &lt;3&gt;") && page.text.contains("<b>robot</b>"))
    }
  }

  @Test func aReasonAloneDoesNotOpenABirthUnderSecrecy() async throws {
    let site = try await site()
    var patient = Patient(id: "patient/\(Self.id)")
    patient.secret = true
    try await run(site, patient) { nurse, _ in
      #expect(try await nurse.post("/glass/\(Self.id)?next=/file", ["reason": "curiosité"]).status == 303)
      let refused = try await nurse.get("/file")
      #expect(refused.status == 403 && refused.text.contains("ne s’ouvre qu’à l’unité"))
    }
  }

  /// Whoever writes a birth under secrecy prints its labels; a unit typed wrong does not close it to everybody.
  @Test func whoAdmitsUnderSecrecyGoesOnAndTheAdministratorOnDutyMayCome() async throws {
    let site = try await site()
    for (login, role) in [("clerk", Role.admission), ("doctor", .physician), ("duty", .duty)] {
      _ = try await site.account(login, [role])
    }
    try await site.run { client in
      let clerk = try await TestBrowser(client, "clerk")
      let done = try await clerk.post(
        "/admissions/unknown", ["secret": "yes", "stayClass": "inpatient", "unit": "4EST"])
      let labels = try #require(done.location)
      let file = "/patients/\(labels.uuid)"
      for address in [labels, "\(file)/wristband", file] {
        #expect(try await clerk.get(address).status == 200, "\(address)")
      }
      let doctor = try await TestBrowser(client, "doctor")
      #expect(try await doctor.post("/glass/\(labels.uuid)?next=/", ["reason": "avis"]).status == 303)
      let refused = try await doctor.get(file)
      #expect(refused.status == 403 && refused.text.contains("à l’administrateur de garde"))
      let duty = try await TestBrowser(client, "duty")
      let asked = try await duty.get(file)
      #expect(asked.status == 403 && asked.text.contains("Dossier réservé"))
      #expect(try await duty.post("/glass/\(labels.uuid)?next=\(file)", ["reason": "unité fausse"]).location == file)
      #expect(try await duty.get(file).status == 200)
      let number = try #require(try site.register.read { try $0.patient("patient/\(labels.uuid)") }?.ipp(of: nil))
      #expect(try await duty.get("/admissions?scan=\(number)").location?.contains(labels.uuid) == true)
      #expect(try await doctor.get("/admissions?scan=\(number)").location?.contains(labels.uuid) != true)
      #expect(try await !duty.get("/admissions?q=\(number)").text.contains(labels.uuid), "no list names her")
      site.clock.advance(seconds: 7200)
      let later = try await TestBrowser(client, "clerk").get(file)
      #expect(later.status == 403 && later.text.contains("à l’administrateur de garde"), "not for ever")
      try site.register.flushReads()
      #expect(try await TestBrowser(client, "audit").get("/audit?account=duty").text.contains("unité fausse"))
    }
  }

  /// The glass closes while somebody types: what they sent is given back once they have said why.
  @Test func whatWasTypedWaitsForTheReason() async throws {
    let site = try await site()
    _ = try await site.account("clerk", [.admission, .records])
    try await site.run { client in
      let before = try await TestBrowser(client, "clerk")
      let patient = try #require(try await before.admitNew(["protected": "yes"]).location).uuid
      site.clock.advance(seconds: 7200)
      let clerk = try await TestBrowser(client, "clerk")
      let command = "7b0f9a52-2d53-4a57-9b70-0d8a7f1c2e44"
      let edit = "/patients/\(patient)/edit"
      let lost = try await clerk.post(edit, ["phone": "06 12 <34>", "command": command])
      #expect(lost.status == 403 && lost.hidden("action") == edit)
      let typed = try #require(lost.hidden("typed"))
      let again = try await clerk.post("/glass/\(patient)?next=%2F", ["reason": "", "action": edit, "typed": typed])
      #expect(again.status == 422 && again.hidden("action") == edit && again.hidden("typed") == typed)
      let back = try await clerk.post(
        "/glass/\(patient)?next=%2F", ["reason": "retour", "action": edit, "typed": typed])
      #expect(back.status == 200 && back.hidden("command") == command && back.hidden("phone") == "06 12 <34>")
      #expect(try await clerk.post(edit, ["phone": "06 12 <34>", "command": command]).status == 303)
      #expect(try site.register.read { try $0.patient("patient/\(patient)") }?.phones == ["06 12 <34>"])
      site.clock.advance(seconds: 7200)
      let third = try await TestBrowser(client, "clerk").post(
        "/patients/\(patient)/merge", ["with": Self.id, "second": "petit", "secondPin": TestSite.secret])
      #expect(third.status == 403 && third.hidden("typed")?.contains("petit") == true)
      #expect(!third.text.contains(TestSite.secret), "a PIN waits on no page")
    }
  }
}
