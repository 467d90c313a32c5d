import Hospital
import Ledger
import Register
import Spoken
import Testing
import Web

/// The screen of what the main system has and is otherwise by now: what to cancel, to correct and to merge there.
@Suite struct ReentryChangePageTests {
  private let at = Instant("2022-08-20T21:00:00.000Z")!
  private var feed: SpokenFeed { SpokenFeed(of: "ZWEIFEL", in: "4EST", at: at) }

  /// The main system said that somebody was admitted at 23:00 and left at midnight, and knows another file of theirs.
  private func night() async throws -> (site: TestSite, agent: String) {
    let site = try await TestSite()
    _ = try await site.account("un", [.admission])
    _ = try await site.account("garde", [.duty])
    let agent = try await site.account("dim", [.records])
    let facts = [
      feed.described("710000"), feed.described("710001"), feed.said("stay.admitted", "500", "A01", hours: 0),
      feed.said("stay.discharged", "501", "A03", hours: 1),
    ]
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: site.clock.now)
    _ = try await site.register.submit(
      Submission(Say(facts), key: site.clock.environment.newID(), author: "system", source: source))
    site.clock.advance(seconds: 5)
    try await site.submit(DeclareMode(mode: .degraded, isLocal: false, reason: "essai"))
    return (site, agent)
  }

  /// The next screen of an agent.
  private func onScreen(
    _ site: TestSite, _ language: String, _ look: @escaping @Sendable (String) throws -> Void
  ) async throws {
    try await site.run { client in
      var agent = try await TestBrowser(client, "un")
      let item = try await agent.post("/handback/reentry/next", [:], accept: "application/json").json?["id"]?.string
      agent.language = language
      try look(try await agent.get("/handback/reentry/\(try #require(item))").text)
    }
  }

  /// Headings, each with what stands under it.
  private func parts(_ page: String) -> [String: [String]] {
    var parts: [String: [String]] = [:]
    for part in page.components(separatedBy: "<h2>").dropFirst() {
      let heading = part.components(separatedBy: "</h2>")[0]
      parts[heading] = part.matches(of: #/<label for="v\d+">([^<]*)</label><input id="v\d+" value="([^"]*)"/#)
        .map { "\($0.1): \($0.2)" }
    }
    return parts
  }

  @Test(arguments: [
    ("fr", "À annuler : Sortie", "Heure: 21/08/2022 00:00", "À corriger : Admission", "Heure (était)", "Heure (est)"),
    ("en", "To cancel: Discharge", "Time: 21/08/2022 00:00", "To correct: Admission", "Time (was)", "Time (is)"),
  ])
  func undoneAndCorrected(
    language: String, cancel: String, hour: String, correct: String, was: String, isNow: String
  ) async throws {
    let (site, _) = try await night()
    try await site.submit(CancelMovement(stay: feed.stay, key: "1.2.250.1.99.2|501"))
    try await site.submit(
      CorrectMovement(stay: feed.stay, key: "1.2.250.1.99.2|500", at: at.adding(seconds: -600)))
    try await site.run { client in
      let csv = try await TestBrowser(client, "garde").get("/handback.csv?mark=no").text
      #expect(csv.contains("\"A03\"") && csv.contains("\"cancel\""), "\(csv)")
      #expect(csv.contains("\"update\",\"2022-08-20T23:00"), "\(csv)")
    }
    try await onScreen(site, language) { page in
      let parts = parts(page)
      #expect(parts[cancel]?.first == hour)
      #expect(parts[correct]?.prefix(2) == ["\(was): 20/08/2022 23:00", "\(isNow): 20/08/2022 22:50"])
    }
  }

  @Test(arguments: [
    ("fr", "Identités à fusionner", ["Fusionner l’IPP: 710001", "dans l’IPP: 710000"], "déjà connu"),
    ("en", "Identities to merge", ["Merge IPP: 710001", "into IPP: 710000"], "already known"),
  ])
  func merged(language: String, heading: String, lines: [String], known: String) async throws {
    let (site, agent) = try await night()
    _ = try await site.register.submit(
      Submission(
        MergePatients(absorbed: feed.file("710001"), into: feed.file("710000")), key: site.clock.environment.newID(),
        author: agent))
    try await onScreen(site, language) { page in
      #expect(parts(page)[heading] == lines && page.contains(known))
    }
  }

  /// Admitted under a number of ours, then found to be whom the main system knows.
  @Test func matched() async throws {
    let (site, agent) = try await night()
    let second = try await site.account("deux", [.records])
    var traits = Traits()
    (traits.birthName, traits.birthGivenName, traits.birthPlace) = ("ZWEIFEL", "LOUISE", "99999")
    (traits.birthDate, traits.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    let here = try #require(try await site.submit(RegisterPatient(traits: traits)).subject("patient"))
    try await site.submit(Admit(patient: here, stayClass: .inpatient, unit: "4EST", entryMode: "8"))
    _ = try await site.register.submit(
      Submission(
        MergePatients(
          absorbed: here, into: feed.file("710000"), checkedBy: second, checkedTraits: ["birthName", "birthDate"]),
        key: site.clock.environment.newID(), author: agent))
    let ours = try #require(try site.register.read { try $0.patient(here)?.identifiers.first?.value })
    try await onScreen(site, "fr") { page in
      #expect(page.contains("déjà connu") && page.contains("value=\"710000\"") && !page.contains("value=\"\(ours)\""))
      #expect(page.contains("Noté ici aussi sous \(ours)") && !page.contains("Identités à fusionner"))
    }
  }

  @Test func undoneBeforeItWasTold() async throws {
    let (site, _) = try await night()
    let made = try #require(
      try await site.submit(Admit(patient: feed.file("710001"), stayClass: .inpatient, unit: "4EST", entryMode: "8"))
        .subject("stay"))
    let movements = try #require(try site.register.read { try $0.stay(made)?.movements })
    #expect(movements.map(\.trigger) == ["A01"], "\(movements.map(\.at.text))")
    let key = try #require(movements.first?.key)
    let word = "ne créez pas ce dossier"
    try await onScreen(site, "fr") { page in #expect(!page.contains(word)) }
    try await site.submit(CancelMovement(stay: made, key: key))
    try await onScreen(site, "fr") { page in #expect(page.contains(word)) }
  }
}
